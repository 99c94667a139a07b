"""Inside dbtc's environment: its methods against this appliance."""

import json
import os
import sys

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
print("SEEN " + json.dumps({
    "codes": codes, "run": run["status_humanized"], "artifacts": paths, "nodes": len(manifest["nodes"]), "timed": len(timing),
    "group": group["name"], "token": token["token_string"][:4], "webhook": webhook["hmac_secret"] != ""}))
