"""All that a run is made of, made through the API: what Terraform and other clients do."""

import subprocess
import urllib.parse

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from repositories import SMALL
from rest import Rest, free_port, listens_at
from waiting import wait_until

GREETING = "select '{{ env_var('DBT_GREETING') }}' as greeting"


@pytest.fixture(scope="module")
def git_daemon(appliance):
    """Serves the tests' repositories: url(repository)."""
    port = free_port()
    daemon = subprocess.Popen(
        ["git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}", "--export-all",
         f"--base-path={appliance.shared}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    wait_until(lambda: listens_at(port), "git daemon listens")

    def url(repository):
        path = urllib.parse.urlsplit(repository.url).path
        return f"git://127.0.0.1:{port}/" + str(path).removeprefix(str(appliance.shared)).lstrip("/")

    yield url
    daemon.terminate()
    daemon.wait()


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Built by API")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture(scope="module")
def built(rest, projects, git_daemon):
    """A project with an environment, from nothing."""
    warehouse = projects.warehouse()
    repository = projects.make({**SMALL, "models/greeting.sql": GREETING})
    project = rest.post("projects/", name="Shop")["id"]
    here = f"projects/{project}/"
    code = rest.post(here + "repositories/", remote_url=git_daemon(repository), git_clone_strategy="git_token")["id"]
    rest.post(here, repository_id=code)
    connection = rest.post("connections/", name="Warehouse", adapter_version="duckdb_v0",
                           config={"path": str(warehouse)})["id"]
    credentials = rest.post(here + "credentials/", type="adapter", adapter_version="duckdb_v0", threads=2,
                            credential_details={"fields": {"schema": {"value": "built"}}})["id"]
    attributes = rest.post(here + "extended-attributes/", extended_attributes={"schema": "laid_over"})["id"]
    environment = rest.post(here + "environments/", name="Production", deployment_type="production",
                            connection_id=connection, credentials_id=credentials,
                            extended_attributes_id=attributes)["id"]
    rest.post(here + "environment-variables/bulk/", env_var={"new_name": "DBT_GREETING", "project": "hello"})
    rest.post(here + "environment-variables/", name="DBT_ENV_SECRET_WORD", type="environment",
              environment_id=environment, raw_value="abracadabra")
    return {"project": project, "environment": environment, "warehouse": warehouse, "credentials": credentials,
            "connection": connection, "attributes": attributes}


def job(rest, built, **fields):
    return rest.api.post("jobs/", {
        "name": "Nightly", "project_id": built["project"], "environment_id": built["environment"],
        "execute_steps": ["dbt build"], **fields})["id"]


def test_a_run_of_what_was_built_by_api(rest, built, query_duckdb):
    run = rest.api.run_job(job(rest, built))
    assert run["status"] == SUCCESS, run["status_message"]
    assert query_duckdb(built["warehouse"], "select greeting from laid_over.greeting") == [["hello"]]
    assert "abracadabra" not in logs(run)


def test_a_job_s_own_variable_wins(rest, built, query_duckdb):
    own = job(rest, built)
    rest.post(f"projects/{built['project']}/environment-variables/", name="DBT_GREETING", type="job",
              job_definition_id=own, raw_value="good evening")
    assert rest.api.run_job(own)["status"] == SUCCESS
    assert query_duckdb(built["warehouse"], "select greeting from laid_over.greeting") == [["good evening"]]


def test_a_profile_takes_the_place_of_what_the_environment_has(rest, built, query_duckdb):
    here = f"projects/{built['project']}/"
    other = rest.post(here + "credentials/", type="adapter", adapter_version="duckdb_v0",
                      credential_details={"fields": {"schema": {"value": "by_profile"}}})["id"]
    profile = rest.post(here + "profiles/", key="other", connection_id=built["connection"], credentials_id=other)["id"]
    environment = rest.post(here + "environments/", name="By profile", primary_profile_id=profile)["id"]
    rest.post(here + "environment-variables/", name="DBT_ENV_SECRET_WORD", type="project", raw_value="x")
    run = rest.api.run_job(job(rest, built, environment_id=environment))
    assert run["status"] == SUCCESS, run["status_message"]
    assert query_duckdb(built["warehouse"], "select count(*) from by_profile.greeting") == [[1]]


def test_a_service_token_runs_jobs_and_nothing_else(rest, built):
    made = rest.post("service-tokens/", name="ci", permission_grants=[
        {"permission_set": "job_runner", "project_id": built["project"]}])
    runner = rest.api.with_token(made["token_string"])
    own = job(rest, built)
    run_id = runner.trigger(own)
    assert runner.wait_run(run_id)["status"] == SUCCESS
    refused = runner.request("DELETE", runner.account_path(f"jobs/{own}/"))
    assert refused.status == 403 and "write access to jobs" in refused.json["status"]["user_message"]
    assert runner.request("GET", f"/api/v3/accounts/{rest.api.account_id}/service-tokens/").status == 403
    rest.call("DELETE", f"service-tokens/{made['id']}/")
    assert runner.request("GET", runner.account_path("jobs/")).status == 401


def test_what_is_used_is_not_removed(rest, built):
    here = f"projects/{built['project']}/"
    for rest_of in (f"connections/{built['connection']}/", here + f"extended-attributes/{built['attributes']}/",
                    here + f"environments/{built['environment']}/"):
        answer = rest.api.request("DELETE", f"/api/v3/accounts/{rest.api.account_id}/{rest_of}")
        assert answer.status == 409, f"{rest_of}: {answer!r}"
        assert answer.json["status"]["user_message"]


def test_a_wrong_address_is_told_in_the_run(rest, built):
    project = rest.post("projects/", name="Lost")["id"]
    here = f"projects/{project}/"
    code = rest.post(here + "repositories/", remote_url="git://127.0.0.1:1/nowhere.git")["id"]
    rest.post(here, repository_id=code)
    credentials = rest.post(here + "credentials/", type="adapter", adapter_version="duckdb_v0",
                            credential_details={"fields": {"schema": {"value": "x"}}})["id"]
    environment = rest.post(here + "environments/", name="Production", connection_id=built["connection"],
                            credentials_id=credentials)["id"]
    run = rest.api.run_job(job(rest, built, project_id=project, environment_id=environment))
    assert run["status"] == ERROR and "127.0.0.1" in logs(run)


def test_a_removed_project_takes_its_jobs_with_it(rest, built):
    project = rest.post("projects/", name="Short-lived")["id"]
    environment = rest.post(f"projects/{project}/environments/", name="E")["id"]
    own = job(rest, built, project_id=project, environment_id=environment)
    assert rest.call("DELETE", f"projects/{project}/")["state"] == 2
    assert rest.api.request("GET", rest.api.account_path(f"jobs/{own}/")).status == 404
    rest.call("GET", f"projects/{project}/", expect=404)
