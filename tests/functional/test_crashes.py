"""Every process killed in the middle of a run: the run ends truthfully, once, and all heals.

The run's project adds a row to a ledger and then waits at a gate, so that "in the middle" is a
place and not a time, and so that a second execution would be seen.
"""

import os
import signal

import pytest
import seed_project
from api import CANCELLED, ERROR, OVER, RUNNING, SUCCESS, logs
from repositories import LEDGER, Projects
from waiting import wait_until

LEASE_S = 6


class Scene:
    """An appliance with one run in its middle."""

    def __init__(self, appliance, make_seed, query):
        self.appliance, self.query = appliance, query
        appliance.start().load_sample()
        self.api = appliance.api
        self.projects = Projects(appliance.shared)
        self.gate, self.path = self.projects.gate(), self.projects.warehouse()
        files = {**LEDGER, "models/waits.py": self.gate.model(after="ledger")}
        repository = self.projects.make(files)
        self.seeded = make_seed(appliance, appliance.sample["account_id"], repository,
                                {"path": str(self.path)})
        self.job_id = self.api.create_job(self.seeded, steps=["dbt build", "dbt parse"])
        self.run_id = self.api.trigger(self.job_id)
        self.api.wait_at(self.gate, self.run_id)
        self.api.wait_run(self.run_id, until=(RUNNING,))
        wait_until(lambda: "1 of 2 OK" in logs(self.api.run(self.run_id, "run_steps"), 4),
                   "the ledger's model is reported")

    def ledger(self):
        return self.query(self.path, "select count(*) from ledger")[0][0]

    def check_once(self):
        """It was executed once, and nothing of it is left."""
        assert self.gate.arrivals() == 1
        assert self.ledger() == 1
        wait_until(lambda: not self.appliance.run_processes(self.run_id), "its processes are gone")
        held = self.appliance.psql("SELECT run_id FROM run_leases WHERE run_id = :run", run=self.run_id)
        assert held == []
        steps = self.api.run(self.run_id, "run_steps")["run_steps"]
        for step in steps:
            assert step["status"] in OVER, step
            assert step["finished_at"] or not step["started_at"], step

    def check_heals(self):
        """The next run of the same job goes well."""
        self.gate.open()
        run = self.api.run_job(self.job_id)
        assert run["status"] == SUCCESS, logs(run)
        assert self.ledger() == 2

    def end(self):
        self.gate.open()
        return self.api.wait_run(self.run_id)


@pytest.fixture
def scene(own_appliance, query_duckdb):
    def make(**settings):
        appliance = own_appliance(**{"LEASE_SECONDS": LEASE_S, "LOG_FLUSH_SECONDS": 1} | settings)
        return Scene(appliance, seed_project.add_project, query_duckdb)
    return make


def whole_log(api, run_id):
    """All that the run said; its numbering has neither a gap nor a line twice."""
    texts = []
    for step in api.run(run_id, "run_steps")["run_steps"]:
        lines = api.step_log(run_id, step["index"])
        assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
        texts += [line["text"] for line in lines]
    return texts


@pytest.mark.parametrize("role", ["gateway", "app", "scheduler", "postgres"])
def test_a_role_is_killed_in_the_middle_of_a_run(scene, role):
    act = scene()
    act.appliance.kill_and_heal(role)
    assert act.api.run(act.run_id)["status"] == RUNNING
    run = act.end()
    assert run["status"] == SUCCESS, logs(run)
    assert [step["status"] for step in run["run_steps"]] == [SUCCESS] * 5
    act.check_once()
    assert any("PASS=2" in text for text in whole_log(act.api, act.run_id))
    assert {"manifest.json", "run_results.json"} <= set(act.api.get(f"runs/{act.run_id}/artifacts/"))
    act.check_heals()


@pytest.mark.parametrize("role", ["app", "postgres"])
def test_a_run_that_ends_while_a_role_is_away_is_not_lost(scene, role):
    """The worker has something to say when nobody is there to hear it."""
    act = scene(LEASE_SECONDS=120)
    act.appliance.kill(role)
    run = act.end()
    assert run["status"] == SUCCESS, logs(run)
    act.check_once()
    assert any("PASS=2" in text for text in whole_log(act.api, act.run_id))
    act.check_heals()


def test_a_warm_host_dies_before_it_serves_a_run(own_appliance, query_duckdb):
    """The run has connected and waits: it gets an engine of its own, and the next run a new warm host."""
    appliance = own_appliance(WARM_HOSTS=1).start()
    appliance.load_sample()
    api, projects = appliance.api, Projects(appliance.shared)
    path = projects.warehouse()
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"],
                                      projects.make(LEDGER), {"path": str(path)})
    [host] = wait_until(appliance.warm_hosts, "a warm host is up")
    # Who connects from here on waits in its queue.
    os.kill(host, signal.SIGSTOP)
    job_id = api.create_job(seeded)
    run_id = api.trigger(job_id)

    def waits_for_its_engine():
        steps = {step["index"]: step["status"] for step in api.run(run_id, "run_steps")["run_steps"]}
        return steps.get(4) == RUNNING

    wait_until(waits_for_its_engine, "the run's first command is to be sent")
    os.kill(host, signal.SIGKILL)
    run = api.wait_run(run_id)
    assert run["status"] == SUCCESS, logs(run)
    assert query_duckdb(path, "select count(*) from ledger") == [[1]]
    assert any("engine host lost, starting another" in file.read_text()
               for file in appliance.files("logs"))
    [another] = wait_until(appliance.warm_hosts, "another warm host is up")
    assert another != host
    assert api.run_job(job_id)["status"] == SUCCESS


def test_the_worker_is_killed(scene):
    act = scene()
    os.kill(act.appliance.worker_pid(act.run_id), signal.SIGKILL)
    run = act.api.wait_run(act.run_id)
    assert run["status"] == ERROR and "worker" in run["status_message"], run["status_message"]
    assert [step["status"] for step in run["run_steps"]] == [SUCCESS] * 3 + [ERROR, CANCELLED]
    assert "1 of 2 OK" in logs(run, 4), "what it had said before is kept"
    act.check_once()
    act.check_heals()


def test_dbt_is_killed(scene):
    act = scene()
    worker = act.appliance.worker_pid(act.run_id)
    for pid in act.appliance.run_processes(act.run_id):
        if pid != worker:
            os.kill(pid, signal.SIGKILL)
    run = act.api.wait_run(act.run_id)
    assert run["status"] == ERROR, logs(run)
    assert "kill" in logs(run, 4).lower() + run["status_message"].lower()
    act.check_once()
    act.check_heals()


def test_worker_and_scheduler_are_killed_together(scene):
    """Nobody has seen the worker end: its lease tells."""
    act = scene()
    worker = act.appliance.worker_pid(act.run_id)
    os.kill(act.appliance.pid("scheduler"), signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    act.appliance.kill_and_heal("scheduler")
    run = act.api.wait_run(act.run_id)
    assert run["status"] == ERROR and "worker" in run["status_message"], run["status_message"]
    act.check_once()
    act.check_heals()


def test_scheduler_and_database_are_killed_again_and_again(scene):
    act = scene(LEASE_SECONDS=120)
    for role in ("scheduler", "postgres", "scheduler", "app", "postgres"):
        act.appliance.kill_and_heal(role)
    run = act.end()
    assert run["status"] == SUCCESS, logs(run)
    act.check_once()
    act.check_heals()


def test_the_supervisor_is_killed_and_started_again(scene):
    act = scene()
    os.kill(act.appliance.process.pid, signal.SIGKILL)
    act.appliance.process.wait()
    act.appliance.start()
    run = act.end()
    # Its roles ended with it, and their end may have stopped the run; but it is over, and says so.
    assert run["status"] in (SUCCESS, ERROR, CANCELLED)
    assert run["status"] == SUCCESS or run["status_message"], run
    act.check_once()
    act.check_heals()


def test_everything_is_killed_at_once(scene):
    """A power cut."""
    act = scene()
    supervisor = act.appliance.process.pid
    pids = [process["pid"] for process in act.appliance.status()["processes"]]
    pids += [act.appliance.worker_pid(act.run_id), *act.appliance.run_processes(act.run_id)]
    # Held, so that it starts nothing anew, and last, so that nobody hears of its end.
    os.kill(supervisor, signal.SIGSTOP)
    for pid in [*(set(pids) - {supervisor}), supervisor]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    act.appliance.process.wait()
    act.appliance.start()
    run = act.api.wait_run(act.run_id)
    assert run["status"] == ERROR and run["status_message"], run
    act.check_once()
    act.check_heals()


def test_queued_runs_survive_a_kill_of_everything(scene):
    act = scene()
    waiting = act.api.trigger(act.job_id)
    os.kill(act.appliance.process.pid, signal.SIGKILL)
    act.appliance.process.wait()
    act.gate.open()
    act.appliance.start()
    act.api.wait_run(act.run_id)
    run = act.api.wait_run(waiting)
    assert run["status"] == SUCCESS, logs(run)
    assert len(act.api.get("runs/", job_definition_id=act.job_id)) == 2


def test_a_cancel_reaches_a_run_whose_scheduler_was_killed(scene):
    act = scene()
    act.appliance.kill_and_heal("scheduler")
    act.api.post(f"runs/{act.run_id}/cancel/")
    run = act.api.wait_run(act.run_id)
    assert run["status"] == CANCELLED and "Cancelled by" in run["status_message"]
    act.check_once()
    act.check_heals()
