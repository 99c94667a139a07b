"""Slack and Microsoft Teams, as doubles that hold us to what their makers document: who hears of what, what is kept to,
and what becomes of what is not taken."""

import re

import pytest
import seed_project
from api import ERROR, SUCCESS
from appliance import Appliance
from browser import NARROW, WIDE
from mail_server import PASSWORD, USER, MailServer, words as letter_words
from playwright.sync_api import expect
from repositories import SMALL, Projects
from slack_double import CLIENT_ID, CLIENT_SECRET, SlackDouble, everything_said
from teams_double import SIGNATURE, TeamsDouble, words
from waiting import wait_until

BROKEN = {**SMALL, "models/broken.sql": "select no_such_column from {{ ref('doubled') }}"}
JOB_NAME = "Nächtlicher <!channel> & 🚀"
TOKEN = "xoxb-entered-by-hand-0001"


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    running = MailServer(tmp_path_factory.mktemp("mail"))
    yield running
    running.let_go.set()
    running.stop()


@pytest.fixture(scope="module")
def slack():
    running = SlackDouble()
    yield running
    running.close()


@pytest.fixture(scope="module")
def teams():
    running = TeamsDouble()
    yield running
    running.close()


@pytest.fixture(scope="module")
def chatting(places, slack, mail):
    running = Appliance(places, HOSTNAME="localhost", CHAT_NETWORKS="127.0.0.0/8", CHAT_RETRY_SECONDS=1, LOG_LEVEL="debug")
    client_secret, password, trusted = (running.shared / name for name in ("slack-secret", "mail-password", "mail-ca.pem"))
    client_secret.write_text(CLIENT_SECRET + "\n")
    password.write_text(PASSWORD + "\n")
    trusted.write_bytes(mail.certificate.read_bytes())
    running.settings |= {
        "SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET_FILE": str(client_secret), "SLACK_API_URL": slack.url,
        "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(mail.port), "SMTP_USER": USER, "SMTP_PASSWORD_FILE": str(password),
        "SMTP_CA_FILE": str(trusted), "SMTP_FROM": "millwright@example.com", "MAIL_RETRY_SECONDS": "1"}
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


def ask(appliance, method, path="", expect_status=200, **body):
    answer = appliance.api.request(
        method, f"/api/ui/accounts/{appliance.sample['account_id']}/chat/{path}", body or None)
    assert answer.status == expect_status, answer
    return answer.json.get("data")


@pytest.fixture
def connected(chatting, slack):
    """A workspace, by a token that is good."""
    slack.tokens[TOKEN] = None
    ask(chatting, "POST", "slack/token/", token=TOKEN)
    return chatting


@pytest.fixture(scope="module")
def broken(chatting):
    projects = Projects(chatting.shared)
    return seed_project.add_project(chatting, chatting.sample["account_id"], projects.make(BROKEN),
                                    {"path": str(projects.warehouse())})


@pytest.fixture
def rule(chatting):
    """rule(job, …): tells of its failures, as long as the test lasts."""
    made, path = [], f"/api/v2/accounts/{chatting.sample['account_id']}/notifications/"

    def make(job, **fields):
        user = chatting.api.get("users/")[0]["id"]
        answer = chatting.api.request("POST", path, {"user_id": user, "on_failure": [job], **fields})
        assert answer.status == 200, answer
        made.append(answer.json["data"]["id"])
        return answer.json["data"]

    yield make
    for each in made:
        chatting.api.request("DELETE", f"{path}{each}/")


@pytest.fixture
def fails(chatting, broken):
    """A job of which every run fails at once."""
    return chatting.api.create_job(broken, name="Fails", steps=["dbt run --no-such-flag"])


@pytest.fixture(autouse=True)
def nothing_forbidden(slack, teams):
    """Whatever a test is about: nothing that Slack or Teams would not take."""
    yield
    said, slack.complaints, teams.complaints = slack.complaints + teams.complaints, [], []
    assert said == []


def channel_id(slack, name):
    return next(each["id"] for each in slack.channels if each["name"] == name)


def slack_rule(slack, rule, job, name, **fields):
    return rule(job, type=5, slack_channel_id=channel_id(slack, name), slack_channel_name=f"#{name}", **fields)


def arrived(double, name, count=1):
    wait_until(lambda: len(double.to(name)) >= count, f"{count} in {name}")
    return double.to(name)[count - 1]


def messages(appliance, status):
    return ask(appliance, "GET", f"messages/?status={status}")


def test_a_double_of_slack_hears_what_failed(connected, slack, broken, rule):
    job = connected.api.create_job(broken, name=JOB_NAME, steps=["dbt build"])
    slack_rule(slack, rule, job, "data-alerts")
    run = connected.api.run_job(job)
    assert run["status"] == ERROR
    message = arrived(slack, "data-alerts")
    said = everything_said(message)
    assert message["text"].startswith("❌ Nächtlicher &lt;!channel&gt; &amp; 🚀 failed (run #")
    assert "*broken* (model): error\n      Runtime Error in model broken" in said
    assert re.search(rf"<https://localhost:\d+/deploy/\d+/projects/\d+/runs/{run['id']}\|Open the run>", said)
    assert "Triggered by a test" in said and "*Took*\n" in said
    # Of a run that goes well, nobody asked to hear.
    assert connected.api.run_job(connected.api.create_job(broken, steps=["dbt parse"]))["status"] == SUCCESS
    wait_until(lambda: messages(connected, "sent"), "it is listed as sent")
    assert [(each["channel_name"], each["run_id"]) for each in messages(connected, "sent")] == [("#data-alerts", run["id"])]


def test_a_double_of_slack_hears_of_warnings_successes_and_cancels(connected, slack, broken, rule):
    good = connected.api.create_job(broken, name="Good", steps=["dbt parse"])
    slack_rule(slack, rule, good, "general", on_failure=[], on_success=[good])
    connected.api.run_job(good)
    assert "✅ Good succeeded" in arrived(slack, "general")["text"]
    seen = len(slack.to("general"))
    slack_rule(slack, rule, good, "night-watch", on_failure=[], on_cancel=[good])
    run = connected.api.trigger(good)
    connected.api.request("POST", connected.api.account_path(f"runs/{run}/cancel/"))
    ended = connected.api.wait_run(run, until=(SUCCESS, 30))
    if ended["status"] == SUCCESS:  # It was quicker.
        arrived(slack, "general", seen + 1)
    else:
        assert "⏹ Good was cancelled" in arrived(slack, "night-watch")["text"]


def test_a_double_of_teams_gets_a_card(chatting, teams, broken, rule):
    made = ask(chatting, "POST", "teams/", 201, name="Alarms", url=teams.url())
    assert made["place"] == "127.0.0.1" and SIGNATURE not in str(made)
    ask(chatting, "POST", f"teams/{made['id']}/test/")
    assert "asked for it" in words(teams.to()[-1])
    job = chatting.api.create_job(broken, name=JOB_NAME, steps=["dbt build"])
    rule(job, type=6, teams_channel_id=made["id"])
    run = chatting.api.run_job(job)
    card = arrived(teams, "alarms", 2)
    assert words(card).startswith(f"❌ {JOB_NAME} failed") and "broken (model): error" in words(card)
    assert card["actions"][0]["url"].endswith(f"/runs/{run['id']}")
    # What it refuses is listed; what it puts off comes later.
    teams.behaviour = [(404, {})]
    chatting.api.run_job(job)
    wait_until(lambda: messages(chatting, "failed"), "one has failed")
    failed = messages(chatting, "failed")[0]
    assert failed["service"] == "teams" and "404" in failed["last_error"] and SIGNATURE not in str(failed)
    teams.behaviour = [(429, {"Retry-After": "1"}), (503, {})]
    ask(chatting, "POST", f"messages/{failed['id']}/again/")
    arrived(teams, "alarms", 3)
    ask(chatting, "DELETE", f"teams/{made['id']}/")
    kept = chatting.api.request("GET", f"/api/v2/accounts/{chatting.sample['account_id']}/notifications/").json["data"]
    assert [each for each in kept if each["type"] == 6 and each["state"] == 1] == []


def test_channels_of_a_double_of_slack_are_found_by_name(connected, slack):
    found = ask(connected, "GET", "slack/channels/?search=alert")
    assert [each["name"] for each in found] == ["data-alerts"]
    everything = ask(connected, "GET", "slack/channels/")
    assert {each["name"] for each in everything} == {"data-alerts", "general", "finance", "über-alarm", "night-watch"}
    before = slack.calls.count("conversations.list")
    assert before >= 3, "it came in pages"
    ask(connected, "GET", "slack/channels/?search=general")
    assert slack.calls.count("conversations.list") == before


def test_the_time_that_a_double_of_slack_asks_for_is_kept_to(connected, slack, fails, rule):
    slack_rule(slack, rule, fails, "data-alerts")
    slack_rule(slack, rule, fails, "general")
    slack.limit(5)
    seen = len(slack.messages)
    connected.api.run_job(fails)
    # The double complains of whatever comes too early, be it for another channel.
    wait_until(lambda: len(slack.messages) == seen + 2, "both came")
    wait_until(lambda: messages(connected, "pending") == [], "both are known to have come")
    assert {each["attempts"] for each in messages(connected, "sent")[:2]} == {1}


def test_what_a_double_of_slack_refuses_can_be_sent_again(connected, slack, fails, rule):
    slack_rule(slack, rule, fails, "night-watch")
    watch = next(each for each in slack.channels if each["name"] == "night-watch")
    watch["is_archived"] = True
    connected.api.run_job(fails)
    wait_until(lambda: messages(connected, "failed"), "it has failed")
    failed = messages(connected, "failed")[0]
    assert failed["channel_name"] == "#night-watch" and "archived" in failed["last_error"] and failed["attempts"] == 1
    watch["is_archived"] = False
    # Unwell for a moment: tried again by itself.
    slack.refuse[watch["id"]] = "internal_error"
    seen = len(slack.to("night-watch"))
    ask(connected, "POST", f"messages/{failed['id']}/again/")
    wait_until(lambda: [each for each in messages(connected, "pending") if each["attempts"] > 0], "a first try")
    del slack.refuse[watch["id"]]
    arrived(slack, "night-watch", seen + 1)
    answer = ask(connected, "POST", "slack/test/", 409, channel_id="C99999999")
    assert answer is None


def test_a_message_to_a_double_of_slack_outlives_who_was_sending_it(connected, slack, fails, rule):
    """It comes at least once."""
    slack_rule(slack, rule, fails, "über-alarm")
    slack.came.clear()
    slack.let_go.clear()
    run = connected.api.run_job(fails)
    wait_until(slack.came.is_set, "the message is being sent")
    connected.kill_and_heal("app")
    slack.let_go.set()
    # Who takes it next does so after a minute.
    connected.psql("UPDATE chat_destinations SET busy_until = now()")
    wait_until(lambda: [each for each in messages(connected, "sent") if each["run_id"] == run["id"]], "it has been sent")
    assert len(slack.to("über-alarm")) >= 1


def test_a_token_that_a_double_of_slack_takes_no_more_is_told_once(connected, slack, mail, fails, rule):
    slack_rule(slack, rule, fails, "data-alerts")
    slack.tokens[TOKEN] = "token_revoked"
    first = connected.api.run_job(fails)
    wait_until(lambda: ask(connected, "GET")["slack"]["workspace"]["broken_reason"], "it is known to be broken")
    assert "token_revoked" in ask(connected, "GET")["slack"]["workspace"]["broken_reason"]
    mine = connected.sample["email"]
    wait_until(lambda: mail.to(mine), "a letter")
    assert mail.to(mine)[0]["Subject"] == "Slack (Harbour) has to be connected again"
    assert "/chat" in letter_words(mail.to(mine)[0])
    # Slack is asked no more, and what would have been said is kept.
    asked = slack.calls.count("chat.postMessage")
    second = connected.api.run_job(fails)
    failed = [each["run_id"] for each in messages(connected, "failed")]
    assert first["id"] in failed and second["id"] in failed
    assert slack.calls.count("chat.postMessage") == asked
    ask(connected, "POST", "slack/token/", 400, token="xoxb-nobodys")
    slack.tokens["xoxb-another-bots-0002"] = None
    ask(connected, "POST", "slack/token/", token="xoxb-another-bots-0002")
    seen = len(slack.to("data-alerts"))
    ask(connected, "POST", f"messages/{messages(connected, 'failed')[0]['id']}/again/")
    arrived(slack, "data-alerts", seen + 1)
    assert len(mail.to(mine)) == 1


def test_an_account_turns_chats_off(connected, slack, teams, fails, rule):
    slack_rule(slack, rule, fails, "data-alerts")
    ask(connected, "POST", slack=False)
    try:
        seen, asked = len(slack.messages), len(slack.calls)
        ask(connected, "GET", "slack/channels/", 404)
        ask(connected, "POST", "slack/token/", 404, token=TOKEN)
        assert ask(connected, "GET")["slack"]["workspace"] is None
        connected.api.run_job(fails)
        assert ask(connected, "GET", "teams/") == []
    finally:
        ask(connected, "POST", slack=True)
    connected.api.run_job(fails)
    wait_until(lambda: len(slack.messages) > seen, "the later one came")
    assert len(slack.messages) == seen + 1 and slack.calls[asked:] == ["chat.postMessage"]


def test_a_browser_connects_the_double_of_slack_and_comes_back(visit, chatting, slack):
    visitor = visit(at=chatting)
    page = visitor.page
    if ask(chatting, "GET")["slack"]["workspace"]:
        ask(chatting, "DELETE", "slack/")
    sent_to = []

    def slacks_page(route):
        # What stands at slack.com is the double's, and a person's consent.
        sent_to.append(route.request.url)
        route.fulfill(status=302, headers={"location": slack.authorize(route.request.url, allow=len(sent_to) > 1)})

    visitor.context.route("https://slack.com/**", slacks_page)
    page.goto(f"/settings/{visitor.account}/chat")
    part = page.get_by_role("region", name="Slack")
    part.get_by_role("button", name="Connect a workspace").click()
    expect(page.get_by_text("it was not allowed in Slack")).to_be_visible()
    part.get_by_role("button", name="Connect a workspace").click()
    expect(page.get_by_text("The Slack workspace is connected.")).to_be_visible()
    expect(part).to_contain_text("Harbour")
    assert len(sent_to) == 2
    # The address of Slack's page is the one thing that was asked of another host.
    visitor.requests = [url for url in visitor.requests if not url.startswith("https://slack.com/oauth/")]
    assert ask(chatting, "GET")["slack"]["workspace"]["name"] == "Harbour"


def test_the_page_of_chats_with_doubles(visit, chatting, slack, teams, fails):
    slack.tokens[TOKEN] = None
    if ask(chatting, "GET")["slack"]["workspace"]:
        ask(chatting, "DELETE", "slack/")
    visitor = visit(at=chatting)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/account")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Chat").click()
    part = page.get_by_role("region", name="Slack")
    part.get_by_label("Bot token", exact=True).last.fill("xoxb-no")
    part.get_by_role("button", name="Connect by token").click()
    expect(part).to_contain_text("invalid_auth")
    part.get_by_label("Bot token", exact=True).last.fill(TOKEN)
    part.get_by_role("button", name="Connect by token").click()
    expect(part).to_contain_text("Harbour")
    part.get_by_role("combobox", name="Channel for a test").fill("watch")
    page.get_by_role("option", name="#night-watch").click()
    seen = len(slack.to("night-watch"))
    part.get_by_role("button", name="Send a test").click()
    expect(part.get_by_role("status")).to_contain_text("Slack took it for #night-watch")
    assert "asked for" in arrived(slack, "night-watch", seen + 1)["text"]

    part = page.get_by_role("region", name="Microsoft Teams")
    part.get_by_role("link", name="Add a Teams channel").click()
    page.get_by_role("textbox", name="Name").fill("Quay")
    page.get_by_label("Address of the workflow").first.fill("http://elsewhere.example/1")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("must begin with https://")).to_be_visible()
    page.get_by_label("Address of the workflow").first.fill(teams.url("quay"))
    page.get_by_role("button", name="Add", exact=True).click()
    row = part.get_by_role("row").filter(has_text="Quay")
    expect(row).to_contain_text("127.0.0.1")
    row.get_by_role("button", name="Send a test").click()
    expect(part.get_by_role("status")).to_contain_text("Teams took the test for Quay")
    arrived(teams, "quay")
    assert SIGNATURE not in page.content()


def choose(page, label, option):
    page.get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_rule_and_a_job_tell_channels_of_the_doubles(visit, connected, slack, teams, broken):
    channel = next((each for each in ask(connected, "GET", "teams/") if each["name"] == "Quay"), None)
    channel = channel or ask(connected, "POST", "teams/", 201, name="Quay", url=teams.url("quay"))
    job = connected.api.create_job(broken, name="Watched closely", steps=["dbt run --no-such-flag"])
    visitor = visit(at=connected)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/notifications")
    expect(page.get_by_role("note")).to_contain_text("Channels of Slack and Microsoft Teams that rules name are told")
    page.get_by_role("link", name="Create a rule").click()
    choose(page, "How", "Slack channel")
    page.get_by_role("combobox", name="Channel", exact=True).fill("über")
    page.get_by_role("option", name="#über-alarm").click()
    choose(page, "When it fails", "Watched closely")
    page.get_by_role("heading", name="New rule").click()
    page.get_by_role("button", name="Create", exact=True).click()
    row = page.get_by_role("row").filter(has_text="#über-alarm")
    expect(row).to_contain_text("Slack")

    page.goto(f"/deploy/{visitor.account}/projects/{broken.project_id}/jobs/{job}")
    part = page.get_by_role("region", name="Notifications")
    expect(part.get_by_role("group", name="Tell #über-alarm when it").get_by_label("fails")).to_be_checked()
    choose(page, "Tell a Teams channel, too", "Quay")
    box = part.get_by_role("group", name="Tell Quay (Teams) when it")
    expect(box.get_by_label("fails")).to_be_checked()
    part.get_by_role("combobox", name="Tell a Slack channel, too").fill("general")
    page.get_by_role("option", name="#general").click()
    expect(part.get_by_role("group", name="Tell #general when it").get_by_label("fails")).to_be_checked()
    # With its last end, the rule goes.
    part.get_by_role("group", name="Tell #general when it").get_by_label("fails").click()
    expect(part.get_by_role("group", name="Tell #general when it")).to_have_count(0)

    told, cards = len(slack.to("über-alarm")), len(teams.to("quay"))
    connected.api.run_job(job)
    arrived(slack, "über-alarm", told + 1)
    arrived(teams, "quay", cards + 1)
    kept = [each for each in connected.api.get("notifications/") if job in each["on_failure"]]
    assert sorted((each["type"], each["slack_channel_name"], each["teams_channel_id"]) for each in kept) == [
        (5, "#über-alarm", None), (6, None, channel["id"])]
    for each in kept:
        connected.api.request("DELETE", f"/api/v2/accounts/{visitor.account}/notifications/{each['id']}/")


def test_what_a_double_of_slack_did_not_take_is_sent_again_from_the_page(visit, connected, slack, fails, rule):
    slack_rule(slack, rule, fails, "finance")
    slack.refuse[channel_id(slack, "finance")] = "not_in_channel"
    run = connected.api.run_job(fails)
    wait_until(lambda: [each for each in messages(connected, "failed") if each["run_id"] == run["id"]], "it has failed")
    visitor = visit(at=connected)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/chat?status=failed")
    row = page.get_by_role("row").filter(has_text=f"#{run['id']}")
    expect(row).to_contain_text("invite it there")
    row.get_by_role("link").click()
    expect(page.get_by_role("dialog")).to_contain_text("Fails")
    slack.refuse.clear()
    seen = len(slack.to("finance"))
    page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    arrived(slack, "finance", seen + 1)
    expect(row).to_have_count(0)


def test_a_page_says_that_the_double_of_slack_is_broken(visit, connected, slack):
    slack.tokens[TOKEN] = "account_inactive"
    ask(connected, "POST", "slack/test/", 409, channel_id=channel_id(slack, "general"))
    visitor = visit(at=connected)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/chat")
    part = page.get_by_role("region", name="Slack")
    expect(part.get_by_role("alert")).to_contain_text("Nothing is sent any more.")
    expect(part.get_by_role("alert")).to_contain_text("account_inactive")
    assert visitor.violations() == []
    slack.tokens[TOKEN] = None
    part.get_by_label("Bot token", exact=True).last.fill(TOKEN)
    part.get_by_role("button", name="Connect by token").click()
    expect(part.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_chats_can_be_read_by_everybody(visit, connected, teams, scheme, size):
    if not ask(connected, "GET", "teams/"):
        ask(connected, "POST", "teams/", 201, name="Quay", url=teams.url("quay"))
    visitor = visit(at=connected, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page
    for search, sign in [("", "Send to Slack for this account"), ("?channel=new", "Address of the workflow")]:
        page.goto(f"/settings/{visitor.account}/chat{search}")
        expect(page.get_by_text(sign).first).to_be_visible()
        expect(page.get_by_role("table", name="Messages").or_(page.get_by_text("There are none yet.")).first).to_be_attached()
        assert visitor.violations() == [], search
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def test_no_secret_of_the_doubles_is_in_a_log_or_a_dump(chatting, slack):
    assert slack.messages
    secret = [TOKEN.encode(), SIGNATURE.encode(), CLIENT_SECRET.encode(), b"xoxb-granted"]
    dump = chatting.dump()
    assert b"COPY public.chat_destinations" in dump
    for content in [dump, *(log.read_bytes() for log in (chatting.data / "logs").glob("*"))]:
        assert [each for each in secret if each in content] == []


def test_a_chat_that_the_operator_has_off_is_not_there(visit, own_appliance, slack):
    running = own_appliance(HOSTNAME="localhost", SLACK="off", SLACK_API_URL=slack.url, TEAMS="off").start()
    running.load_sample()
    asked = len(slack.calls)
    state = ask(running, "GET")
    assert not state["slack"]["available"] and not state["teams"]["available"]
    ask(running, "POST", "slack/token/", 404, token=TOKEN)
    for path in ("slack/channels/", "slack/connect/", "teams/", "messages/"):
        ask(running, "GET", path, 404)
    ask(running, "POST", "", 404, slack=True)
    assert len(slack.calls) == asked
    visitor = visit(at=running)
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/notifications?panel=new")
    page.get_by_label("How", exact=True).first.click()
    expect(page.get_by_role("option", name="E-mail to a user")).to_be_visible()
    expect(page.get_by_role("option", name="Slack channel")).to_have_count(0)
    expect(page.get_by_role("option", name="Microsoft Teams channel")).to_have_count(0)
    navigation = page.get_by_role("navigation", name="Settings")
    expect(navigation.get_by_role("link", name="E-mail")).to_be_visible()
    expect(navigation.get_by_role("link", name="Chat")).to_have_count(0)
