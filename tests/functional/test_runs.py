"""A run from its trigger to its end, and what it leaves behind."""

import json
import os
import signal
import subprocess

import pytest
import seed_project
from api import ERROR, PREPARATION, SUCCESS, logs, names, statuses
from repositories import SMALL, raw_sources
from waiting import wait_until

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
    seeded, _ = make_project({**SMALL, "models/sources.yml": raw_sources("timestamp '2020-01-01'")})
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


def test_job_run_wait_in_a_terminal(appliance, api, small, make_project):
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
    broken, _ = make_project({**SMALL, "models/total.sql": "select broken("})
    bad = api.create_job(broken)
    done = command("job", "run", str(bad), "--wait", "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["status"] == ERROR, done.stderr
    listed = command("runs", "--json", "--limit", "2")
    assert listed.returncode == 0
    assert [run["job_id"] for run in json.loads(listed.stdout)] == [bad, good]
    assert command("job", "run", "No such job", "--wait").returncode == 3
