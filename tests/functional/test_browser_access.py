"""The settings about what is outside and about the account, as people use them."""

import json
import re
import urllib.parse

import pytest
import seed_project
from api import SUCCESS
from browser import NARROW, WIDE, Visitor
from playwright.sync_api import expect
from repositories import SMALL, Projects
from waiting import wait_until


def settings(visitor, page):
    visitor.page.goto(f"/settings/{visitor.account}/{page}")


def choose(page, label, option):
    """Of a list that opens."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def row(page, text):
    return page.get_by_role("row").filter(has_text=text)


def confirm(page, word):
    """The second time: in the question."""
    page.get_by_role("dialog").filter(has=page.get_by_role("button", name="Keep it")).get_by_role(
        "button", name=word, exact=True).click()


def downloaded(page, press):
    with page.expect_download() as download:
        press()
    return download.value.path().read_text(encoding="utf-8")


# ---- tokens


def test_a_token_is_shown_once_may_what_was_chosen_and_is_revoked(api, visit, small):
    visitor = visit()
    page = visitor.page
    settings(visitor, "tokens")
    page.get_by_role("link", name="Create a token").first.click()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Enter a name")).to_be_visible()
    expect(page.get_by_text("Choose what the token may do")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Dashboard of <b>ours</b>")
    choose(page, "Permission set", "Job viewer")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    text = page.get_by_role("dialog").locator("pre").inner_text().strip()
    client = api.with_token(text)
    assert client.request("GET", client.account_path("jobs/")).status == 200
    assert client.request("GET", f"/api/v3/accounts/{api.account_id}/service-tokens/").status == 403
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    made = row(page, "Dashboard of <b>ours</b>")
    expect(made).to_contain_text("Job viewer in all projects")
    page.reload()
    expect(made).to_be_visible()
    assert text not in page.content()

    # It may do something else from now on.
    made.get_by_role("link").click()
    choose(page, "Permission set", "Metadata only")
    page.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("Metadata only in all projects")
    assert client.request("GET", client.account_path("jobs/")).status == 403

    made.get_by_role("link").click()
    page.get_by_role("button", name="Revoke").click()
    confirm(page, "Revoke")
    expect(made).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert client.request("GET", client.account_path("jobs/")).status == 401


def test_what_was_typed_is_not_lost_without_a_question(visit):
    visitor = visit()
    page = visitor.page
    settings(visitor, "tokens?panel=new")
    page.get_by_role("textbox", name="Name").fill("Half")
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.keyboard.press("Escape")
    visitor.until(lambda: asked, "the page asks")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Half")
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


# ---- webhooks


def refuse(handler):
    words = b'{"error": "the queue is full"}'
    handler.send_response(503)
    handler.send_header("Content-Length", str(len(words)))
    handler.end_headers()
    handler.wfile.write(words)


def test_a_webhook_from_its_making_to_its_end(visit, hooked, receiver):
    visitor = visit(at=hooked)
    page = visitor.page
    settings(visitor, "webhooks")
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()
    page.get_by_role("link", name="Create a webhook").first.click()
    page.get_by_role("textbox", name="Name").fill("Ticket desk")
    page.get_by_role("textbox", name="URL").fill("ftp://nowhere")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Enter a URL that begins with https://")).to_be_visible()
    page.get_by_role("textbox", name="URL").fill(receiver.url)
    page.get_by_role("checkbox", name="Errored").check()
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("It is shown this once")).to_be_visible()
    receiver.secret = page.get_by_role("dialog").locator("pre").inner_text().strip()
    page.get_by_role("link", name="I have copied it").click()
    expect(page.get_by_role("heading", name="Ticket desk")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Completed, Errored")

    # A test, which is signed with that secret.
    page.get_by_role("button", name="Send a test").click()
    result = page.get_by_role("status", name="Result of the test")
    expect(result).to_contain_text("The receiver took it: 200")
    assert [event["webhookName"] for event in receiver.events()] == ["Ticket desk"]
    deliveries = page.get_by_role("table", name="Deliveries")
    expect(deliveries).to_contain_text("Completed (test)")
    expect(deliveries).to_contain_text("Taken: 200")

    # One that the receiver refuses, in its own words.
    receiver.behaviour.append(refuse)
    page.get_by_role("button", name="Send a test").click()
    expect(result).to_contain_text("The subscriber answered 503")
    expect(result).to_contain_text("the queue is full")
    deliveries.get_by_role("link", name="Completed (test)").first.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("Try 1")
    expect(panel).to_contain_text("Refused: 503")
    expect(panel).to_contain_text("the queue is full")
    expect(panel).to_contain_text('"webhookName": "Ticket desk"')
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    page.get_by_role("button", name="Switch off").click()
    confirm(page, "Switch off")
    expect(page.get_by_role("main")).to_contain_text("by hand")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("button", name="Switch off")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    confirm(page, "Delete")
    expect(page.get_by_role("heading", name="No webhooks yet")).to_be_visible()


def test_each_try_to_deliver_is_told(visit, hooked, receiver):
    made = hooked.api.request("POST", f"/api/v3/accounts/{hooked.sample['account_id']}/webhooks/subscriptions", {
        "name": "Flaky", "client_url": receiver.url, "event_types": ["job.run.started"]}).data
    receiver.secret = made["hmac_secret"]
    receiver.behaviour += [refuse, 200]
    projects = Projects(hooked.shared)
    seeded = seed_project.add_project(hooked, hooked.sample["account_id"], projects.make(SMALL),
                                      config={"path": str(projects.warehouse())})
    run = hooked.api.run_job(hooked.api.create_job(seeded, name="Hooked", steps=["dbt parse"]))
    assert run["status"] == SUCCESS, run["status_message"]
    wait_until(lambda: len(receiver.calls) == 2, "the second try")
    visitor = visit(at=hooked)
    page = visitor.page
    settings(visitor, f"webhooks/{made['id']}")
    told = page.get_by_role("table", name="Deliveries").get_by_role("row").filter(has_text=f"#{run['id']}")
    expect(told).to_contain_text("Started")
    for _ in range(20):
        # What was answered is written down after the answer.
        if "Taken: 200" in told.inner_text():
            break
        with page.expect_response(re.compile("/events")):
            page.get_by_role("button", name="Look again").click()
    expect(told).to_contain_text("Taken: 200")
    told.get_by_role("link", name="Started").click()
    tries = page.get_by_role("dialog").get_by_role("listitem")
    expect(tries).to_have_count(2)
    expect(tries.nth(0)).to_contain_text("Refused: 503")
    expect(tries.nth(1)).to_contain_text("Taken: 200")


# ---- notifications


def test_a_notification_rule_and_a_switch_of_models(api, visit, small):
    job_id = api.create_job(small, name="Watched closely", steps=["dbt parse"])
    visitor = visit()
    page = visitor.page
    settings(visitor, "notifications")
    expect(page.get_by_text("This installation sends no e-mail")).to_be_visible()
    page.get_by_role("link", name="Create a rule").click()
    choose(page, "How", "E-mail to another address")
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_text("Enter an e-mail address")).to_be_visible()
    expect(page.get_by_text("Choose a job for at least one of these")).to_be_visible()
    page.get_by_role("textbox", name="E-mail address").fill("desk@example.com")
    choose(page, "When it fails", "Watched closely")
    # Of several one may choose more; a click elsewhere closes them.
    page.get_by_role("heading", name="New rule").click()
    page.get_by_role("button", name="Create", exact=True).click()
    made = row(page, "desk@example.com")
    expect(made).to_contain_text("fails: Watched closely")
    kept = [rule for rule in api.get("notifications/") if rule["external_email"] == "desk@example.com"]
    assert [(rule["type"], rule["on_failure"]) for rule in kept] == [(4, [job_id])]
    made.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    confirm(page, "Delete")
    expect(made).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)

    switch = page.get_by_role("switch", name="Tell owners of their models")
    expect(switch).not_to_be_checked()
    with page.expect_response(lambda answer: "model-notifications" in answer.url
                              and answer.request.method == "POST"):
        switch.click()
    page.reload()
    expect(switch).to_be_checked()
    with page.expect_response(lambda answer: "model-notifications" in answer.url
                              and answer.request.method == "POST"):
        switch.click()
    expect(switch).not_to_be_checked()


# ---- integrations


def test_an_oauth_configuration_and_its_secret(api, visit):
    visitor = visit()
    page = visitor.page
    said = []
    page.on("response", lambda answer: said.append(answer) if "/oauth-configurations/" in answer.url else None)
    settings(visitor, "integrations")
    page.get_by_role("link", name="Add an OAuth configuration").click()
    page.get_by_role("textbox", name="Name").fill("Warehouse door")
    page.get_by_role("textbox", name="Client id").fill("client-7")
    page.get_by_label("Client secret", exact=True).fill("open-sesame-7")
    page.get_by_role("button", name="Create", exact=True).click()
    made = row(page, "Warehouse door")
    expect(made).to_contain_text("client-7")
    made.get_by_role("link").click()
    expect(page.get_by_label("Client secret", exact=True)).to_have_value("•" * 12)
    page.get_by_role("textbox", name="Client id").fill("client-8")
    page.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("client-8")
    assert said and not any("open-sesame-7" in answer.text() for answer in said)
    made.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    confirm(page, "Delete")
    expect(made).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_clients_stored_is_listed_and_deleted(api, visit, small):
    path = f"/api/v3/accounts/{api.account_id}/projects/{small.project_id}/integrations/lineage/"
    made = api.request("POST", path, {"name": "tableau", "config": {"host": "https://t.example.com"}})
    assert made.status == 200, made
    visitor = visit()
    page = visitor.page
    settings(visitor, "integrations")
    stored = row(page, "Lineage tool")
    expect(stored).to_contain_text("tableau")
    stored.get_by_role("button", name="Delete").click()
    confirm(page, "Delete")
    expect(stored).to_have_count(0)
    assert api.request("GET", path).data == []
    expect(page.get_by_role("region", name="Account features")).to_contain_text("Partial parsing")


# ---- the audit log


def test_the_audit_log_is_filtered_read_and_exported(api, visit):
    made = api.request("POST", f"/api/v3/accounts/{api.account_id}/service-tokens/", {
        "name": "Audited", "permission_grants": [{"permission_set": "job_viewer"}]})
    assert made.status == 200, made
    visitor = visit()
    page = visitor.page
    settings(visitor, "audit")
    entries = page.get_by_role("table", name="Audit log")
    expect(entries).to_contain_text("session.started")
    page.get_by_role("textbox", name="Event").fill("service_token.cre")
    expect(entries).not_to_contain_text("session.started")
    expect(entries).to_contain_text("Audited")
    expect(page).to_have_url(re.compile(r"\?event=service_token\.cre$"))
    page.reload()
    expect(page.get_by_role("textbox", name="Event")).to_have_value("service_token.cre")
    row(page, "Audited").get_by_role("link").first.click()
    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("service_token.created")
    expect(panel).to_contain_text('"name": "Audited"')
    # The panel is in the address too.
    page.reload()
    expect(panel).to_contain_text('"name": "Audited"')
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    def export(word):
        page.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name=word).click()

    found = json.loads(downloaded(page, lambda: export("JSON")))
    assert found and {entry["event_type"] for entry in found} == {"service_token.created"}
    lines = downloaded(page, lambda: export("CSV")).splitlines()
    assert lines[0].startswith("id,created_at,event,") and any("Audited" in line for line in lines)

    page.get_by_label("to", exact=True).fill("2020-01-01")
    expect(page.get_by_role("heading", name="No entry matches these filters")).to_be_visible()


def test_a_long_audit_log_is_read_to_its_end(api, visit):
    for number in range(120):
        made = api.request("POST", f"/api/v3/accounts/{api.account_id}/oauth-configurations/", {
            "type": "okta", "name": f"Many {number}"})
        gone = api.request("DELETE",
                           f"/api/v3/accounts/{api.account_id}/oauth-configurations/{made.data['id']}/")
        assert gone.status == 200, gone
    visitor = visit()
    page = visitor.page
    settings(visitor, "audit?event=OAuth_configuration.created")
    entries = page.get_by_role("table", name="Audit log")
    expect(entries).to_contain_text("Many 119")
    for _ in range(200):
        if "Many 0" in entries.inner_text().split("\n"):
            break
        entries.evaluate("each => each.scrollBy(0, 400)")
        page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(entries.get_by_text("Many 0", exact=True)).to_be_visible()
    export = json.loads(downloaded(page, lambda: (
        page.get_by_role("button", name="Export").click(),
        page.get_by_role("menuitem", name="JSON").click())))
    ids = [entry["id"] for entry in export]
    assert len(ids) == len(set(ids)) >= 120


# ---- usage


def test_usage_by_job(visit, done_run):
    visitor = visit()
    page = visitor.page
    settings(visitor, "usage")
    used = row(page, "Everything")
    expect(used).to_contain_text(re.compile(r"\d+s"))
    page.get_by_role("button", name="7 days").click()
    page.get_by_role("button", name="Failed run time").click()
    expect(page).to_have_url(re.compile(r"\?days=7&by=failed$"))
    expect(used).to_be_visible()
    csv = downloaded(page, lambda: page.get_by_role("button", name="Export CSV").click()).splitlines()
    assert csv[0].startswith("job_id,name,project_id,")
    assert [line for line in csv if line.startswith(f"{done_run['job_definition_id']},")]
    used.get_by_role("link").click()
    expect(visitor.row(done_run["id"])).to_be_visible()


# ---- the account


def test_the_account_is_renamed_and_says_how_clients_reach_it(api, visit):
    visitor = visit()
    page = visitor.page
    before = api.get("")["name"]
    settings(visitor, "account")
    name = page.get_by_role("textbox", name="Name")
    expect(name).to_have_value(before)
    try:
        name.fill("")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Enter a name")).to_be_visible()
        name.fill("Analytics & Co")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("navigation", name="Breadcrumbs")).to_contain_text("Analytics & Co")
        assert api.get("")["name"] == "Analytics & Co"
    finally:
        api.request("PATCH", f"/api/v2/accounts/{api.account_id}/", {"name": before})
    expect(page.get_by_role("main")).to_contain_text("runs at the same time")
    host = urllib.parse.urlsplit(visitor.url).netloc
    expect(page.get_by_role("main")).to_contain_text(f"DBT_CLOUD_HOST={host}")
    page.get_by_text("Terraform", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(f"DBT_CLOUD_HOST_URL={visitor.url}/api")


# ---- who may not


def test_who_may_not_is_told_in_place(api, visit):
    address = "onlooker@example.com"
    sent = api.request("POST", f"/api/v3/accounts/{api.account_id}/invites/", {"email_addresses": [address]})
    fields = {"token": urllib.parse.urlsplit(sent.data["links"][address]).fragment,
              "first_name": "On", "last_name": "Looker", "password": "open sesame"}
    joined = api.request("POST", "/api/ui/invites/accept", fields, authorized=False)
    assert joined.status in (200, 201), joined
    visitor = visit(signed_in=False)
    page = visitor.page
    settings(visitor, "audit")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password", exact=True).fill("open sesame")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("The audit log could not be read")
    settings(visitor, "tokens")
    expect(page.get_by_role("alert")).to_contain_text("The tokens could not be read")


# ---- everybody


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(api, visit, done_run, scheme, size):
    v3 = f"/api/v3/accounts/{api.account_id}"
    token = api.request("POST", f"{v3}/service-tokens/", {
        "name": "مشروع 🚀", "permission_grants": [{"permission_set": "job_viewer"}]}).data["id"]
    hook = api.request("POST", f"{v3}/webhooks/subscriptions", {
        "name": "A name that is much longer than what a narrow screen has room for, and then some",
        "client_url": "http://127.0.0.1:9/hook", "event_types": ["job.run.errored"]}).data["id"]
    assert api.request("GET", f"{v3}/webhooks/subscription/{hook}/test").status == 200
    visitor: Visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page
    for place, sign in (
            ("tokens", "مشروع"), (f"tokens?panel={token}", "Revoke"), ("tokens?panel=new", "What it may do"),
            ("webhooks", "A name that is"), ("webhooks?panel=new", "None chosen"),
            (f"webhooks/{hook}", "Errored (test)"), (f"webhooks/{hook}?panel=edit", "None chosen"),
            ("notifications", "Model notifications"), ("notifications?panel=new", "When it fails"),
            ("integrations", "Partial parsing"), ("integrations?panel=new", "Token URL"),
            ("audit", "session.started"), ("usage", "Everything"), ("account", "DBT_CLOUD_HOST")):
        settings(visitor, place)
        expect(page.get_by_text(sign).first).to_be_visible()
        assert visitor.violations() == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} scrolls sideways"
    settings(visitor, f"webhooks/{hook}")
    page.get_by_role("link", name="Errored (test)").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("may not be called")
    assert visitor.violations() == []
    for path in (f"{v3}/service-tokens/{token}/", f"{v3}/webhooks/subscription/{hook}"):
        assert api.request("DELETE", path).status == 200
