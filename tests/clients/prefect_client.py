"""Inside Prefect's environment: its dbt Cloud flows against this appliance."""

import asyncio
import json
import os
import sys

from prefect import flow
from prefect_dbt.cloud import DbtCloudCredentials
from prefect_dbt.cloud.jobs import trigger_dbt_cloud_job_run_and_wait_for_completion

job, failing = int(sys.argv[1]), int(sys.argv[2])
credentials = DbtCloudCredentials(api_key=os.environ["DBT_TOKEN"], account_id=int(os.environ["DBT_ACCOUNT"]),
                                  domain=os.environ["DBT_HOST"])


@flow
async def run(job_id):
    return await trigger_dbt_cloud_job_run_and_wait_for_completion(
        dbt_cloud_credentials=credentials, job_id=job_id, poll_frequency_seconds=1)


async def main():
    done = await run(job)
    seen = {"status": done["status"], "artifacts": done["artifact_paths"]}
    try:
        await run(failing)
        seen["error"] = None
    except Exception as problem:
        seen["error"] = f"{type(problem).__name__}: {problem}"
    print("SEEN " + json.dumps(seen))


asyncio.run(main())
