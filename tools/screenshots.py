#!/usr/bin/env python3
"""Takes a picture of every page of the web application, in both themes, from a running appliance: screenshots.py
DEMO_FILE FOLDER. What is on them is the sample's; pages of things that are not there are made first by the API."""

import json
import os
import sys
import urllib.parse
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

CHROMIUM = os.environ.get("MILLWRIGHT_TEST_CHROMIUM", "/usr/bin/chromium")
SIZE = {"width": 1280, "height": 800}
PATIENCE_MS = 30_000
# What a page shows while it reads.
READING = ".mantine-Skeleton-root, [aria-busy=true]"


class Appliance:
    """The API, as the demo's owner, through the browser's own client."""

    def __init__(self, requests, demo):
        self.requests, self.demo, self.account = requests, demo, demo["account_id"]

    def ask(self, method, path, body=None):
        answer = self.requests.fetch(f"{self.demo['url']}{path}", method=method, data=body, ignore_https_errors=True,
                                     headers={"Authorization": f"Token {self.demo['token']}"})
        if not answer.ok:
            sys.exit(f"{method} {path}: {answer.status} {answer.text()[:300]}")
        return answer.json()["data"]

    def first(self, path):
        rows = self.ask("GET", path)
        return rows[0] if rows else None

    def ensure_webhook(self):
        base = f"/api/v3/accounts/{self.account}/webhooks/subscriptions"
        return self.first(base) or self.ask("POST", f"{base}/", {
            "name": "Tell the orchestrator", "client_url": "https://orchestrator.example.com/hook",
            "event_types": ["job.run.completed", "job.run.errored"], "active": True})

    def ensure_provider(self):
        base = f"/api/v3/accounts/{self.account}/auth-provider/"
        return self.first(base) or self.ask("POST", base, {
            "type": "oidc", "slug": "acme", "name": "Acme", "issuer_url": "https://login.example.com", "client_id": "millwright"})


def pages(appliance):
    """Name, path, and whether one is signed in."""
    account, project = appliance.account, appliance.demo["project_id"]
    job, environment = appliance.demo["job_id"], appliance.demo["environment_id"]
    run = appliance.first(f"/api/v2/accounts/{account}/runs/?order_by=-id&limit=1")["id"]
    connection = appliance.first(f"/api/v3/accounts/{account}/connections/")["id"]
    repository = appliance.first(f"/api/v2/accounts/{account}/repositories/")["id"]
    group = appliance.first(f"/api/v3/accounts/{account}/groups/")["id"]
    user = appliance.first(f"/api/v3/accounts/{account}/users/")["id"]
    webhook, provider = appliance.ensure_webhook()["id"], appliance.ensure_provider()["id"]
    deploy, settings, explore = f"/deploy/{account}", f"/settings/{account}", f"/explore/{account}"
    of_project = f"{deploy}/projects/{project}"
    catalog = f"{explore}/environments/{environment}"
    node = urllib.parse.quote("model.shop.fct_orders", safe="")
    yield "sign-in", "/sign-in", False
    yield "invitation", "/invite#mwi_example", False
    yield "reset-password", "/reset-password#mwp_example", False
    yield "forgot-password", "/forgot-password", False
    yield "unsubscribe", "/unsubscribe#example", False
    signed_in = {
        "dashboard": f"/dashboard/{account}", "runs": f"{deploy}/runs", "run": f"{of_project}/runs/{run}",
        "run-timeline": f"{of_project}/runs/{run}?tab=timeline", "run-lineage": f"{of_project}/runs/{run}?tab=lineage",
        "run-nodes": f"{of_project}/runs/{run}?tab=nodes", "run-artifacts": f"{of_project}/runs/{run}?tab=artifacts",
        "run-changes": f"{of_project}/runs/{run}?tab=changes", "jobs": f"{deploy}/jobs", "job": f"{of_project}/jobs/{job}",
        "job-new": f"{deploy}/jobs/new?project={project}", "job-edit": f"{of_project}/jobs/{job}/edit",
        "environments": f"{deploy}/environments", "environment": f"{of_project}/environments/{environment}",
        "environment-new": f"{deploy}/environments/new?project={project}", "set-up": f"/set-up/{account}",
        "catalog": explore, "catalog-node": f"{catalog}/nodes/{node}", "catalog-lineage": f"{catalog}/lineage",
        "catalog-freshness": f"{catalog}/freshness", "catalog-docs": f"{explore}/projects/{project}/docs",
        "settings-projects": f"{settings}/projects", "settings-project": f"{settings}/projects/{project}",
        "settings-connections": f"{settings}/connections", "settings-connection": f"{settings}/connections/{connection}",
        "settings-connection-new": f"{settings}/connections/new", "settings-repositories": f"{settings}/repositories",
        "settings-repository": f"{settings}/repositories/{repository}",
        "settings-repository-new": f"{settings}/repositories/new", "settings-users": f"{settings}/users",
        "settings-user": f"{settings}/users/{user}", "settings-groups": f"{settings}/groups",
        "settings-group": f"{settings}/groups/{group}", "settings-licences": f"{settings}/licences",
        "settings-sso": f"{settings}/sso", "settings-sso-provider": f"{settings}/sso?provider={provider}", "settings-ip-rules": f"{settings}/ip-rules",
        "settings-tokens": f"{settings}/tokens", "settings-webhooks": f"{settings}/webhooks",
        "settings-webhook": f"{settings}/webhooks/{webhook}", "settings-notifications": f"{settings}/notifications",
        "settings-mail": f"{settings}/mail", "settings-chat": f"{settings}/chat",
        "settings-integrations": f"{settings}/integrations", "settings-account": f"{settings}/account",
        "settings-audit": f"{settings}/audit", "settings-usage": f"{settings}/usage",
        "profile": f"{settings}/profile",
    }
    for name, path in signed_in.items():
        yield name, path, True


def sign_in(context, demo):
    answer = context.request.post(f"{demo['url']}/api/ui/session/", headers={"X-Millwright-Csrf": "1"},
                                  data={"email": demo["email"], "password": demo["password"]})
    if not answer.ok:
        sys.exit(f"the demo's owner could not sign in: {answer.status}")


def take(context, path, file):
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(path)
    page.locator("main, h1").first.wait_for(timeout=PATIENCE_MS)
    expect(page.locator(READING)).to_have_count(0, timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=file, animations="disabled", caret="hide")
    page.close()
    if problems:
        sys.exit(f"{path}: {problems}")


def write_gallery(folder, names):
    rows = [f"## {name}\n![{name}, light]({name}-light.png) ![{name}, dark]({name}-dark.png)\n" for name in names]
    (folder / "README.md").write_text("# Every page\nTaken by `make screenshots` of the sample project.\n\n" + "\n".join(rows))


def main():
    demo = json.loads(Path(sys.argv[1]).read_text())
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        options = {"base_url": demo["url"], "viewport": SIZE, "ignore_https_errors": True, "reduced_motion": "reduce"}
        for scheme in ("light", "dark"):
            stranger = browser.new_context(color_scheme=scheme, **options)
            owner = browser.new_context(color_scheme=scheme, **options)
            sign_in(owner, demo)
            for name, path, signed_in in pages(Appliance(stranger.request, demo)):
                take(owner if signed_in else stranger, path, folder / f"{name}-{scheme}.png")
                print(f"{name}-{scheme}", flush=True)
        names = [name for name, _, _ in pages(Appliance(stranger.request, demo))]
        browser.close()
    write_gallery(folder, names)


if __name__ == "__main__":
    main()
