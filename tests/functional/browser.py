"""A real browser: Debian's Chromium, somebody who uses it, and what their pages did."""

import json
import os
import re
import urllib.parse

from places import ROOT
from playwright.sync_api import expect
from waiting import PATIENCE_S, wait_until

CHROMIUM = os.environ.get("MILLWRIGHT_TEST_CHROMIUM", "/usr/bin/chromium")

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update"]

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"

# Chromium's own words for an answer or a connection that failed, which is not the page's mistake.
NETWORK_WORDS = ("Failed to load resource", "WebSocket connection to")

expect.set_options(timeout=PATIENCE_S * 1000)


def launch(playwright):
    return playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=OPTIONS)


class Hold:
    """Keeps the page's requests back until `release`; later ones then pass."""

    def __init__(self, page, pattern):
        self.requests, self.released = [], False
        page.route(re.compile(pattern), self._came)

    def _came(self, route):
        if self.released:
            route.continue_()
        else:
            self.requests.append(route)

    def release(self):
        self.released = True
        for route in self.requests:
            route.continue_()


class Visitor:
    """One person's browser: a page, their session, and notes of all that the page asked and said."""

    def __init__(self, browser, appliance, **options):
        self.appliance = appliance
        self.url = appliance.url
        self.account = appliance.sample["account_id"]
        self.requests, self.complaints = [], []
        self.context = browser.new_context(
            base_url=self.url, ignore_https_errors=True, **{"viewport": WIDE, **options})
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("weberror", lambda problem: self.complaints.append(str(problem.error)))
        self.context.on("console", self._heard)
        self.page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))

    def _heard(self, message):
        if message.type not in ("error", "warning"):
            return
        if not message.text.startswith(NETWORK_WORDS):
            self.complaints.append(f"{message.type}: {message.text}")

    def close(self):
        self.context.close()

    def other_hosts(self):
        """Whom a page asked besides the appliance."""
        own = urllib.parse.urlsplit(self.url).netloc
        return {url for url in self.requests
                if urllib.parse.urlsplit(url).scheme not in ("data", "blob")
                and urllib.parse.urlsplit(url).netloc != own}

    # ---- their session

    def have_session(self):
        """A session without the form."""
        sample = self.appliance.sample
        answer = self.appliance.api.request(
            "POST", "/api/ui/session/", {name: sample[name] for name in ("email", "password")},
            authorized=False)
        assert answer.status == 200, answer
        name, value = answer.headers["set-cookie"].split(";")[0].split("=", 1)
        self.context.add_cookies([{"name": name, "value": value, "url": self.url, "secure": True,
                                   "httpOnly": True, "sameSite": "Lax"}])
        return self

    def end_session(self):
        """On the server only, as time does it: the browser still has its cookie."""
        cookie = "; ".join(f"{each['name']}={each['value']}" for each in self.context.cookies())
        answer = self.appliance.api.request(
            "DELETE", "/api/ui/session/", headers={"Cookie": cookie, "X-Millwright-Csrf": "1"},
            authorized=False)
        assert answer.status in (200, 204), answer

    def sign_in(self, password=None):
        """By the form, which must be what the page shows."""
        page = self.page
        expect(page.get_by_role("heading", name="Sign in to Millwright")).to_be_visible()
        page.get_by_label("Email").fill(self.appliance.sample["email"])
        page.get_by_label("Password", exact=True).fill(password or self.appliance.sample["password"])
        page.get_by_role("button", name="Sign in").click()

    # ---- where they go, what they see

    def run_path(self, run, search=""):
        return f"/deploy/{self.account}/projects/{run['project_id']}/runs/{run['id']}/{search}"

    def list_path(self, job_id=None):
        return f"/deploy/{self.account}/runs" + (f"?job={job_id}" if job_id else "")

    def open_run(self, run, search=""):
        self.page.goto(self.run_path(run, search))
        expect(self.page.get_by_role("button", name=f"#{run['id']}")).to_be_visible()

    def open_list(self, job_id=None):
        self.page.goto(self.list_path(job_id))
        expect(self.page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()

    def weight_of(self, visit):
        """Kilobytes that come for a visit, as they are sent, headers and all."""
        session = self.context.new_cdp_session(self.page)
        sizes = []
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        visit()
        self.page.wait_for_load_state("networkidle")
        session.detach()
        return round(sum(sizes) / 1000, 1)

    def row(self, run_id):
        """Of the list of runs."""
        return self.page.get_by_role("row").filter(has_text=f"#{run_id}")

    @property
    def state(self):
        """The run's, on its page."""
        return self.page.locator("main header span[data-state]")

    @property
    def log(self):
        return self.page.get_by_role("log")

    @property
    def banner(self):
        return self.page.get_by_role("status").filter(
            has_text=re.compile("Reconnecting…|Retrying by itself"))

    def hold(self, pattern):
        return Hold(self.page, pattern)

    def until(self, probe, what):
        """Until something is so that the browser's own calls bring about, such as a held request."""
        # A call into the browser lets what it has to say arrive.
        return wait_until(lambda: self.page.evaluate("true") and probe(), what)

    def stay(self):
        """From here on `stayed` tells whether the page was ever loaded anew."""
        self.page.evaluate("window.stayed = true")

    @property
    def stayed(self):
        return self.page.evaluate("window.stayed === true")

    def violations(self):
        """What axe finds, in short; by the debugger, which the page's policy does not bind."""
        self.page.evaluate(AXE.read_text() + ";0")
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{each['id']}: {json.dumps([node['html'][:200] for node in each['nodes']])}"
                for each in found]
