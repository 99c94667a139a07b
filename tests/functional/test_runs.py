"""A run from its trigger to its end, and what it leaves behind."""

import json
import os
import signal
import subprocess

import pytest
import seed_project
from api import CANCELLED, ERROR, QUEUED, RUNNING, SUCCESS, logs
from repositories import LEDGER, SMALL
from waiting import wait_until

PREPARATION = ["Clone git repository", "Create profile from connection Warehouse",
               "Invoke dbt with `dbt deps`"]


def names(run):
    return [step["name"] for step in run["run_steps"]]


def statuses(run):
    return [step["status"] for step in run["run_steps"]]


# ---- a whole run


def test_steps_in_their_order_with_their_names(done_run):
    assert names(done_run) == [*PREPARATION, "Invoke dbt with `dbt build`",
                               "Invoke dbt with `dbt docs generate`"]
    assert [step["index"] for step in done_run["run_steps"]] == [1, 2, 3, 4, 5]
    assert statuses(done_run) == [SUCCESS] * 5
    assert done_run["has_docs_generated"] is True and done_run["artifacts_saved"] is True
    assert done_run["has_sources_generated"] is False


def test_the_logs_of_its_steps(done_run):
    clone, profile, _, build, docs = done_run["run_steps"]
    assert done_run["git_sha"] in clone["logs"]
    assert "duckdb" in profile["logs"]
    assert "PASS=5" in build["logs"] and "total" in build["logs"]
    assert "Catalog written" in docs["logs"]
    # Only the debug log has dbt's inner life, and it has the other's lines too.
    assert "On model.small.total" not in build["logs"]
    assert "On model.small.total" in build["debug_logs"] and "PASS=5" in build["debug_logs"]


def test_without_debug_logs_only_the_last_thousand_lines_come(api, make_project):
    macro = "{% macro many() %}{% for i in range(1500) %}{{ print('line-' ~ i) }}{% endfor %}{% endmacro %}"
    seeded, _ = make_project({**SMALL, "macros/many.sql": macro})
    run = api.run_job(api.create_job(seeded, steps=["dbt run-operation many"]))
    assert run["status"] == SUCCESS, logs(run)
    whole = run["run_steps"][3]["debug_logs"]
    assert all(f"line-{i}\n" in whole + "\n" for i in (0, 700, 1499))
    brief = api.run(run["id"], "run_steps")["run_steps"][3]
    assert "line-1499" in brief["logs"] and len(brief["logs"].splitlines()) <= 1000
    assert "line-0\n" not in brief["logs"]
    step = api.get(f"steps/{brief['id']}/")
    assert step["name"] == brief["name"] and "line-1499" in step["logs"]


def test_artifacts_are_listed_and_fetched(api, done_run):
    path = f"runs/{done_run['id']}/artifacts/"
    listed = api.get(path)
    assert {"manifest.json", "run_results.json", "catalog.json", "index.html",
            "compiled/small/models/total.sql", "run/small/models/total.sql"} <= set(listed)
    assert not any(name.endswith((".msgpack", ".log")) or "profiles" in name for name in listed)
    for name in listed:
        assert api.request("GET", api.account_path(path + name)).status == 200, name
    manifest = api.request("GET", api.account_path(path + "manifest.json"))
    assert manifest.headers["content-type"].startswith("application/json")
    assert "model.small.total" in manifest.json["nodes"]
    # The slash is not part of dbt Cloud's path here, but clients add it.
    assert api.request("GET", api.account_path(path.rstrip("/"))).data == listed


def test_artifacts_of_one_step(api, done_run):
    def which(**query):
        path = api.account_path(f"runs/{done_run['id']}/artifacts/run_results.json", **query)
        answer = api.request("GET", path)
        return answer.status, answer.json["args"]["which"] if answer.status == 200 else None

    # Without a step: the last that has it.
    assert which() == (200, "generate")
    assert which(step=4) == (200, "build") and which(step=5) == (200, "generate")
    assert which(step=1)[0] == 404 and which(step=99)[0] == 404
    of_build = api.get(f"runs/{done_run['id']}/artifacts/", step=4)
    assert "run_results.json" in of_build and "catalog.json" not in of_build


@pytest.mark.parametrize("path", [
    "nothing.json", "../../../keys/master.key", "..%2F..%2F..%2Fkeys%2Fmaster.key",
    "compiled/../../../../keys/master.key", "%2Fetc%2Fpasswd", "compiled", "",
])
def test_no_other_file_comes_by_the_artifacts_path(api, done_run, path):
    answer = api.request("GET", api.account_path(f"runs/{done_run['id']}/artifacts/") + path)
    if path == "":
        assert answer.data, "the list"
    else:
        assert answer.status in (400, 404), answer
        assert b"mwk1" not in answer.body and b"root:" not in answer.body


def test_nothing_stays_in_the_workspace(appliance, done_run):
    workspaces = appliance.data / "workspaces"
    wait_until(lambda: not (workspaces / f"run-{done_run['id']}").exists(), "the workspace is gone")
    assert appliance.run_processes(done_run["id"]) == []


def test_the_warehouse_has_what_was_built(api, make_project, query_duckdb, projects):
    path = projects.warehouse()
    seeded, _ = make_project(warehouse=path)
    assert api.run_job(api.create_job(seeded))["status"] == SUCCESS
    assert query_duckdb(path, "select total from total") == [[120]]


def test_a_run_on_postgresql(api, make_project, warehouse):
    fields, secret_fields = warehouse.credentials()
    seeded, _ = make_project(adapter="postgres", config=warehouse.config, schema="analytics",
                             fields=fields, secret_fields=secret_fields, connection_name="Customer's")
    run = api.run_job(api.create_job(seeded))
    assert run["status"] == SUCCESS, logs(run)
    assert names(run)[1] == "Create profile from connection Customer's"
    assert warehouse.rows("select total from analytics.total") == ["120"]


# ---- what a job says


def test_source_freshness_comes_first_and_does_not_decide(api, make_project):
    sources = """
        sources:
          - name: raw
            schema: main
            tables:
              - name: numbers
                config:
                  loaded_at_field: "timestamp '2020-01-01'"
                  freshness: {error_after: {count: 1, period: day}}
        """
    seeded, _ = make_project({**SMALL, "models/sources.yml": sources})
    assert api.run_job(api.create_job(seeded, steps=["dbt seed"]))["status"] == SUCCESS
    run = api.run_job(api.create_job(seeded, steps=["dbt seed"], run_generate_sources=True))
    assert names(run)[3:] == ["Invoke dbt with `dbt source freshness`", "Invoke dbt with `dbt seed`"]
    assert statuses(run)[3:] == [ERROR, SUCCESS], logs(run)
    assert run["status"] == SUCCESS and run["has_sources_generated"] is True
    assert "sources.json" in api.get(f"runs/{run['id']}/artifacts/")


def test_overrides_of_one_run(api, small):
    job_id = api.create_job(small, steps=["dbt build"], generate_docs=True)
    overrides = {"cause": "Because I say so", "steps_override": ["dbt seed", "dbt run --select doubled"],
                 "generate_docs_override": False, "threads_override": 2,
                 "timeout_seconds_override": 600}
    run = api.run_job(job_id, **overrides)
    assert run["status"] == SUCCESS, logs(run)
    assert names(run)[3:] == ["Invoke dbt with `dbt seed`", "Invoke dbt with `dbt run --select doubled`"]
    trigger = run["trigger"]
    for name, value in overrides.items():
        assert trigger[name] == value, name
    assert trigger["job_definition_id"] == job_id and trigger["cause_category"] == "api"
    assert "2 threads" in logs(run, 2) or "Concurrency: 2 threads" in logs(run, 4)
    assert api.get(f"jobs/{job_id}/")["execute_steps"] == ["dbt build"]


def test_branch_commit_and_schema_of_one_run(api, make_project, projects, query_duckdb):
    path = projects.warehouse()
    seeded, repository = make_project(warehouse=path)
    first = repository.git("rev-parse", "HEAD")
    other = repository.commit({"models/total.sql": "select 1 as only_here"}, branch="feature")
    repository.commit({"models/total.sql": "select broken("})
    job_id = api.create_job(seeded)
    run = api.run_job(job_id, git_branch="feature", schema_override="elsewhere")
    assert run["status"] == SUCCESS, logs(run)
    assert run["git_branch"] == "feature" and run["git_sha"] == other
    assert query_duckdb(path, "select only_here from elsewhere.total") == [[1]]
    run = api.run_job(job_id, git_sha=first)
    assert run["status"] == SUCCESS and run["git_sha"] == first, logs(run)


def test_a_project_in_a_subdirectory(api, make_project):
    files = {f"deep/down/{name}": text for name, text in SMALL.items()}
    seeded, _ = make_project(files, subdirectory="deep/down")
    run = api.run_job(api.create_job(seeded))
    assert run["status"] == SUCCESS, logs(run)


SHOW = """
    {% macro show() %}
    {% for name in ['DBT_REGION', 'DBT_PLACE', 'DBT_ENV', 'DBT_CLOUD_PROJECT_ID', 'DBT_CLOUD_JOB_ID',
                    'DBT_CLOUD_RUN_ID', 'DBT_CLOUD_ACCOUNT_ID', 'DBT_CLOUD_ENVIRONMENT_ID',
                    'DBT_CLOUD_RUN_REASON', 'DBT_CLOUD_RUN_REASON_CATEGORY',
                    'DBT_CLOUD_ENVIRONMENT_NAME', 'DBT_CLOUD_ENVIRONMENT_TYPE',
                    'DBT_CLOUD_INVOCATION_CONTEXT', 'MILLWRIGHT_DATA_DIR', 'DATABASE_URL'] %}
    {{ print(name ~ '=' ~ env_var(name, '(unset)') ~ ';') }}
    {% endfor %}
    {% endmacro %}
    """


def test_the_environment_that_dbt_sees(api, appliance, make_project):
    seeded, _ = make_project({**SMALL, "macros/show.sql": SHOW})
    job_id = api.create_job(seeded, steps=["dbt run-operation show"])
    seed_project.set_variable(appliance, seeded, "DBT_REGION", "project")
    seed_project.set_variable(appliance, seeded, "DBT_REGION", "environment",
                              environment_id=seeded.environment_id)
    seed_project.set_variable(appliance, seeded, "DBT_PLACE", "environment",
                              environment_id=seeded.environment_id)
    seed_project.set_variable(appliance, seeded, "DBT_PLACE", "job", job_id=job_id)
    run = api.run_job(job_id, cause="To see")
    assert run["status"] == SUCCESS, logs(run)
    text = logs(run, 4)
    for line in ("DBT_REGION=environment;", "DBT_PLACE=job;", "DBT_ENV=prod;",
                 f"DBT_CLOUD_PROJECT_ID={seeded.project_id};", f"DBT_CLOUD_JOB_ID={job_id};",
                 f"DBT_CLOUD_RUN_ID={run['id']};", f"DBT_CLOUD_ACCOUNT_ID={api.account_id};",
                 f"DBT_CLOUD_ENVIRONMENT_ID={seeded.environment_id};", "DBT_CLOUD_RUN_REASON=To see;",
                 "DBT_CLOUD_RUN_REASON_CATEGORY=other;", "DBT_CLOUD_ENVIRONMENT_NAME=Production;",
                 "DBT_CLOUD_ENVIRONMENT_TYPE=prod;", "DBT_CLOUD_INVOCATION_CONTEXT=prod;",
                 "MILLWRIGHT_DATA_DIR=(unset);", "DATABASE_URL=(unset);"):
        assert line in text, line


# ---- cancel, timeout


@pytest.fixture
def gated(make_project, projects):
    """A project whose last model waits at the gate: (seeded, gate)."""
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model(after="total")})
    yield seeded, gate
    gate.open()


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


# ---- logs, before and after they are flushed


def test_logs_read_the_same_before_and_after_the_flush(api, appliance, gated):
    """The scheduler, whose janitor flushes, is held while the run ends."""
    seeded, gate = gated
    run_id = api.trigger(api.create_job(seeded))
    api.wait_at(gate, run_id)
    scheduler = appliance.pid("scheduler")
    os.kill(scheduler, signal.SIGSTOP)
    try:
        gate.open()
        assert api.wait_run(run_id)["status"] == SUCCESS
        before = everything_said(api, run_id)
        flushed = "SELECT log_flushed_at IS NOT NULL FROM runs WHERE id = :run"
        assert appliance.value(flushed, run=run_id) == "f"
        rows = "SELECT count(*) FROM run_log WHERE run_id = :run"
        assert int(appliance.value(rows, run=run_id)) > 0
    finally:
        os.kill(scheduler, signal.SIGCONT)
    wait_until(lambda: appliance.value(flushed, run=run_id) == "t", "the log is flushed")
    assert appliance.value(rows, run=run_id) == "0"
    for step in (1, 4):
        assert appliance.stored_object(f"accounts/{api.account_id}/runs/{run_id}/logs/step-{step}.jsonl.zst")
    after = everything_said(api, run_id)
    assert before["pages"] == after["pages"]
    assert before["steps"] == after["steps"]


def everything_said(api, run_id):
    steps = api.run(run_id, "run_steps", "debug_logs")["run_steps"]
    brief = api.run(run_id, "run_steps")["run_steps"]
    return {"steps": [{name: step[name] for name in ("index", "logs", "debug_logs", "truncated_debug_logs")}
                      for step in steps + brief],
            "pages": [api.step_log(run_id, step["index"], level)
                      for step in steps for level in ("info", "debug")]}


def test_a_step_s_log_in_pages(api, done_run):
    whole = api.step_log(done_run["id"], 4)
    assert [line["n"] for line in whole] == list(range(1, len(whole) + 1))
    page = api.ui(f"runs/{done_run['id']}/steps/4/log?after=3&limit=2&level=debug")
    assert page["lines"] == whole[3:5] and page["next_after"] == 5 and page["complete"] is False
    end = api.ui(f"runs/{done_run['id']}/steps/4/log?after={len(whole)}&limit=2&level=debug")
    assert end["lines"] == [] and end["complete"] is True
    shown = api.step_log(done_run["id"], 4, level="info")
    assert 0 < len(shown) < len(whole) and all(line["level"] != "debug" for line in shown)
    text = "\n".join(line["text"] for line in shown)
    assert "PASS=5" in text


def test_nodes_of_a_run(api, done_run):
    nodes = [node for node in api.ui(f"runs/{done_run['id']}/nodes")["nodes"] if node["step"] == 4]
    assert len(nodes) == 5 and {node["total"] for node in nodes} == {5}
    assert sorted(node["index"] for node in nodes) == [1, 2, 3, 4, 5]
    by_name = {node["unique_id"]: node for node in nodes}
    total = by_name["model.small.total"]
    assert total["status"] == "success" and total["resource_type"] == "model"
    assert total["name"] == "total" and total["execution_time"] > 0
    assert {node["status"] for node in nodes if node["resource_type"] == "test"} == {"pass"}


# ---- from the terminal


def test_job_run_wait_in_a_terminal(appliance, api, small, fails_at_gate):
    good = api.create_job(small, name="By name")
    env = {**appliance.environment(), "MILLWRIGHT_URL": api.url, "MILLWRIGHT_TOKEN": api.token,
           "MILLWRIGHT_CA_FILE": str(api.certificate)}

    def command(*args):
        return subprocess.run([appliance.places.program, *args], env=env, text=True, cwd="/",
                              capture_output=True)

    done = command("job", "run", "By name", "--wait", "--cause", "typed")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b[" not in done.stdout and "Success" in done.stdout
    latest = api.get("runs/", job_definition_id=good, order_by="-id", include_related="trigger")[0]
    assert latest["trigger"]["cause"] == "typed"
    bad = api.create_job(fails_at_gate[0])
    done = command("job", "run", str(bad), "--wait", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["status"] == ERROR, done.stderr
    listed = command("runs", "--json", "--limit", "2")
    assert listed.returncode == 0
    assert [run["job_id"] for run in json.loads(listed.stdout)] == [bad, good]
    assert command("job", "run", "No such job", "--wait").returncode == 3
