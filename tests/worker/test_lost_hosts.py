"""An engine that is lost before a command had begun costs a second try; after that it is an error."""

import os
import pathlib
import signal
import time

import pytest
from conftest import PATIENCE_S

RUNNING = 3
DEPS, FIRST, SECOND = 3, 4, 5

ANOTHER = "engine host lost, starting another"

LEDGER = {"models/ledger.sql": "{{ config(materialized='incremental') }} select '{{ invocation_id }}' as run"}


@pytest.fixture(params=["cold", "warm"])
def parent(request, runner):
    """Whose child the session will be: the worker, or its warm host."""
    if request.param == "cold":
        return lambda worker: worker.process.pid
    host = runner.warm_host()
    return lambda worker: host.pid


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def end(pid):
    """SIGKILL, and until it is no process any more (or one that nobody has waited for yet)."""
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    while _runs(pid):
        assert time.monotonic() < deadline, pid
        time.sleep(0.01)


def _runs(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def succeeded(worker, second_host):
    assert worker.end() == 0
    assert worker.double.finish["status"] == 10, worker.double.summary()
    assert set(worker.double.statuses()) == {10}
    assert (ANOTHER in worker.log()) is second_host
    assert worker.descendants() == set()


def test_a_run_through_a_warm_host(runner):
    host = runner.warm_host()
    worker = runner.start(hold_report_of=(SECOND, RUNNING), steps=["dbt build", "dbt parse"])
    worker.double.wait(lambda d: d.steps.get(SECOND, {}).get("status") == RUNNING)
    assert len(children(host.pid)) == 1, "its session is the host's"
    worker.double.released.set()
    succeeded(worker, second_host=False)


def test_a_session_that_is_killed_between_two_commands(runner, parent):
    """The second command goes to another engine; the first is not done twice."""
    runner.project.commit(LEDGER)
    worker = runner.start(hold_report_of=(SECOND, RUNNING), steps=["dbt build", "dbt build -s orders"])
    # The first command has ended, and the second is not sent before this report is answered.
    worker.double.wait(lambda d: d.steps.get(SECOND, {}).get("status") == RUNNING)
    [session] = children(parent(worker))
    end(session)
    worker.double.released.set()
    succeeded(worker, second_host=True)
    assert "ledger" in worker.double.text(FIRST)
    started = [line for line in worker.double.text(FIRST).splitlines() if "START sql" in line and "ledger" in line]
    assert len(started) == 1


def test_a_warm_host_that_dies_before_it_has_made_a_session(runner):
    host = runner.warm_host()
    # Connections wait in its queue.
    host.send_signal(signal.SIGSTOP)
    worker = runner.start(hold_report_of=(DEPS, RUNNING), steps=["dbt build"])
    worker.double.wait(lambda d: d.steps.get(DEPS, {}).get("status") == RUNNING)
    assert children(host.pid) == []
    worker.double.released.set()
    # Whether it is asking for its session already or is just about to, there will be none.
    host.kill()
    host.wait()
    succeeded(worker, second_host=True)


def test_a_second_engine_that_is_lost_too_is_an_error(runner):
    """One try more, not one for ever: its interpreter is gone meanwhile."""
    worker = runner.start(hold_report_of=(SECOND, RUNNING), steps=["dbt build", "dbt parse"])
    worker.double.wait(lambda d: d.steps.get(SECOND, {}).get("status") == RUNNING)
    [session] = children(worker.process.pid)
    host = runner.site / "share" / "engine_host" / "host.py"
    text = host.read_text()
    host.write_text("import sys\nsys.exit('broken meanwhile')\n")
    try:
        end(session)
        worker.double.released.set()
        assert worker.end() == 0
    finally:
        host.write_text(text)
    assert worker.double.finish["status"] == 20
    assert worker.double.statuses() == [10, 10, 10, 10, 20]
    assert worker.log().count(ANOTHER) == 1
    assert "broken meanwhile" in worker.double.text(SECOND)
