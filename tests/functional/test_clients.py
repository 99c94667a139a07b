"""Clients of dbt Cloud, unmodified: they do their real work here when only host and token change."""

import json

import pytest
import seed_project
from api import SUCCESS
from clients import Clients
from repositories import SMALL

JOB_FILE = """
jobs:
  {identifier}:
    account_id: {account}
    project_id: {project}
    environment_id: {environment}
    name: {name}
    description: ""
    dbt_version: null
    deferring_environment_id: null
    execute_steps: ["{step}"]
    generate_docs: false
    run_generate_sources: false
    run_compare_changes: false
    settings: {{threads: 4, target_name: default}}
    execution: {{timeout_seconds: 0}}
    schedule: {{cron: "0 */6 * * *"}}
    triggers: {{github_webhook: false, git_provider_webhook: false, schedule: true, on_merge: false}}
    custom_environment_variables:
      - DBT_GREETING: hello
"""


@pytest.fixture(scope="module")
def account(appliance, api):
    """An account of the clients' own."""
    made = seed_project.add_account(appliance, "Clients")
    return api.of_account(made.account_id, made.token)


@pytest.fixture(scope="module")
def project(account, make_project):
    broken = {**SMALL, "models/broken.sql": "select * from nowhere"}
    good, _ = make_project(account_id=account.account_id)
    bad, _ = make_project(broken, account_id=account.account_id)
    path = f"/api/v3/accounts/{account.account_id}/projects/{bad.project_id}/"
    assert account.request("POST", path, {"name": "Broken project"}).status == 200
    return good, bad


@pytest.fixture(scope="module")
def clients(account, tmp_path_factory):
    return Clients(account, tmp_path_factory.mktemp("clients"))


def test_airflow_s_hook_and_operators(account, project, clients):
    good, bad = project
    job = account.create_job(good, name="Airflow")
    failing = account.create_job(bad, name="Airflow fails")
    connection = {"conn_type": "dbt_cloud", "login": str(account.account_id), "password": account.token,
                  "host": clients.host}
    seen = clients.script("airflow", job, failing, clients.folder, AIRFLOW_HOME=str(clients.folder / "airflow"),
                          AIRFLOW_CONN_DBT_CLOUD_DEFAULT=json.dumps(connection))
    assert seen["connection"] is True and seen["account"] == account.account_id
    assert seen["projects"] == ["Test project", "Broken project"] and seen["by name"] == job
    assert seen["status"] == seen["wanted status"] == SUCCESS
    assert seen["results"] == 5 and job in seen["listed"]
    assert "reached terminal status ERROR" in seen["error"]


def test_prefect_s_flow(account, project, clients):
    good, bad = project
    seen = clients.script("prefect", account.create_job(good, name="Prefect"),
                          account.create_job(bad, name="Prefect fails"),
                          PREFECT_HOME=str(clients.folder / "prefect"), PREFECT_LOGGING_LEVEL="ERROR",
                          PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="180", DO_NOT_TRACK="1")
    assert seen["status"] == SUCCESS and "manifest.json" in seen["artifacts"]
    assert "DbtCloudJobRunFailed" in seen["error"]
    assert sorted(seen["models"]) == ["model.small.doubled", "model.small.total"]
    assert all(seconds > 0 for seconds in seen["models"].values())


def test_dbtc_s_methods(account, project, clients):
    good, _ = project
    seen = clients.script("dbtc", account.account_id, good.project_id, account.create_job(good, name="dbtc"))
    wrong = {method: code for method, code in seen["codes"].items() if code not in (200, 201)}
    assert not wrong
    assert seen["run"] == "Success" and "run_results.json" in seen["artifacts"] and seen["nodes"] == seen["timed"] == 5
    assert seen["group"] == "dbtc" and seen["token"] == "mws_" and seen["webhook"]
    # Of the Discovery API, on its own host name.
    assert seen["errors"] == {}
    known = {name: next(iter(data.values())) for name, data in seen["known"].items()}
    ran = {model["uniqueId"] for model in known["most"]["mostExecutedModels"]}
    assert ran == {"model.small.doubled", "model.small.total"}
    assert all(model["maxExecutionTime"] > 0 for model in known["longest"]["longestExecutedModels"])
    assert known["failed"]["mostExecutionFailedModels"] == []
    [*_, day] = known["history"]["modelExecutionHistory"]
    assert day["executionsByJob"][0]["executions"][0]["status"] == "success"
    assert "dbtc" in [job["name"] for job in known["jobs"]["jobInformation"]]
    assert "small" in [project["dbtCoreProject"] for project in known["mesh"]["meshProjects"]]
    found = [edge["node"]["hit"]["name"] for edge in known["found"]["applied"]["searchResults"]["edges"]]
    assert found[0] == "total"


def test_dbt_jobs_as_code_syncs_a_file(account, project, clients):
    good, _ = project
    file = clients.folder / "jobs.yml"

    def write(step, identifier="nightly"):
        file.write_text(JOB_FILE.format(account=account.account_id, project=good.project_id, name="Nightly",
                                        environment=good.environment_id, step=step, identifier=identifier))

    def jobs_as_code(*args):
        done = clients.run("jobs_as_code", "dbt-jobs-as-code", *args, DBT_API_KEY=account.token,
                           DBT_BASE_URL=account.url)
        assert done.returncode == 0, done.stdout[-3000:]
        return done.stdout

    def ours():
        return [job for job in account.get("jobs/") if "[[nightly]]" in job["name"]]

    write("dbt build")
    jobs_as_code("validate", file, "--online")
    jobs_as_code("sync", file)
    made, = ours()
    assert made["schedule"]["cron"] == "0 */6 * * *" and made["triggers"]["schedule"] is True
    variables = account.get(f"jobs/{made['id']}/", include_related="custom_environment_variables")
    assert [each["display_value"] for each in variables["custom_environment_variables"]] == ["hello"]
    assert "No changes detected" in jobs_as_code("plan", file)
    write("dbt run")
    jobs_as_code("sync", file)
    changed, = ours()
    assert changed["id"] == made["id"] and changed["execute_steps"] == ["dbt run"]
    assert "No changes detected" in jobs_as_code("plan", file)
    # What the file no longer has goes away.
    write("dbt run", identifier="hourly")
    jobs_as_code("sync", file)
    assert not ours()


def test_dbt_cloud_cli(account, project, clients):
    good, bad = project
    job = account.create_job(good, name="From the terminal")

    def cli(*args):
        return clients.run("cloud_cli", "dbt-cloud", *args, DBT_CLOUD_API_TOKEN=account.token,
                           DBT_CLOUD_ACCOUNT_ID=str(account.account_id), DBT_CLOUD_HOST=clients.host)

    for command in (["account", "list"], ["project", "list"], ["job", "list"], ["run", "list"], ["audit-log", "get"],
                    ["environment", "list", "--project-id", good.project_id],
                    ["connection", "list", "--project-id", good.project_id]):
        done = cli(*command)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}"
    ran = cli("job", "run", "--job-id", job, "--wait")
    assert ran.returncode == 0 and '"is_success": true' in ran.stdout, ran.stdout[-3000:]
    run_id = account.get("runs/", job_definition_id=job)[0]["id"]
    file = clients.folder / "manifest.json"
    got = cli("run", "get-artifact", "--run-id", run_id, "--path", "manifest.json", "--file", file)
    assert got.returncode == 0 and len(json.loads(file.read_text())["nodes"]) == 5
    query = clients.folder / "query.graphql"
    query.write_text("{ models(jobId: %d, runId: %d) { uniqueId status tests { status } } }" % (job, run_id))
    asked = cli("metadata", "query", "--file", query)
    assert asked.returncode == 0, asked.stdout[-3000:]
    models = json.loads(asked.stdout)["data"]["models"]
    assert {model["uniqueId"]: model["status"] for model in models} == {
        "model.small.doubled": "success", "model.small.total": "success"}
    failed = cli("job", "run", "--job-id", account.create_job(bad, name="Fails"), "--wait")
    assert failed.returncode != 0 or '"is_error": true' in failed.stdout
    exported = clients.folder / "job.json"
    assert cli("job", "export", "--job-id", job, "--file", exported).returncode == 0
    imported = cli("job", "import", "--file", exported)
    assert imported.returncode == 0, imported.stdout[-2000:]
    assert cli("job", "delete", "--job-id", job).returncode == 0
    assert account.request("GET", account.account_path(f"jobs/{job}/")).status == 404
