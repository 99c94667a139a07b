"""What a browser is told while a run goes on."""

import json
import re

import pytest
from api import SUCCESS, logs
from live import sign_in
from repositories import SMALL
from websockets.exceptions import ConnectionClosed, InvalidStatus


# ---- signing in


def test_the_cookie_of_a_session(api, appliance):
    answer = sign_in(api, appliance.sample["email"].upper(), appliance.sample["password"])
    assert answer.status == 200
    assert answer.json["user"]["email"] == appliance.sample["email"]
    assert answer.json["account"]["id"] == api.account_id
    attributes = answer.headers["set-cookie"]
    for word in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert word in attributes, attributes
    cookie = {"Cookie": attributes.split(";")[0]}

    def ask(method, path, **headers):
        return api.request(method, path, {} if method == "POST" else None, cookie | headers,
                           authorized=False)

    assert ask("GET", "/api/ui/session/").json == answer.json
    assert ask("GET", api.account_path("runs/")).status == 200
    # Another site's page could make the browser send the cookie, but not this header.
    assert ask("POST", api.account_path("jobs/987654321/run/")).status == 403
    allowed = ask("POST", api.account_path("jobs/987654321/run/"), **{"X-Millwright-Csrf": "1"})
    assert allowed.status in (400, 404), allowed
    assert ask("DELETE", "/api/ui/session/", **{"X-Millwright-Csrf": "1"}).status in (200, 204)
    assert ask("GET", "/api/ui/session/").status == 401
    assert ask("GET", api.account_path("runs/")).status == 401


@pytest.mark.parametrize("email, password, status", [
    ("{email}", "wrong", 401), ("nobody@example.com", "{password}", 401), ("", "", 400),
    ("{email}", None, 400), ("{email}' or '1'='1", "x", 401),
])
def test_a_sign_in_that_is_refused(api, appliance, email, password, status):
    fill = {name: appliance.sample[name] for name in ("email", "password")}
    answer = sign_in(api, email.format(**fill), password and password.format(**fill))
    assert answer.status == status and "set-cookie" not in answer.headers, answer
    if status == 401:
        # It doesn't tell whether there is such a user.
        assert answer.json["status"]["user_message"] == "The e-mail or the password is wrong."


@pytest.mark.parametrize("headers", [{"X-Nothing": "1"}, {"Cookie": "millwright_session=wrong"}])
def test_without_a_session_nothing_is_live(live, headers):
    with pytest.raises(InvalidStatus) as refused:
        live(**headers)
    assert refused.value.response.status_code == 401


def test_another_site_s_page_may_not_listen(live):
    with pytest.raises(InvalidStatus) as refused:
        live(origin="https://evil.example")
    assert refused.value.response.status_code == 403


# ---- the tail of a run


@pytest.fixture
def gated(make_project, projects):
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model(after="total"),
                              "models/after.sql": "select * from {{ ref('waits') }}"})
    yield seeded, gate
    gate.open()


def test_all_lines_once_and_in_order(api, live, gated):
    seeded, gate = gated
    run_id = api.trigger(api.create_job(seeded, generate_docs=True))
    topic = f"run:{run_id}"
    api.wait_at(gate, run_id)
    browser = live()
    browser.subscribe(topic)
    # What was before comes by REST.
    known = {index: api.step_log(run_id, index) for index in range(1, 6)}
    gate.open()
    last = browser.until_over(topic, run_id)
    assert last["status"] == SUCCESS, logs(last)
    assert len(last["run_steps"]) == 5

    for index in range(1, 6):
        told = [line for message in browser.of(topic, "log") if message["step"] == index
                for line in message["lines"]]
        numbers = [line["n"] for line in told]
        assert numbers == sorted(set(numbers)), f"step {index}: a line twice or out of order"
        seen = known[index] + [line for line in told if line["n"] > len(known[index])]
        assert seen == api.step_log(run_id, index), f"step {index}"
    text = "\n".join(line["text"] for message in browser.of(topic, "log") for line in message["lines"])
    assert "PASS=7" in text and "Catalog written" in text


def test_nodes_and_states_come_as_they_change(api, live, gated):
    seeded, gate = gated
    account = f"account:{api.account_id}:runs"
    browser = live()
    browser.subscribe(account)
    job_id = api.create_job(seeded)
    run_id = api.trigger(job_id)
    browser.until(lambda m: m["type"] == "run" and m["run"]["id"] == run_id)
    topic = f"run:{run_id}"
    browser.subscribe(topic)
    api.wait_at(gate, run_id)
    browser.until(lambda m: m["type"] == "node" and m["node"]["unique_id"] == "model.small.waits"
                  and m["node"]["status"] == "started")
    gate.open()
    browser.until_over(topic, run_id)
    statuses = [m["run"]["status"] for m in browser.of(account, "run") + browser.of(topic, "run")
                if m["run"]["id"] == run_id]
    assert 3 in statuses and 10 in statuses
    of_waits = [m["node"] for m in browser.of(topic, "node") if m["node"]["unique_id"] == "model.small.waits"]
    assert [node["status"] for node in of_waits][-1] == "success"
    by_rest = {node["unique_id"]: node for node in api.ui(f"runs/{run_id}/nodes")["nodes"]}
    assert of_waits[-1] == by_rest["model.small.waits"]


def test_another_account_s_runs_are_not_to_be_heard(api, other_account, other_api, live, make_project,
                                                    small, appliance):
    """What does not come is shown by one's own run, which comes later."""
    mine = api.create_job(small, steps=["dbt parse"])
    theirs_seeded, _ = make_project(account_id=other_account.account_id)
    their_run = other_api.trigger(other_api.create_job(theirs_seeded, steps=["dbt parse"]))
    browser = live()
    browser.subscribe(f"account:{api.account_id}:runs")
    for topic in (f"run:{their_run}", f"account:{other_account.account_id}:runs", "run:987654321"):
        browser.send(json.dumps({"subscribe": [topic]}))
        refused = browser.until(lambda m: m["type"] in ("error", "subscribed"))
        assert refused["type"] == "error" and "no topic" in refused["message"], refused
    assert other_api.wait_run(their_run)["status"] == SUCCESS
    my_run = api.trigger(mine)
    browser.until_over(f"account:{api.account_id}:runs", my_run)
    assert {m["run"]["id"] for m in browser.messages if m["type"] == "run"} == {my_run}


@pytest.mark.parametrize("text", ["", "x", "[]", '{"subscribe": 7}', '{"subscribe": ["run:x"]}',
                                  '{"subscribe": ["run:1", 7]}', "{" * 100, '"\\ud800"'])
def test_nonsense_gets_an_answer_and_harms_nothing(api, live, text):
    browser, other = live(), live()
    browser.send(text)
    assert browser.until(lambda m: True)["type"] == "error"
    for each in (browser, other):
        each.subscribe(f"account:{api.account_id}:runs")


def test_a_message_that_is_too_large_ends_only_its_connection(api, live):
    browser, other = live(), live()
    browser.send(" " * 1_000_000)
    with pytest.raises(ConnectionClosed):
        browser.until(lambda m: False)
    other.subscribe(f"account:{api.account_id}:runs")


# ---- the page itself


def test_the_gateway_serves_the_application(api):
    page = api.request("GET", "/", authorized=False)
    assert page.status == 200 and page.headers["content-type"].startswith("text/html")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert page.headers[name], name
    scripts = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.body.decode())
    assert scripts
    for path in scripts:
        asset = api.request("GET", path, authorized=False)
        assert asset.status == 200 and asset.body, path
    assert not re.search(rb'(?:src|href)="(?:https?:)?//', page.body), "everything comes from here"
    # A link into the application is the application, for who asks as a browser does.
    deep = api.request("GET", f"/deploy/{api.account_id}/projects/1/runs/1/", authorized=False,
                       headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert deep.status == 200 and deep.body == page.body


@pytest.mark.parametrize("path", ["/../keys/tls.key", "/..%2f..%2fkeys/tls.key", "/assets/../../x",
                                  "/internal/v1/run/spec", "/api/nothing"])
def test_the_gateway_serves_nothing_else(api, path):
    answer = api.request("GET", path, authorized=False)
    assert b"PRIVATE KEY" not in answer.body
    if path.startswith(("/api", "/internal")):
        assert answer.status == 404 or "html" in answer.headers["content-type"], answer
