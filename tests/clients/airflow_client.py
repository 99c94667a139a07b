"""Inside Airflow's environment: its dbt Cloud hook and operators against this appliance."""

import json
import os
import sys
from unittest.mock import MagicMock

from airflow.providers.dbt.cloud.hooks.dbt import DbtCloudHook, DbtCloudJobRunStatus
from airflow.providers.dbt.cloud.operators.dbt import (
    DbtCloudGetJobRunArtifactOperator,
    DbtCloudListJobsOperator,
    DbtCloudRunJobOperator,
)

try:
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG

job, failing, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
seen = {}
hook = DbtCloudHook()
seen["connection"] = hook.test_connection()[0]
# Not list_accounts: the provider asks the host's front page for it.
seen["account"] = hook.get_account().json()["data"]["id"]
seen["projects"] = [each["name"] for page in hook.list_projects() for each in page.json()["data"]]
seen["by name"] = hook.get_job_by_name(
    project_name="Test project", environment_name="Production", job_name="Airflow")["id"]


def context():
    return {"ti": MagicMock(), "dag": MagicMock(), "run_id": "test"}


def run(job_id):
    with DAG(f"of_{job_id}"):
        operator = DbtCloudRunJobOperator(task_id="run", job_id=job_id, check_interval=1, timeout=170)
    return operator.execute(context())


run_id = run(job)
seen["status"] = hook.get_job_run_status(run_id=run_id)
seen["wanted status"] = DbtCloudJobRunStatus.SUCCESS.value
os.chdir(folder)
DbtCloudGetJobRunArtifactOperator(
    task_id="get", run_id=run_id, path="run_results.json", output_file_name="results.json").execute(context())
seen["results"] = len(json.load(open("results.json"))["results"])
seen["listed"] = DbtCloudListJobsOperator(task_id="list", account_id=seen["account"]).execute(context())
try:
    run(failing)
    seen["error"] = None
except Exception as problem:
    seen["error"] = f"{type(problem).__name__}: {problem}"
print("SEEN " + json.dumps(seen))
