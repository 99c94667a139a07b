"""Inside dbtc's environment: its methods against this appliance."""

import datetime
import json
import os
import sys
import time

from dbtc import dbtCloudClient

account, project, job = (int(each) for each in sys.argv[1:4])
# Its api_key= is overwritten by its own other clients; service_token= is not.
cloud = dbtCloudClient(service_token=os.environ["DBT_TOKEN"], host=os.environ["DBT_HOST"]).cloud
codes = {}


def call(method, *args, **more):
    answer = getattr(cloud, method)(*args, **more)
    codes[method] = answer["status"]["code"]
    return answer["data"]


call("list_accounts")
call("get_account", account)
for each in ("list_projects", "list_jobs", "list_runs", "list_users", "list_groups", "list_invited_users",
             "list_audit_logs", "list_service_tokens", "list_webhooks"):
    call(each, account)
for each in ("get_project", "list_environments", "list_connections", "list_credentials", "list_repositories",
             "list_environment_variables"):
    call(each, account, project)
answer = cloud.trigger_job(account, job, {"cause": "dbtc"}, should_poll=True, poll_interval=1)
assert answer["data"], answer
run = answer["data"]
call("get_run", account, run["id"])
paths = call("list_run_artifacts", account, run["id"])
timing = call("get_run_timing_details", account, project, run["id"])
manifest = cloud.get_run_artifact(account, run["id"], "manifest.json")
group = call("create_group", account, {"account_id": account, "name": "dbtc", "state": 1,
                                       "assign_by_default": False, "sso_mapping_groups": []})
token = call("create_service_token", account, {"account_id": account, "name": "dbtc", "state": 1})
webhook = call("create_webhook", account, {
    "name": "dbtc", "client_url": "https://example.com/x", "event_types": ["job.run.started"],
    "active": True, "description": ""})
call("create_env_vars_bulk", account, project, {"env_var": {"new_name": "DBT_OF_DBTC", "project": "1"}})
metadata = dbtCloudClient(service_token=os.environ["DBT_TOKEN"], host=os.environ["DBT_HOST"]).metadata
environment, errors = run["environment_id"], {}


def ask(method, *args, **more):
    answer = getattr(metadata, method)(*args, **more)
    # What it asks for page by page it gives as a list of answers.
    pages = answer if isinstance(answer, list) else [answer]
    for page in pages:
        if "errors" in page:
            errors[method] = page["errors"]
    return pages[0]["data"]


QUERY = """query($environmentId: BigInt!) { environment(id: $environmentId) { applied { models { edges { node {
  uniqueId executionInfo { lastRunId } } } } } } }"""
deadline = time.monotonic() + 120
while True:
    edges = ask("query", QUERY, {"environmentId": environment})["environment"]["applied"]["models"]["edges"]
    if any(edge["node"]["executionInfo"]["lastRunId"] == run["id"] for edge in edges):
        break
    assert time.monotonic() < deadline, "the run is not known"
    time.sleep(0.2)
MODEL = edges[-1]["node"]["uniqueId"]
today = datetime.datetime.now(datetime.timezone.utc).date()
days = [str(today - datetime.timedelta(days=1)), str(today + datetime.timedelta(days=1))]
known = {
    "longest": ask("longest_executed_models", environment, *days),
    "most": ask("most_executed_models", environment, *days),
    "failed": ask("most_failed_models", environment, *days),
    "failed tests": ask("most_models_test_failures", environment, *days),
    "history": ask("model_execution_history", environment, *days, MODEL),
    "jobs": ask("model_job_information", environment, *days, MODEL),
    "columns": ask("column_lineage", environment, MODEL),
    "mesh": ask("mesh_projects", account),
    "public": ask("public_models", account),
    "recommended": ask("recommendations", environment),
    "found": ask("search", environment, "total"),
}
print("SEEN " + json.dumps({
    "codes": codes, "run": run["status_humanized"], "artifacts": paths, "nodes": len(manifest["nodes"]), "timed": len(timing),
    "group": group["name"], "token": token["token_string"][:4], "webhook": webhook["hmac_secret"] != "",
    "errors": errors, "known": known}))
