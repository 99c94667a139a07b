"""What goes wrong in a project is said in the step that it goes wrong in, in dbt's own words."""

import pytest
from api import CANCELLED, ERROR, SUCCESS, logs
from repositories import SMALL

PROJECT = SMALL["dbt_project.yml"]


def failed_step(run):
    """The first step that failed."""
    return next(step for step in run["run_steps"] if step["status"] == ERROR)


def check_failure(run, step_name, *words):
    assert run["status"] == ERROR and run["is_error"] is True, logs(run)
    step = failed_step(run)
    assert step["name"] == step_name, logs(run)
    for word in words:
        assert word in step["logs"], step["logs"]
    # The steps after it were not done.
    after = [each["status"] for each in run["run_steps"] if each["index"] > step["index"]]
    assert set(after) <= {CANCELLED}, after
    assert run["status_message"].startswith(step_name), run["status_message"]


@pytest.fixture
def run_of(api, make_project):
    def run(files, steps=("dbt build",), overrides=None, job=None, **details):
        seeded, _ = make_project(files, **details)
        return api.run_job(api.create_job(seeded, steps=list(steps), **(job or {})), **(overrides or {}))
    return run


def test_compilation_error(run_of):
    run = run_of({**SMALL, "models/broken.sql": "select * from {{ ref('nowhere') }}"})
    check_failure(run, "Invoke dbt with `dbt build`", "Compilation Error", "nowhere", "broken")


def test_jinja_error(run_of):
    run = run_of({**SMALL, "models/broken.sql": "{% if %}"})
    check_failure(run, "Invoke dbt with `dbt build`", "Compilation Error", "broken.sql")


def test_failing_test(api, run_of):
    run = run_of({**SMALL, "tests/none_is_small.sql": "select * from {{ ref('doubled') }} where amount < 50"})
    check_failure(run, "Invoke dbt with `dbt build`", "none_is_small", "Got 2 results, configured to fail if != 0")
    nodes = {node["name"]: node for node in api.ui(f"runs/{run['id']}/nodes")["nodes"]}
    assert nodes["none_is_small"]["status"] == "fail"
    assert nodes["doubled"]["status"] == "success"
    # Its results are kept: that is what they are for.
    assert "run_results.json" in api.get(f"runs/{run['id']}/artifacts/")


def test_bad_sql(api, run_of):
    run = run_of({**SMALL, "models/broken.sql": "select no_such_column from {{ ref('doubled') }}",
                  "models/after.sql": "select * from {{ ref('broken') }}"})
    check_failure(run, "Invoke dbt with `dbt build`", "no_such_column", "models/broken.sql")
    nodes = {node["name"]: node["status"] for node in api.ui(f"runs/{run['id']}/nodes")["nodes"]}
    assert nodes["broken"] == "error" and nodes["after"] == "skipped"


def test_missing_profile_field(run_of, warehouse):
    run = run_of(SMALL, adapter="postgres", config={**warehouse.config, "hostname": None},
                 fields={"username": "analyst"}, secret_fields={"password": "x-of-nobody"})
    check_failure(run, "Create profile from connection Warehouse", "host")


def test_wrong_password(run_of, warehouse):
    fields, secret_fields = warehouse.credentials(password="not-the-password")
    run = run_of(SMALL, adapter="postgres", config=warehouse.config, fields=fields,
                 secret_fields=secret_fields)
    check_failure(run, "Invoke dbt with `dbt build`", "password authentication failed")
    assert "not-the-password" not in logs(run)


def test_missing_package(run_of):
    run = run_of({**SMALL, "packages.yml": "packages:\n  - local: ../not/there\n"})
    check_failure(run, "Invoke dbt with `dbt deps`", "not/there")


def test_undeclared_package(run_of):
    run = run_of({**SMALL, "models/broken.sql": "select {{ dbt_utils.star(ref('doubled')) }}"})
    check_failure(run, "Invoke dbt with `dbt build`", "'dbt_utils' is undefined")


@pytest.mark.parametrize("step, word", [
    ("dbt conquer", "conquer"), ("dbt build --no-such-option", "--no-such-option"),
    ("dbt build --select", "--select"), ("dbt docs serve-coffee", "serve-coffee"),
])
def test_what_dbt_does_not_know(run_of, api, make_project, step, word):
    """Some are refused before there is a run; those that are not must say it in their step."""
    seeded, _ = make_project()
    answer = api.request("POST", api.account_path("jobs/"), {
        "name": "Bad step", "project_id": seeded.project_id,
        "environment_id": seeded.environment_id, "execute_steps": [step]})
    if answer.status == 400:
        assert word in answer.json["status"]["user_message"]
        return
    run = api.run_job(answer.data["id"])
    check_failure(run, f"Invoke dbt with `{step}`", word)


@pytest.mark.parametrize("step", ["ls -l", "python -c 1", "", "dbt build && dbt test", "dbt run | cat"])
def test_what_is_no_dbt_command_makes_no_job(api, small, step):
    answer = api.request("POST", api.account_path("jobs/"), {
        "name": "Bad step", "project_id": small.project_id,
        "environment_id": small.environment_id, "execute_steps": [step]})
    assert answer.status == 400 and "execute_steps[0]" in answer.json["status"]["user_message"], answer


def test_missing_branch(run_of):
    run = run_of(SMALL, overrides={"git_branch": "no-such-branch"})
    check_failure(run, "Clone git repository", 'no branch "no-such-branch"')


def test_missing_commit(run_of):
    run = run_of(SMALL, overrides={"git_sha": "0123456789012345678901234567890123456789"})
    check_failure(run, "Clone git repository", "no commit")


def test_missing_repository(api, make_project):
    seeded, repository = make_project()
    repository.remove()
    run = api.run_job(api.create_job(seeded))
    check_failure(run, "Clone git repository", "no git repository")


def test_no_project_in_the_repository(run_of):
    run = run_of({"README.md": "Nothing here."})
    check_failure(run, "Create profile from connection Warehouse", "dbt_project.yml")


def test_a_project_file_that_is_no_yaml(run_of):
    run = run_of({"dbt_project.yml": "name: [unclosed"})
    assert run["status"] == ERROR and "dbt_project.yml" in logs(run), logs(run)


# As a rule a locked file is waited for; these tests know that it stays as it is.
NO_RETRIES = {"retries": {"connect_attempts": 1, "retryable_exceptions": ["IOException"]}}


def test_unwritable_warehouse(run_of):
    run = run_of(SMALL, config={"path": "/nowhere/warehouse.duckdb"}, extended=NO_RETRIES)
    check_failure(run, "Invoke dbt with `dbt build`", "/nowhere/warehouse.duckdb")


def test_a_failed_step_ends_the_run_and_the_next_run_is_not_touched_by_it(api, make_project):
    seeded, repository = make_project({**SMALL, "models/total.sql": "select broken("})
    job_id = api.create_job(seeded, steps=["dbt seed", "dbt run", "dbt test"], generate_docs=True)
    run = api.run_job(job_id)
    assert [step["status"] for step in run["run_steps"]] == [SUCCESS] * 4 + [ERROR] + [CANCELLED] * 2
    assert api.get(f"jobs/{job_id}/")["run_failure_count"] == 1
    repository.commit({"models/total.sql": "select 1 as total"})
    assert api.run_job(job_id)["status"] == SUCCESS
    assert api.get(f"jobs/{job_id}/")["run_failure_count"] == 0


def test_an_unknown_dbt_version_is_said(run_of):
    run = run_of(SMALL, overrides={"dbt_version_override": "0.3.0"})
    assert run["status"] == ERROR and "0.3.0" in (logs(run) + run["status_message"]), logs(run)


def test_version_that_can_t_be_installed_says_why(run_of):
    run = run_of(SMALL, overrides={"dbt_version_override": "1.12.0-latest"})
    assert run["status"] == ERROR
    assert "dbt-core-experimental-parser" in (logs(run) + run["status_message"]), logs(run)


def test_two_projects_on_one_duckdb_file(api, make_project, projects):
    """The second waits for the first for a while, then says which run has the file."""
    path, gate = projects.warehouse(), projects.gate()
    holds, _ = make_project({**SMALL, "models/waits.py": gate.model(after="total")}, warehouse=path)
    wants, _ = make_project(warehouse=path, extended=NO_RETRIES)
    holder = api.trigger(api.create_job(holds))
    api.wait_at(gate, holder)
    run = api.run_job(api.create_job(wants))
    gate.open()
    assert api.wait_run(holder)["status"] == SUCCESS
    check_failure(run, "Invoke dbt with `dbt build`", str(path))
    assert f"run {holder}" in run["status_message"].lower(), run["status_message"]
