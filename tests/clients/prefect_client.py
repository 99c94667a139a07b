"""Inside Prefect's environment: its dbt Cloud flows against this appliance."""

import asyncio
import json
import os
import sys
import time

from prefect import flow
from prefect_dbt.cloud import DbtCloudCredentials
from prefect_dbt.cloud.clients import DbtCloudMetadataClient
from prefect_dbt.cloud.jobs import trigger_dbt_cloud_job_run_and_wait_for_completion

job, failing = int(sys.argv[1]), int(sys.argv[2])
credentials = DbtCloudCredentials(api_key=os.environ["DBT_TOKEN"], account_id=int(os.environ["DBT_ACCOUNT"]),
                                  domain=os.environ["DBT_HOST"])


@flow
async def run(job_id):
    return await trigger_dbt_cloud_job_run_and_wait_for_completion(
        dbt_cloud_credentials=credentials, job_id=job_id, poll_frequency_seconds=1)


METADATA = """
query($environmentId: BigInt!) { environment(id: $environmentId) { applied { models(first: 500) {
  edges { node { uniqueId executionInfo { lastRunId executionTime } } } } } } }
"""


def models_of(environment, run_id):
    """As the Discovery API has them, once it knows of the run."""
    client = DbtCloudMetadataClient(os.environ["DBT_TOKEN"], domain=os.environ["DBT_HOST"])
    deadline = time.monotonic() + 120
    while True:
        answer = client.query(METADATA, variables={"environmentId": environment})
        nodes = [edge["node"] for edge in answer["data"]["environment"]["applied"]["models"]["edges"]]
        if any(node["executionInfo"]["lastRunId"] == run_id for node in nodes):
            return {node["uniqueId"]: node["executionInfo"]["executionTime"] for node in nodes}
        assert time.monotonic() < deadline, f"nothing of run {run_id}: {answer}"
        time.sleep(0.2)


async def main():
    done = await run(job)
    seen = {"status": done["status"], "artifacts": done["artifact_paths"],
            "models": models_of(done["environment_id"], done["id"])}
    try:
        await run(failing)
        seen["error"] = None
    except Exception as problem:
        seen["error"] = f"{type(problem).__name__}: {problem}"
    print("SEEN " + json.dumps(seen))


asyncio.run(main())
