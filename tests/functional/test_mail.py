"""E-mail: who hears of what, through a real mail server that asks for TLS and a password."""

import re
import urllib.parse

import pytest
import seed_project
from api import ERROR, SUCCESS
from appliance import Appliance
from browser import NARROW, WIDE
from mail_server import PASSWORD, USER, MailServer, make_certificate, page, words
from playwright.sync_api import expect
from repositories import SMALL, Projects
from waiting import wait_until

BROKEN = {**SMALL, "models/broken.sql": "select no_such_column from {{ ref('doubled') }}"}
JOB_NAME = "Nächtlicher <b>Build</b> 🚀"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="module")
def server(folder):
    running = MailServer(folder)
    yield running
    running.let_go.set()
    running.stop()


@pytest.fixture(scope="module")
def mailing(places, server):
    running = Appliance(places, HOSTNAME="localhost")
    password, trusted = running.shared / "mail-password", running.shared / "mail-ca.pem"
    password.write_text(PASSWORD + "\n")
    trusted.write_bytes(server.certificate.read_bytes())
    running.settings |= {
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_USER": USER, "SMTP_PASSWORD_FILE": str(password),
        "SMTP_CA_FILE": str(trusted), "SMTP_FROM": "millwright@example.com", "MAIL_RETRY_SECONDS": "1"}
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def add(mailing):
    """A project of these files."""
    projects = Projects(mailing.shared)
    return lambda files: seed_project.add_project(
        mailing, mailing.sample["account_id"], projects.make(files), {"path": str(projects.warehouse())})


@pytest.fixture(scope="module")
def broken(add):
    return add(BROKEN)


def ask(appliance, method, path, **body):
    answer = appliance.api.request(method, f"/api/ui/accounts/{appliance.sample['account_id']}/mail/{path}", body or None)
    return answer


def rule(appliance, job, **fields):
    users = appliance.api.get("users/")
    return appliance.api.request("POST", f"/api/v2/accounts/{appliance.sample['account_id']}/notifications/", {
        "user_id": users[0]["id"], "type": 4, "on_failure": [job], **fields}).json["data"]


def arrived(server, address, count=1):
    wait_until(lambda: len(server.to(address)) >= count, f"mail for {address}")
    return server.to(address)[count - 1]


def invite(appliance, address):
    answer = appliance.api.request("POST", f"/api/v3/accounts/{appliance.sample['account_id']}/invites/",
                                   {"email_addresses": [address]})
    return answer.json["data"]["links"][address]


def test_who_is_named_hears_what_failed(mailing, server, broken):
    job = mailing.api.create_job(broken, name=JOB_NAME, steps=["dbt build"])
    rule(mailing, job, external_email="ops@example.org")
    run = mailing.api.run_job(job)
    assert run["status"] == ERROR
    mail = arrived(server, "ops@example.org")
    assert mail["Subject"].startswith(f"{JOB_NAME} failed (run #{run['id']}, ")
    assert mail["From"].addresses[0].addr_spec == "millwright@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = words(mail), page(mail)
    assert "model broken: error" in text and "no_such_column" in text
    assert f"/runs/{run['id']}" in text and f"/runs/{run['id']}" in html
    assert "&lt;b&gt;Build&lt;/b&gt;" in html and "<b>Build</b>" not in html
    # Of a run that goes well, nobody asked to hear.
    good = mailing.api.run_job(mailing.api.create_job(broken, steps=["dbt parse"]))
    assert good["status"] == SUCCESS
    # By the link in it, it stops; by the mail program's own button too (RFC 8058).
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    key = re.search(r"/unsubscribe#(\S+)", text)[1]
    assert mail["List-Unsubscribe"] == f"<{mailing.url}/api/ui/unsubscribe/{key}/>"
    answer = mailing.api.request("POST", "/api/ui/unsubscribe/", {"token": key}, authorized=False)
    assert answer.json == {"recipient": "ops@example.org"}
    mailing.api.run_job(job)
    invite(mailing, "after.it@example.org")
    arrived(server, "after.it@example.org")
    assert len(server.to("ops@example.org")) == 1


def test_owners_of_models_hear_what_became_of_them(mailing, server, add):
    seeded = add({**BROKEN, "models/groups.yml": """
        groups:
          - name: harbour
            owner: {name: Harbour office, email: harbour@example.org}
          - name: customs
            owner: {name: Customs, email: customs@example.org}
        models:
          - name: broken
            config: {group: harbour}
          - name: total
            config: {group: customs}
        """})
    path = f"/api/v3/accounts/{mailing.sample['account_id']}/environments/{seeded.environment_id}/model-notifications/"
    mailing.api.request("POST", path, {"enabled": True, "on_failure": True, "on_success": False})
    run = mailing.api.run_job(mailing.api.create_job(seeded, name="Tide", steps=["dbt build"]))
    assert run["status"] == ERROR
    mail = arrived(server, "harbour@example.org")
    assert mail["Subject"] == f"1 of your nodes did not go well (run #{run['id']} of Tide)"
    assert "model broken: error" in words(mail) and "no_such_column" in words(mail)
    # Whose models went well hears nothing, as it was asked for.
    assert server.to("customs@example.org") == []


def test_an_invitation_and_a_new_password_by_mail(mailing, server):
    link = invite(mailing, "ada@example.org")
    assert link in words(arrived(server, "ada@example.org"))
    token = urllib.parse.urlsplit(link).fragment
    joined = mailing.api.request("POST", "/api/ui/invites/accept/", {
        "token": token, "first_name": "Ada", "last_name": "L", "password": "first password 1"}, authorized=False)
    assert joined.status == 200, joined

    def ask_for_one(address):
        return mailing.api.request("POST", "/api/ui/password-resets/", {"email": address}, authorized=False)

    # Nobody learns who is here.
    assert ask_for_one("nobody@example.org").json == ask_for_one("Ada@example.org").json == {}
    mail = arrived(server, "ada@example.org", 2)
    token = re.search(r"/reset-password#(\S+)", words(mail))[1]
    # A second one at once would only fill the mailbox.
    assert ask_for_one("ada@example.org").status == 200
    answer = mailing.api.request("POST", "/api/ui/password-resets/accept/", {
        "token": token, "password": "second password 2"}, authorized=False)
    assert answer.json == {"email_address": "ada@example.org"}
    assert len(server.to("ada@example.org")) == 2
    assert server.to("nobody@example.org") == []


def test_what_a_server_refuses_for_good_is_shown_and_can_be_sent_again(mailing, server):
    server.refuse["gone@example.org"] = "550 5.1.1 no such mailbox"
    invite(mailing, "gone@example.org")
    wait_until(lambda: ask(mailing, "GET", "letters/?status=failed").json["data"], "the letter has failed")
    letter, = ask(mailing, "GET", "letters/?status=failed").json["data"]
    assert letter["recipient"] == "gone@example.org" and "no such mailbox" in letter["last_error"]
    assert letter["attempts"] == 1
    del server.refuse["gone@example.org"]
    ask(mailing, "POST", f"letters/{letter['id']}/again/")
    arrived(server, "gone@example.org")


def test_what_may_pass_is_tried_again(mailing, server):
    server.refuse["busy@example.org"] = "451 4.7.1 come back later"
    invite(mailing, "busy@example.org")
    wait_until(lambda: [each for each in ask(mailing, "GET", "letters/?status=pending").json["data"]
                        if each["attempts"] > 0], "a first try")
    del server.refuse["busy@example.org"]
    arrived(server, "busy@example.org")


def test_a_letter_waits_for_a_server_that_is_away(mailing, server):
    server.stop()
    try:
        invite(mailing, "patient@example.org")
        wait_until(lambda: [each for each in ask(mailing, "GET", "letters/?status=pending").json["data"]
                            if each["attempts"] > 0], "a first try")
    finally:
        server.start()
    arrived(server, "patient@example.org")


def test_a_letter_outlives_who_was_sending_it(mailing, server):
    """It comes at least once, with the same Message-ID."""
    server.came.clear()
    server.let_go.clear()
    invite(mailing, "lasting@example.org")
    wait_until(server.came.is_set, "the letter is being sent")
    mailing.kill_and_heal("app")
    server.let_go.set()
    # Who takes it next does so after two minutes.
    mailing.psql("UPDATE letters SET taken_until = now() WHERE status = 'pending'")
    wait_until(lambda: ask(mailing, "GET", "letters/?status=sent").json["data"][0]["recipient"] == "lasting@example.org",
               "the letter has been sent")
    assert len({mail["Message-ID"] for mail in server.to("lasting@example.org")}) == 1


def test_an_account_turns_it_off(mailing, server):
    assert ask(mailing, "POST", "", enabled=False).json["data"]["enabled"] is False
    invite(mailing, "quiet@example.org")
    ask(mailing, "POST", "", enabled=True)
    invite(mailing, "loud@example.org")
    arrived(server, "loud@example.org")
    assert server.to("quiet@example.org") == []


def test_the_page_of_e_mail(visit, mailing, server):
    visitor = visit(at=mailing)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/mail")
    sending = page.get_by_role("region", name="Sending")
    expect(sending).to_contain_text("STARTTLS")
    sending.get_by_role("button", name="Send a test e-mail to me").click()
    expect(sending.get_by_role("status")).to_contain_text("The mail server took it for")
    mine = mailing.sample["email"]
    assert arrived(server, mine)["Subject"] == "A test from Millwright"
    server.refuse["never@example.org"] = "550 5.1.1 no such mailbox"
    invite(mailing, "never@example.org")
    wait_until(lambda: ask(mailing, "GET", "letters/?status=failed").json["data"], "the letter has failed")
    page.get_by_role("button", name="Not delivered").click()
    row = page.get_by_role("row").filter(has_text="never@example.org")
    expect(row).to_be_visible()
    del server.refuse["never@example.org"]
    row.get_by_role("button", name="Try again").click()
    expect(row).to_have_count(0)
    arrived(server, "never@example.org")


def test_who_forgot_a_password_gets_another_by_mail(visit, mailing, server):
    invited = urllib.parse.urlsplit(invite(mailing, "eve@example.org")).fragment
    mailing.api.request("POST", "/api/ui/invites/accept/", {
        "token": invited, "first_name": "Eve", "last_name": "L", "password": "first password 1"}, authorized=False)
    visitor = visit(at=mailing, signed_in=False)
    page = visitor.page
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill("eve@example.org")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_text("a link is on its way")).to_be_visible()
    link = re.search(r"https://\S+(/reset-password#\S+)", words(arrived(server, "eve@example.org", 2)))[1]
    page.goto(link)
    expect(page.get_by_label(re.compile("password", re.I)).first).to_be_visible()


def test_who_hears_of_runs_stops_it_by_the_link(visit, mailing, broken):
    job = mailing.api.create_job(broken, steps=["dbt build"])
    rule(mailing, job, external_email="enough@example.org")
    key = mailing.value("SELECT unsubscribe_key FROM notifications WHERE external_email = 'enough@example.org'")
    visitor = visit(at=mailing, signed_in=False)
    visitor.page.goto(f"/unsubscribe#{key}")
    visitor.page.get_by_role("button", name="Stop these e-mails").click()
    expect(visitor.page.get_by_text("They have stopped")).to_contain_text("enough@example.org")
    assert mailing.value("SELECT state FROM notifications WHERE external_email = 'enough@example.org'") == "2"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_can_be_read_by_everybody(visit, mailing, scheme, size):
    look = {"color_scheme": scheme, "viewport": size, "reduced_motion": "reduce"}
    inside, outside = visit(at=mailing, **look), visit(at=mailing, signed_in=False, **look)
    for visitor, path, sign in [
        (inside, f"/settings/{inside.account}/mail", "loud@example.org"),
        (outside, "/forgot-password", "Send me a link"), (outside, "/unsubscribe#none", "Stop these e-mails")]:
        visitor.page.goto(path)
        expect(visitor.page.get_by_text(sign).first).to_be_visible()
        assert visitor.violations() == [], path
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"


def test_the_password_is_in_no_log(mailing, server):
    assert server.messages
    for log in (mailing.data / "logs").glob("*"):
        assert PASSWORD not in log.read_text(errors="replace")


def test_no_mail_goes_to_a_server_that_is_not_who_it_says(places, folder, server):
    """Its certificate is nobody's whom the operator trusts."""
    other, _ = make_certificate(folder, "other")
    running = Appliance(places, HOSTNAME="localhost")
    password, trusted = running.shared / "mail-password", running.shared / "mail-ca.pem"
    password.write_text("not the one")
    trusted.write_bytes(other.read_bytes())
    running.settings |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_USER": USER,
                         "SMTP_PASSWORD_FILE": str(password), "SMTP_CA_FILE": str(trusted),
                         "SMTP_FROM": "millwright@example.com"}
    before = len(server.messages)
    try:
        running.start().load_sample()
        answer = ask(running, "POST", "test/")
        assert answer.status == 503, answer
        assert "certificate" in answer.json["status"]["user_message"].lower()
    finally:
        running.close()
    # With a certificate that is trusted, and the wrong password.
    running = Appliance(places, HOSTNAME="localhost")
    password, trusted = running.shared / "mail-password", running.shared / "mail-ca.pem"
    password.write_text("not the one")
    trusted.write_bytes(server.certificate.read_bytes())
    running.settings |= {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(server.port), "SMTP_USER": USER,
                         "SMTP_PASSWORD_FILE": str(password), "SMTP_CA_FILE": str(trusted),
                         "SMTP_FROM": "millwright@example.com"}
    try:
        running.start().load_sample()
        answer = ask(running, "POST", "test/")
        assert answer.status == 502, answer
        assert "password" in answer.json["status"]["user_message"].lower()
        assert "not the one" not in answer.json["status"]["user_message"]
    finally:
        running.close()
    assert len(server.messages) == before


def test_without_a_mail_server_there_is_none(api, appliance):
    account = appliance.sample["account_id"]
    assert appliance.api.request("GET", f"/api/ui/accounts/{account}/mail/").json["data"]["configured"] is False
    answer = appliance.api.request("POST", "/api/ui/password-resets/", {"email": "a@b.c"}, authorized=False)
    assert answer.status == 409
    assert "sends no e-mail" in str(answer.json)
