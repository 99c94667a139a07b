"""Runs that compare with what an earlier run left, and defer to what it has built."""

import pytest
import seed_project
from api import ERROR, SUCCESS, logs, names
from repositories import SMALL, raw_sources

MODIFIED = "dbt build --select state:modified+"
OTHER_TOTAL = "select sum(amount) + 1 as total from {{ ref('doubled') }}"


@pytest.fixture
def two_environments(api, appliance, make_project, projects):
    """(production, ci, repository, path of the DuckDB file); nothing has run yet."""
    path = projects.warehouse()
    production, repository = make_project(warehouse=path)
    return production, seed_project.add_environment(appliance, production, "CI", "ci"), repository, path


def relations(query, path, schema):
    return dict(query(path, "select table_name, table_type from information_schema.tables "
                            f"where table_schema = '{schema}'"))


def test_only_what_changed_is_built_and_the_rest_comes_from_production(
        api, two_environments, query_duckdb):
    production, ci, repository, path = two_environments
    slim = api.create_job(ci, steps=[MODIFIED], deferring_environment_id=production.environment_id)

    # Nothing to compare with yet: the run goes on, and dbt's selector cannot.
    run = api.run_job(slim)
    assert run["status"] == ERROR and run["deferring_run_id"] is None
    assert "goes on without deferral: no run of environment Production has succeeded" in logs(run, 2)
    assert "Once there is one, this job compares with it." in run["status_message"]
    assert "no run of environment Production has succeeded" in logs(run, 4)

    built = api.run_job(api.create_job(production, name="Nightly", generate_docs=True))
    assert built["status"] == SUCCESS, logs(built)
    repository.commit({"models/total.sql": OTHER_TOTAL})
    run = api.run_job(slim)
    assert run["status"] == SUCCESS, logs(run)
    assert run["deferring_run_id"] == built["id"]
    assert f"Deferring to run {built['id']} of job Nightly in environment Production" in logs(run, 2)
    assert "manifest.json, run_results.json" in logs(run, 2)
    assert relations(query_duckdb, path, "ci") == {"total": "BASE TABLE"}
    assert query_duckdb(path, "select total from ci.total") == [[121]]
    assert query_duckdb(path, "select total from main.total") == [[120]]
    listed = api.get("runs/", deferring_run_id=built["id"])
    assert [each["id"] for each in listed] == [run["id"]]

    # A pull request's run: in a schema of its own, and no run to compare with later.
    run = api.run_job(slim, github_pull_request_id=7)
    assert run["status"] == SUCCESS, logs(run)
    schema = f"dbt_cloud_pr_{slim}_7"
    assert run["trigger"]["schema_override"] == schema
    assert relations(query_duckdb, path, schema) == {"total": "BASE TABLE"}

    # What is not there is cloned; DuckDB has no clones, so dbt makes views.
    run = api.run_job(api.create_job(ci, steps=["dbt clone"],
                                     deferring_environment_id=production.environment_id))
    assert run["status"] == SUCCESS, logs(run)
    assert relations(query_duckdb, path, "ci") == {
        "doubled": "VIEW", "numbers": "VIEW", "total": "BASE TABLE"}


def test_a_state_of_the_project_s_own_and_commands_without_any(api, two_environments):
    production, ci, repository, _ = two_environments
    defers = {"deferring_environment_id": production.environment_id}
    nightly = api.create_job(production)
    assert api.run_job(nightly)["status"] == SUCCESS
    # The whole list of commands takes it, or does without.
    steps = ["dbt compile", "dbt ls --select state:modified", "dbt seed --select state:new",
             "dbt show --inline 'select 1' --limit 1", "dbt test --select state:modified",
             "dbt snapshot", "dbt source freshness --select state:modified", "dbt parse",
             "dbt run --select result:success", "dbt debug"]
    run = api.run_job(api.create_job(ci, steps=steps, generate_docs=True, **defers))
    assert run["status"] == SUCCESS, logs(run)
    manifest = api.request("GET", api.account_path(f"runs/{run['id']}/artifacts/manifest.json")).body
    repository.commit({"before/manifest.json": manifest.decode(), "models/total.sql": OTHER_TOTAL,
                       "dbt_project.yml": SMALL["dbt_project.yml"]})
    run = api.run_job(api.create_job(ci, steps=["dbt ls --select state:modified --state before"]))
    assert run["status"] == SUCCESS and "small.total" in logs(run, 4), logs(run)
    assert "small.doubled\n" not in logs(run, 4)
    # Without any of both.
    run = api.run_job(api.create_job(ci, steps=["dbt clone"]))
    assert run["status"] == ERROR
    assert "the job defers to none" in run["status_message"], run["status_message"]


SOURCES = {
    **SMALL,
    "models/from_raw.sql": "select * from {{ source('raw', 'numbers') }}",
    "models/sources.yml": raw_sources(),
}


def test_only_what_has_fresher_sources(api, appliance, make_project):
    production, _ = make_project(SOURCES)
    ci = seed_project.add_environment(appliance, production, "CI", "ci")
    fresher = "dbt ls --resource-type model --select source_status:fresher+"
    assert api.run_job(api.create_job(production, steps=["dbt seed"]))["status"] == SUCCESS
    job = api.create_job(ci, steps=[fresher], deferring_environment_id=production.environment_id)
    run = api.run_job(job)
    assert run["status"] == ERROR
    assert "sources.json of an earlier run" in run["status_message"], run["status_message"]
    built = api.run_job(api.create_job(production, steps=["dbt parse"], run_generate_sources=True))
    assert built["status"] == SUCCESS, logs(built)
    run = api.run_job(job)
    assert run["status"] == ERROR and run["deferring_run_id"] == built["id"]
    assert "put `dbt source freshness` into a step before it" in run["status_message"]
    run = api.run_job(job, steps_override=["dbt source freshness", fresher])
    assert run["status"] == SUCCESS, logs(run)
    assert "small.from_raw" in logs(run, 5) and "small.total" not in logs(run, 5)


def test_a_job_that_compares_with_its_own_last_run_on_postgresql(
        api, appliance, make_project, warehouse):
    fields, secret_fields = warehouse.credentials()
    production, repository = make_project(
        adapter="postgres", config=warehouse.config, schema="deferral_prod", fields=fields,
        secret_fields=secret_fields)
    job = api.create_job(production)
    api.post(f"jobs/{job}/", {"deferring_job_definition_id": job})
    first = api.run_job(job)
    assert first["status"] == SUCCESS, logs(first)
    assert "no run of this job has succeeded" in logs(first, 2)
    repository.commit({"models/total.sql": OTHER_TOTAL})
    second = api.run_job(job, steps_override=["dbt run --select state:modified"])
    assert second["status"] == SUCCESS, logs(second)
    assert second["deferring_run_id"] == first["id"]
    assert "PASS=1 " in logs(second, 4)
    assert warehouse.rows("select total from deferral_prod.total") == ["121"]

    # A retry defers to the same run as the run that it takes up.
    ci = seed_project.add_environment(appliance, production, "CI", "deferral_ci", secret_fields)
    slim = api.create_job(ci, steps=[MODIFIED], deferring_job_definition_id=job)
    repository.commit({"models/total.sql": "select sum(broken) as total from {{ ref('doubled') }}"})
    failed = api.run_job(slim)
    assert failed["status"] == ERROR and failed["can_retry"], logs(failed)
    assert failed["deferring_run_id"] == second["id"]
    assert api.run_job(job, steps_override=["dbt compile"])["status"] == SUCCESS
    repository.commit({"models/total.sql": OTHER_TOTAL})
    retried = api.post(f"runs/{failed['id']}/retry/")["id"]
    run = api.wait_run(retried, related=("run_steps", "debug_logs"))
    assert run["status"] == SUCCESS, logs(run)
    assert names(run)[3] == "Invoke dbt with `dbt retry`"
    assert run["deferring_run_id"] == second["id"]
    assert warehouse.rows("select total from deferral_ci.total") == ["121"]
    tables = "select table_name from information_schema.tables where table_schema = 'deferral_ci'"
    assert warehouse.rows(tables) == ["total"]
