"""When a run starts, and what ends it early: queue, cancel, timeout, retry, schedule."""

import pytest
import seed_project
from api import CANCELLED, ERROR, PREPARATION, QUEUED, RUNNING, SUCCESS, logs, names, statuses
from repositories import LEDGER, SMALL
from waiting import wait_until


# ---- cancel, timeout


def test_cancel_a_queued_run(api, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded)
    first, second = api.trigger(job_id), api.trigger(job_id)
    api.wait_at(gate, first)
    cancelled = api.post(f"runs/{second}/cancel/")
    assert cancelled["status"] == CANCELLED and cancelled["is_cancelled"] is True
    assert cancelled["finished_at"] and cancelled["started_at"] is None
    gate.open()
    assert api.wait_run(first)["status"] == SUCCESS
    again = api.run(second, "run_steps")
    assert again["status"] == CANCELLED and again["run_steps"] == [] and gate.arrivals() == 1


def test_a_deleted_job_s_queued_runs_are_cancelled(api, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded, name="Deleted while it runs")
    running = api.trigger(job_id)
    api.wait_at(gate, running)
    queued = [api.trigger(job_id) for _ in range(2)]
    api.delete(f"jobs/{job_id}/")
    for run_id in queued:
        run = api.run(run_id, "audit")
        assert run["status"] == CANCELLED and "deleted the job" in run["status_message"]
        assert run["audit"]["cancellation"]["actor"]["type"] == "user"
    gate.open()
    assert api.wait_run(running)["status"] == SUCCESS


def test_cancel_a_running_run(api, appliance, gated):
    seeded, gate = gated
    run_id = api.trigger(api.create_job(seeded, steps=["dbt seed", "dbt run", "dbt test"]))
    api.wait_at(gate, run_id)
    run = api.wait_run(run_id, until=(RUNNING,))
    assert statuses(run)[:5] == [SUCCESS, SUCCESS, SUCCESS, SUCCESS, RUNNING]
    assert appliance.run_processes(run_id)
    api.post(f"runs/{run_id}/cancel/")
    run = api.wait_run(run_id)
    assert run["status"] == CANCELLED and "Cancelled by" in run["status_message"]
    assert statuses(run) == [SUCCESS] * 4 + [CANCELLED] * 2
    wait_until(lambda: not appliance.run_processes(run_id), "its processes are gone")
    wait_until(lambda: appliance.worker_pid(run_id) is None, "its worker is gone")
    # What the steps before and the broken one left is kept.
    kept = api.get(f"runs/{run_id}/artifacts/")
    assert "manifest.json" in kept and "compiled/small/models/total.sql" in kept
    assert "PASS=1" in logs(run, 4)
    audit = api.run(run_id, "audit")["audit"]
    assert audit["cancellation"]["actor"]["type"] == "user"
    # The job is free again.
    gate.open()
    assert api.run_job(run["job_id"])["status"] == SUCCESS


def test_a_run_that_takes_too_long_is_cancelled(api, appliance, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded, execution={"timeout_seconds": 6})
    run = api.run_job(job_id)
    assert run["status"] == CANCELLED, logs(run)
    assert run["status_message"].startswith("This run timed out after running for 6 seconds")
    assert CANCELLED in statuses(run) and ERROR not in statuses(run)
    wait_until(lambda: not appliance.run_processes(run["id"]), "its processes are gone")


# ---- the queue


def run_of_another_account(api, other_account, make_project):
    """A run from trigger to end: whoever was queued before has been looked at since."""
    seeded, _ = make_project(account_id=other_account.account_id)
    theirs = api.of_account(other_account.account_id, other_account.token)
    run = theirs.run_job(theirs.create_job(seeded, steps=["dbt parse"]))
    assert run["status"] == SUCCESS, logs(run)


def test_a_job_has_one_run_at_a_time(api, other_account, make_project, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded)
    first = api.trigger(job_id)
    api.wait_at(gate, first)
    second = api.trigger(job_id)
    run_of_another_account(api, other_account, make_project)
    waiting = api.run(second, "run_steps")
    assert waiting["status"] == QUEUED and waiting["blocked_by"] == [first]
    assert waiting["in_progress"] is True and waiting["started_at"] is None
    gate.open()
    ends = [api.wait_run(run_id) for run_id in (first, second)]
    assert [run["status"] for run in ends] == [SUCCESS, SUCCESS]
    assert ends[1]["dequeued_at"] >= ends[0]["finished_at"]
    assert gate.arrivals() == 2


def test_an_account_has_so_many_runs_at_a_time(api, appliance, other_account, make_project, projects):
    tight = seed_project.add_account(appliance, "One slot", run_slots=1)
    theirs = api.of_account(tight.account_id, tight.token)
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model()}, account_id=tight.account_id)
    first = theirs.trigger(theirs.create_job(seeded, name="First"))
    theirs.wait_at(gate, first)
    plain, _ = make_project(account_id=tight.account_id)
    second = theirs.trigger(theirs.create_job(plain, name="Second"))
    run_of_another_account(api, other_account, make_project)
    waiting = theirs.run(second)
    assert waiting["status"] == QUEUED and waiting["blocked_by"] == [first]
    gate.open()
    assert theirs.wait_run(first)["status"] == theirs.wait_run(second)["status"] == SUCCESS


def test_runs_of_different_jobs_go_on_together(api, make_project, projects):
    gates = [projects.gate() for _ in range(2)]
    runs = []
    for gate in gates:
        seeded, _ = make_project({**SMALL, "models/waits.py": gate.model()})
        runs.append(api.trigger(api.create_job(seeded)))
    for gate, run_id in zip(gates, runs):
        api.wait_at(gate, run_id)
    assert [api.run(run_id)["status"] for run_id in runs] == [RUNNING, RUNNING]
    for gate in gates:
        gate.open()
    assert [api.wait_run(run_id)["status"] for run_id in runs] == [SUCCESS, SUCCESS]


def test_an_account_s_queue_has_an_end(api, appliance, make_project, projects):
    full = seed_project.add_account(appliance, "Short queue", run_slots=0)
    appliance.psql("UPDATE accounts SET queue_limit = 2 WHERE id = :id", id=full.account_id)
    theirs = api.of_account(full.account_id, full.token)
    seeded, _ = make_project(account_id=full.account_id)
    job_id = theirs.create_job(seeded)
    queued = [theirs.trigger(job_id) for _ in range(2)]
    refused = theirs.request("POST", theirs.account_path(f"jobs/{job_id}/run/"), {"cause": "x"})
    assert refused.status == 429 and "queue is full" in refused.json["status"]["user_message"]
    for run_id in queued:
        assert theirs.post(f"runs/{run_id}/cancel/")["status"] == CANCELLED


# ---- retry


@pytest.fixture
def fails_at_gate(make_project, projects):
    """The second of two models fails as long as the gate is shut."""
    gate, ledger = projects.gate(), projects.gate()
    ledger.open()
    model = f"""
        import os

        def model(dbt, session):
            dbt.config(materialized='table')
            dbt.ref('first')
            if not os.path.exists({str(gate.key)!r}):
                raise RuntimeError('not today')
            return session.sql('select 1 as id')
        """
    seeded, _ = make_project({"dbt_project.yml": SMALL["dbt_project.yml"], "models/last.sql":
                              "select * from {{ ref('second') }}",
                              "models/first.py": ledger.model(), "models/second.py": model})
    return seeded, gate, ledger


def test_retry_from_the_step_that_failed(api, fails_at_gate):
    seeded, gate, ledger = fails_at_gate
    job_id = api.create_job(seeded, steps=["dbt parse", "dbt build", "dbt parse --threads 2"])
    failed = api.run_job(job_id)
    assert failed["status"] == ERROR and "not today" in logs(failed, 5)
    assert statuses(failed)[3:] == [SUCCESS, ERROR, CANCELLED]
    assert failed["can_retry"] is True and failed["retry_not_supported_reason"] is None
    details = api.get(f"runs/{failed['id']}/retry/")
    assert details["failed_step"] == "Invoke dbt with `dbt build`"
    assert details["skipped_steps"] == ["Invoke dbt with `dbt parse --threads 2`"]

    gate.open()
    retry = api.post(f"runs/{failed['id']}/retry/")
    assert retry["retrying_run_id"] == failed["id"] and retry["id"] != failed["id"]
    run = api.wait_run(retry["id"], related=("run_steps", "trigger"))
    assert run["status"] == SUCCESS, logs(run)
    assert names(run) == [*PREPARATION, "Invoke dbt with `dbt retry`",
                          "Invoke dbt with `dbt parse --threads 2`"]
    assert run["trigger"]["cause_category"] == "rerun"
    # What had succeeded was not done again.
    assert ledger.arrivals() == 1
    results = api.request("GET", api.account_path(f"runs/{run['id']}/artifacts/run_results.json"))
    done = {result["unique_id"] for result in results.json["results"]}
    assert done == {"model.small.second", "model.small.last"}


def test_what_can_t_be_retried_says_why(api, fails_at_gate, done_run):
    seeded, gate, _ = fails_at_gate
    job_id = api.create_job(seeded, steps=["dbt build"])
    older = api.run_job(job_id)["id"]
    latest = api.run_job(job_id)["id"]
    for run_id, reason in ((older, "RETRY_NOT_LATEST_RUN"), (done_run["id"], "RETRY_NOT_FAILED_RUN")):
        answer = api.request("POST", api.account_path(f"runs/{run_id}/retry/"))
        assert answer.status == 400 and reason in answer.json["status"]["user_message"], answer
    assert api.run(older)["retry_not_supported_reason"] == "RETRY_NOT_LATEST_RUN"
    # `rerun` takes up the latest, as it failed; and starts anew when it has not.
    gate.open()
    rerun = api.post(f"jobs/{job_id}/rerun/")
    assert rerun["retrying_run_id"] == latest
    assert api.wait_run(rerun["id"])["status"] == SUCCESS
    anew = api.post(f"jobs/{job_id}/rerun/")
    assert anew["retrying_run_id"] is None
    assert api.wait_run(anew["id"])["status"] == SUCCESS


# ---- the schedule


def test_a_schedule_fires_once_for_each_due_time(api, appliance, make_project, query_duckdb, projects):
    path = projects.warehouse()
    seeded, _ = make_project(LEDGER, warehouse=path)
    every_minute = {"date": {"type": "custom_cron", "cron": "* * * * *"},
                    "time": {"type": "every_hour", "interval": 1}}
    job_id = api.create_job(seeded, triggers={"schedule": True}, schedule=every_minute)
    first = wait_until(lambda: api.get("runs/", job_definition_id=job_id), "the schedule fires")[0]
    api.post(f"jobs/{job_id}/", {"triggers": {"schedule": False}})
    run = api.wait_run(first["id"], related=("run_steps", "trigger", "audit"))
    assert run["status"] == SUCCESS, logs(run)
    assert run["trigger"]["cause_category"] == "scheduled"
    assert run["audit"]["trigger"]["actor"]["type"] == "system"
    runs = [each["id"] for each in api.get("runs/", job_definition_id=job_id)]
    for run_id in runs:
        api.wait_run(run_id)
    firings = appliance.psql("SELECT run_id, extract(second FROM due_at)::int FROM schedule_firings "
                             "WHERE job_id = :job ORDER BY due_at", job=job_id)
    assert [int(run_id) for run_id, _ in firings] == runs
    assert all(second == "0" for _, second in firings)
    assert query_duckdb(path, "select count(*) from ledger") == [[len(runs)]]
