"""Webhooks out, to a receiver that is well and to one that is not. Signatures are checked by Python's own code."""

import os
import signal
import socket
import threading

import pytest
import seed_project
from api import SUCCESS
from receiver import Receiver
from repositories import SMALL, Projects
from rest import Rest, free_port
from waiting import wait_until

ALL = ["job.run.started", "job.run.completed", "job.run.errored"]


@pytest.fixture(scope="module")
def rest(hooked):
    return Rest(hooked.api)


@pytest.fixture(scope="module")
def job(hooked):
    projects = Projects(hooked.shared)
    seeded = seed_project.add_project(hooked, hooked.sample["account_id"], projects.make(SMALL),
                                      config={"path": str(projects.warehouse())})
    return hooked.api.create_job(seeded, name="Hooked", steps=["dbt build"])


@pytest.fixture
def subscribe(rest, job):
    """subscribe(url, …): the subscription."""
    made = []

    def make(receiver, **fields):
        made.append(rest.call("POST", "webhooks/subscriptions", {
            "name": "ci", "client_url": getattr(receiver, "url", receiver), "event_types": ALL, "job_ids": [job],
            **fields}, expect=201))
        receiver.secret = made[-1]["hmac_secret"]
        return made[-1]

    yield make
    for each in made:
        rest.call("DELETE", f"webhooks/subscription/{each['id']}")


def kinds(receiver):
    return [event["eventType"] for event in receiver.events()]


def receipts(rest, event_id):
    return rest.get(f"webhooks/event/{event_id}/receipts")


def test_a_run_is_told_of_from_beginning_to_end(rest, job, subscribe, receiver):
    subscription = subscribe(receiver)
    run = rest.api.run_job(job)
    assert run["status"] == SUCCESS, run["status_message"]
    wait_until(lambda: len(receiver.calls) == 2, "both events came")
    started, completed = receiver.events()
    assert (started["eventType"], completed["eventType"]) == ("job.run.started", "job.run.completed")
    assert started["accountId"] == rest.api.account_id and started["webhooksID"] == subscription["id"]
    for event in (started, completed):
        assert event["data"]["runId"] == str(run["id"]) and event["data"]["jobId"] == str(job)
        assert event["data"]["jobName"] == "Hooked" and event["data"]["runStatusMessage"] == "None"
    assert completed["data"]["runStatus"] == "Success" and completed["data"]["runStatusCode"] == 10
    assert completed["data"]["runFinishedAt"]
    # Its artifacts are there when it is said to be over.
    assert rest.api.request("GET", rest.api.account_path(f"runs/{run['id']}/artifacts/manifest.json")).status == 200


def test_a_run_that_fails_is_told_of_twice(rest, job, subscribe, receiver):
    subscribe(receiver)
    rest.api.run_job(job, steps_override=["dbt run --select nothing_of_that_name_at_all+ --no-such-flag"])
    wait_until(lambda: len(receiver.calls) == 3, "all events came")
    assert kinds(receiver) == ["job.run.started", "job.run.errored", "job.run.completed"]
    assert receiver.events()[1]["data"]["runStatus"] == "Errored" and receiver.events()[1]["data"]["runErroredAt"]


def test_one_that_refuses_stalls_and_breaks_off_hears_everything_in_order(rest, job, subscribe, receiver):
    stalled = threading.Event()

    def stall(_):
        stalled.wait(30)

    def break_off(handler):
        handler.wfile.write(b"HTTP/1.1 2")
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True

    receiver.behaviour = [503, stall, break_off]
    subscribe(receiver)
    run = rest.api.run_job(job)
    wait_until(lambda: "job.run.completed" in kinds(receiver), "the last event came")
    stalled.set()
    events = [event for event in receiver.events() if event["data"]["runId"] == str(run["id"])]
    assert [event["eventType"] for event in events] == ["job.run.started"] * 4 + ["job.run.completed"]
    told = wait_until(lambda: len(found := receipts(rest, events[0]["eventId"])) == 4 and found, "each try has a receipt")
    assert [each["http_status_code"] for each in told] == ["503", "0", "0", "200"]
    assert "in time" in told[1]["error_info"] and "broke off" in told[2]["error_info"], told


def test_a_redirect_is_not_followed(rest, job, subscribe, receiver):
    elsewhere = Receiver()

    def redirect(handler):
        handler.send_response(307)
        handler.send_header("Location", elsewhere.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    receiver.behaviour = [redirect]
    subscription = subscribe(receiver, event_types=["job.run.completed"])
    rest.api.run_job(job)
    wait_until(lambda: len(receiver.calls) == 2, "the event came again")
    assert elsewhere.calls == []
    event = rest.get(f"webhooks/subscription/{subscription['id']}/events")[0]
    assert [each["http_status_code"] for each in receipts(rest, event["id"])][0] == "307"
    elsewhere.close()


def test_one_that_is_dead_is_given_up_with_the_reason(rest, job, subscribe, hooked):
    class Dead:
        url = f"http://127.0.0.1:{free_port()}/"
    subscription = subscribe(Dead())
    place = f"webhooks/subscription/{subscription['id']}"
    # Two events a run: the fifth that fails ends it.
    for _ in range(3):
        rest.api.run_job(job)

    def given_up():
        # The pauses are the operator's to choose, and these would be minutes.
        hooked.psql("UPDATE webhook_events SET next_try_at = now() WHERE status = 'pending'")
        return not (found := rest.get(place))["active"] and found

    found = wait_until(given_up, "the subscription is given up")
    assert "cannot be reached" in found["deactivate_reason"]


def test_an_app_that_is_killed_while_it_delivers_loses_nothing(rest, job, subscribe, receiver, hooked):
    held = threading.Event()
    receiver.behaviour = [lambda _: held.wait(30)]
    subscribe(receiver, event_types=["job.run.completed"])
    run = rest.api.run_job(job)
    wait_until(lambda: receiver.calls, "the receiver is called")
    app = hooked.pid("app")
    os.kill(app, signal.SIGKILL)
    held.set()
    wait_until(lambda: hooked.status()["state"] == "ready" and hooked.pid("app") != app, "the app is back")
    # A minute, that nobody here needs to wait.
    hooked.psql("UPDATE webhook_events SET taken_until = now() WHERE taken_until IS NOT NULL")
    wait_until(lambda: len(receiver.calls) == 2, "the event came again")
    first, second = receiver.events()
    assert first["eventId"] == second["eventId"] and first["data"]["runId"] == str(run["id"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_this_machine_is_not_called_unless_the_operator_allows_it(api, done_run, receiver, host):
    """On the appliance that all tests share, whose operator allows nothing."""
    port = receiver.server.server_address[1]
    rest = Rest(api)
    made = rest.call("POST", "webhooks/subscriptions", {
        "name": "inside", "client_url": f"http://{host}:{port}/", "event_types": ALL}, expect=201)
    tested = rest.get(f"webhooks/subscription/{made['id']}/test")
    rest.call("DELETE", f"webhooks/subscription/{made['id']}")
    assert receiver.calls == [] and tested["http_status_code"] == "0"
    assert "MILLWRIGHT_WEBHOOK_NETWORKS" in tested["error_info"], tested


def test_a_setting_that_is_no_network_is_named(own_appliance):
    appliance = own_appliance(WEBHOOK_NETWORKS="intranet").launch()
    wait_until(lambda: any(b"MILLWRIGHT_WEBHOOK_NETWORKS" in path.read_bytes() for path in appliance.files("logs")),
               "the log says it")
