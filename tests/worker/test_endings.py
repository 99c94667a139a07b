"""Runs that are stopped, lost, cut off or taken up again."""

import os
import signal
import time

import pytest
from conftest import PATIENCE_S

SLOW = "select count(*) as n from range(100000000000) where range % 7 = 3"
SLOW_NODE = repr((4, "model.shop.slow"))


def slow_run(runner, **changes):
    """A run in the middle of a model that would take an hour."""
    runner.project.commit({"models/slow.sql": SLOW + " -- {{ ref('orders') }}"})
    worker = runner.start(**{"steps": ["dbt build", "dbt test"], **changes})
    worker.double.wait(lambda d: SLOW_NODE in d.nodes)
    assert worker.descendants()
    return worker


def was_cancelled(worker, message):
    assert worker.end() == 0, worker.log()
    double = worker.double
    assert double.statuses() == [10, 10, 10, 30, 30], double.summary()
    assert double.finish["status"] == 30
    assert double.finish["status_message"] == message
    assert message in double.text(4)
    assert double.nodes[SLOW_NODE][-1]["status"] != "started"
    # What dbt had written by then is kept.
    assert "compiled/shop/models/orders.sql" in double.artifacts[4]
    assert double.finish["artifacts_saved"] is True
    gone(worker)


def gone(worker, folder_too=True):
    assert worker.descendants() == set()
    if folder_too:
        assert list((worker.data / "workspaces").iterdir()) == []


def test_a_user_cancels(runner):
    worker = slow_run(runner)
    worker.double.cancel = "This run was cancelled by ada@example.com."
    was_cancelled(worker, "This run was cancelled by ada@example.com.")


def test_millwright_stops(runner):
    worker = slow_run(runner)
    worker.process.send_signal(signal.SIGTERM)
    was_cancelled(worker, "This run was cancelled because Millwright was stopped.")


def test_a_signal_with_a_reason_behind_it(runner):
    """The executor cancels by signal; the app knows who wanted it."""
    worker = slow_run(runner, lease_seconds=3000)
    worker.double.cancel = "This run was cancelled by ada@example.com."
    worker.process.send_signal(signal.SIGTERM)
    was_cancelled(worker, "This run was cancelled by ada@example.com.")


def test_the_time_limit(runner):
    # Long enough for the steps before, on a slow machine too, to be over most of the time; what
    # is asserted holds wherever the limit strikes.
    runner.project.commit({"models/slow.sql": SLOW})
    worker = runner.start(timeout_seconds=3)
    assert worker.end() == 0
    double = worker.double
    assert double.finish["status"] == 30
    assert double.finish["status_message"] == "This run timed out after running for 3 seconds."
    assert 30 in double.statuses() and 20 not in double.statuses()
    gone(worker)


def test_a_signal_while_git_fetches(runner, short_folder):
    """A repository that never answers: the listener takes the connection and says nothing."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/shop.git"
        worker = runner.start(repository__remote_url=url)
        listener.accept()
        worker.process.send_signal(signal.SIGTERM)
        assert worker.end() == 0
    assert worker.double.statuses() == [30, 30, 30, 30]
    assert worker.double.finish["status"] == 30
    gone(worker)


def test_a_lost_lease_ends_everything_at_once(runner):
    worker = slow_run(runner, lease_seconds=3)
    worker.double.refuse_with = 409
    assert worker.end() == 75
    assert worker.double.finish is None
    gone(worker)


def test_a_killed_worker_takes_git_host_and_dbt_along(runner):
    worker = slow_run(runner)
    children = worker.descendants()
    assert len(children) >= 2
    worker.process.kill()
    worker.process.wait()
    deadline = time.monotonic() + PATIENCE_S
    while any(alive(pid) for pid in children):
        assert time.monotonic() < deadline, children
        time.sleep(0.01)
    # What it left is cleared by the next worker of the same run.
    assert list((worker.data / "workspaces").iterdir())
    runner.project.commit({"models/slow.sql": None})
    again = runner.start(data=worker.data)
    assert again.end() == 0
    assert again.double.finish["status"] == 10, again.double.summary()
    gone(again)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    "victim, words",
    [
        ("holder", "The dbt engine ended unexpectedly (killed by signal 9"),
        ("host", "The dbt engine ended unexpectedly (killed by signal 9"),
        ("dbt", "dbt was ended by signal 9 (SIGKILL); it may have run out of memory"),
    ],
)
def test_a_killed_engine_is_an_error_that_says_so(runner, victim, words):
    worker = slow_run(runner)
    # The one that holds the sandbox, the host that is the first in it, the command.
    holder = child_of(worker, worker.process.pid)
    host = child_of(worker, holder)
    victims = {"holder": holder, "host": host, "dbt": child_of(worker, host)}
    os.kill(victims[victim], signal.SIGKILL)
    assert worker.end() == 0
    assert worker.double.statuses() == [10, 10, 10, 20, 30]
    assert words in worker.double.text(4)
    assert words in worker.double.finish["status_message"]
    assert worker.double.nodes[SLOW_NODE][-1]["status"] == "skipped"
    gone(worker)


def child_of(worker, parent):
    return next(pid for pid in worker.descendants() if parent_of(pid) == parent)


def parent_of(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return int(stat.read().rsplit(")", 1)[1].split()[1])


def test_the_app_goes_away_and_comes_back(runner):
    project = runner.project
    project.commit({
        "macros/talk.sql": "{% macro talk() %}{% for i in range(3000) %}"
                           "{{ log('line ' ~ i, info=true) }}{% endfor %}{% endmacro %}",
    })
    worker = runner.start(steps=["dbt run-operation talk", "dbt build"])
    worker.double.wait(lambda d: d.steps.get(3, {}).get("status") == 3)
    worker.double.stop()
    requests = worker.double.requests
    worker.double.refuse_with = 503
    worker.double.start()
    worker.double.wait(lambda d: d.requests > requests + 2)
    worker.double.refuse_with = None
    assert worker.end() == 0
    double = worker.double
    assert double.statuses() == [10] * 5
    said = [x for x in double.text(4).split("\n") if x.startswith("line ")]
    assert said == [f"line {i}" for i in range(3000)]


def test_the_app_stays_away(runner):
    worker = slow_run(runner, lease_seconds=1)
    worker.double.stop()
    assert worker.end() == 75
    assert "app away for too long" in worker.log()
    gone(worker)


def test_a_flood_while_the_app_is_away_stays_bounded(runner):
    """dbt says 100 MB; the worker keeps 32 MiB of it and lets dbt wait."""
    runner.project.commit({
        "macros/flood.sql": "{% macro flood() %}{% for i in range(1000) %}"
                            "{{ print('x' * 100000) }}{% endfor %}{{ print('the end') }}{% endmacro %}",
    })
    worker = runner.start(steps=["dbt run-operation flood"], lease_seconds=600)
    worker.double.wait(lambda d: d.steps.get(4, {}).get("status") == 3)
    worker.double.refuse_with = 503
    settled = still_for(lambda: cpu_ticks(worker.process.pid), rounds=30)
    assert settled
    assert resident_mb(worker.process.pid) < 200
    worker.double.refuse_with = None
    assert worker.end() == 0
    lines = worker.double.text(4).split("\n")
    assert len([x for x in lines if x == "x" * 100000]) == 1000
    assert lines[-1] == "the end"


def still_for(measure, rounds):
    """Whether the value stops changing: the program waits for us."""
    same, last = 0, None
    deadline = time.monotonic() + PATIENCE_S
    while same < rounds and time.monotonic() < deadline:
        now = measure()
        same = same + 1 if last is not None and now - last <= 1 else 0
        last = now
        time.sleep(0.05)
    return same >= rounds


def cpu_ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def resident_mb(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_a_retry_takes_up_what_failed(runner):
    runner.project.commit({"models/customers.sql": "select nonsense from {{ ref('orders') }}"})
    first = runner.run(steps=["dbt seed", "dbt build", "dbt test"])
    assert first.statuses() == [10, 10, 10, 10, 20, 30]
    sha = first.progress["git_sha"]
    # The branch moves on; the retry stays with the commit that failed, whose model now works
    # because the warehouse has changed.
    runner.project.commit({"models/customers.sql": "{{ broken"})
    again = runner.start(
        runner.spec(
            run_id=42, steps=["dbt seed", "dbt build", "dbt test"],
            retry={"run_id": 41, "step_index": 5, "git_sha": sha,
                   "artifacts": ["manifest.json", "run_results.json"]},
        )
    )
    again.double.other_artifacts = {(41, name): data for name, data in first.artifacts[5].items()}
    assert again.end() == 0
    double = again.double
    assert [double.steps[i]["name"] for i in (4, 5)] == ["Invoke dbt with `dbt retry`",
                                                         "Invoke dbt with `dbt test`"]
    assert double.progress["git_sha"] == sha
    # Still broken, and only that model was tried again.
    assert double.statuses() == [10, 10, 10, 20, 30], double.summary()
    assert "1 of 1" in double.text(4) and "nonsense" in double.text(4)
    assert repr((4, "model.shop.orders")) not in double.nodes


def test_a_retry_without_its_results_says_so(runner):
    spec = runner.spec(steps=["dbt build"], retry={
        "run_id": 7, "step_index": 4, "git_sha": "", "artifacts": ["run_results.json"]})
    double = runner.run(spec)
    assert double.statuses() == [10, 10, 10, 20]
    assert "run_results.json of run 7" in double.finish["status_message"]


def test_a_worker_without_a_token_says_how_it_is_started(site, tmp_path):
    import subprocess

    from conftest import worker_command

    done = subprocess.run(worker_command(), env={"PATH": os.environ["PATH"],
                                                 "MILLWRIGHT_DATA_DIR": str(tmp_path)},
                          capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 64
    assert "MILLWRIGHT_TOKEN_FD" in done.stderr


def test_a_token_that_the_app_does_not_know_ends_the_worker(runner):
    worker = slow_run(runner, lease_seconds=3)
    worker.double.TOKEN = "another"
    assert worker.end() == 75
    assert worker.double.finish is None
    gone(worker)
