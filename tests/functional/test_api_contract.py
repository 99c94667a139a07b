"""The public API's conventions: who may call, envelope, lists, errors, spellings, formats."""

import re
import urllib.parse

import openapi
import pytest
import seed_project
from api import CANCELLED, SUCCESS

RUN_FIELDS = set("""
    id trigger_id account_id environment_id project_id job_definition_id status dbt_version
    git_branch git_sha status_message owner_thread_id executed_by_thread_id deferring_run_id
    artifacts_saved artifact_s3_path has_docs_generated has_sources_generated notifications_sent
    blocked_by created_at updated_at dequeued_at started_at finished_at last_checked_at
    last_heartbeat_at should_start_at trigger job environment run_steps deprecation
    status_humanized in_progress is_complete is_success is_error is_cancelled duration
    queued_duration run_duration duration_humanized queued_duration_humanized
    run_duration_humanized created_at_humanized finished_at_humanized retrying_run_id can_retry
    retry_not_supported_reason job_id is_running href used_repo_cache audit
    """.split())

TRIGGER_FIELDS = set("""
    id created_at cause cause_humanized cause_category job job_definition_id git_branch git_sha
    azure_pull_request_id github_pull_request_id gitlab_merge_request_id
    non_native_pull_request_id schema_override dbt_version_override threads_override
    target_name_override generate_docs_override timeout_seconds_override steps_override
    """.split())

STEP_FIELDS = set("""
    id run_id account_id index status name logs debug_logs log_path debug_log_path
    truncated_debug_logs started_at finished_at status_color status_humanized duration
    duration_humanized created_at updated_at run_step_command run_step_invocation
    """.split())

JOB_FIELDS = set("""
    id account_id project_id environment_id name dbt_version deferring_environment_id
    deferring_job_definition_id description execute_steps execution generate_docs is_deferrable
    job_type lifecycle_webhooks_url lifecycle_webhooks raw_dbt_version run_compare_changes
    compare_changes_flags run_failure_count run_generate_sources run_lint errors_on_lint_failure
    cost_optimization_features settings state triggers_on_draft_pr triggers
    job_completion_trigger_condition created_at updated_at account project environment
    fusion_readiness schedule generate_sources deactivated next_run next_run_humanized
    most_recent_run most_recent_completed_run cron_humanized custom_environment_variables
    """.split())

RUN_RELATED = ("trigger,job,environment,repository,run_steps,run_retries,used_repo_cache,"
               "repo_cache_restore,audit,debug_logs")
JOB_RELATED = ("account,project,environment,custom_environment_variables,most_recent_run,"
               "most_recent_completed_run,fusion_readiness")

RUN_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}\+00:00")
JOB_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")
NESTED_JOB_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
NEXT_RUN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
DURATION = re.compile(r"\d{2,}:\d\d:\d\d")


@pytest.fixture(scope="module")
def job_id(api, small):
    return api.create_job(small, name="Contract")


# ---- who may call


@pytest.mark.parametrize("header", [
    {}, {"Authorization": "Token wrong"}, {"Authorization": "Bearer wrong"},
    {"Authorization": "Token "}, {"Authorization": "Basic dGVzdDp0ZXN0"}, {"Authorization": "x"},
    {"Cookie": "millwright_session=wrong"},
])
@pytest.mark.parametrize("method, rest", [
    ("GET", "runs/"), ("GET", "jobs/1/"), ("POST", "jobs/1/run/"), ("DELETE", "jobs/1/"),
    ("GET", "runs/1/artifacts/manifest.json"), ("GET", "no-such-thing/"),
])
def test_without_a_good_token_nothing_is_told(api, method, rest, header):
    answer = api.request(method, api.account_path(rest), None, header, authorized=False)
    # A path that is not there may say so; nothing else may.
    assert answer.status == (404 if rest == "no-such-thing/" else 401), answer
    envelope = answer.json
    assert envelope["data"] is None and envelope["status"]["is_success"] is False
    assert envelope["status"]["code"] == answer.status and envelope["status"]["user_message"]


@pytest.mark.parametrize("scheme", ["Token", "Bearer", "token", "BEARER"])
def test_both_spellings_of_the_header_open(api, scheme):
    assert api.with_token(api.token, scheme).get("")["id"] == api.account_id


@pytest.mark.parametrize("method, rest", [
    ("GET", "jobs/{}/"), ("POST", "jobs/{}/"), ("DELETE", "jobs/{}/"), ("POST", "jobs/{}/run/"),
    ("POST", "jobs/{}/rerun/"), ("GET", "runs/{}/"), ("POST", "runs/{}/cancel/"),
    ("POST", "runs/{}/retry/"), ("GET", "runs/{}/retry/"), ("GET", "runs/{}/artifacts/"),
    ("GET", "runs/{}/artifacts/manifest.json"), ("GET", "steps/{}/"), ("GET", "projects/{}/"),
    ("GET", "environments/{}/"),
])
@pytest.mark.parametrize("unknown", ["987654321", "0", "-1", "x", "99999999999999999999999"])
def test_an_unknown_id_is_404(api, method, rest, unknown):
    answer = api.request(method, api.account_path(rest.format(unknown)),
                         {"cause": "x"} if method == "POST" else None)
    assert answer.status == 404, answer
    assert answer.json["status"]["code"] == 404 and "permission" in answer.json["status"]["user_message"]


def test_what_is_another_account_s_is_not_there(api, other_api, small, job_id, done_run):
    paths = [f"jobs/{job_id}/", f"runs/{done_run['id']}/", f"runs/{done_run['id']}/artifacts/",
             f"runs/{done_run['id']}/artifacts/manifest.json", f"steps/{done_run['run_steps'][0]['id']}/",
             f"projects/{small.project_id}/", f"environments/{small.environment_id}/", "", "jobs/"]
    for rest in paths:
        # With the other account's token: by the owner's path, and by one's own.
        assert other_api.request("GET", api.account_path(rest)).status == 404, rest
        if rest not in ("", "jobs/"):
            assert other_api.request("GET", other_api.account_path(rest)).status == 404, rest
    for rest in (f"jobs/{job_id}/run/", f"runs/{done_run['id']}/cancel/", f"jobs/{job_id}/"):
        for path in (api.account_path(rest), other_api.account_path(rest)):
            assert other_api.request("POST", path, {"cause": "mine"}).status == 404, path
    assert other_api.request("DELETE", other_api.account_path(f"jobs/{job_id}/")).status == 404
    assert api.get(f"jobs/{job_id}/")["name"] == "Contract"
    assert other_api.get("jobs/") == [] and other_api.get("runs/") == []


def test_a_job_can_t_be_made_in_another_account_s_project(other_api, small):
    answer = other_api.request("POST", other_api.account_path("jobs/"), {
        "name": "Mine", "project_id": small.project_id, "environment_id": small.environment_id})
    assert answer.status == 400 and "project_id" in answer.json["status"]["user_message"]


def test_accounts_are_the_caller_s_own(api, other_api):
    answer = api.request("GET", "/api/v2/accounts/")
    assert [account["id"] for account in answer.data] == [api.account_id]
    answer = other_api.request("GET", "/api/v2/accounts/")
    assert [account["id"] for account in answer.data] == [other_api.account_id]


# ---- bodies that are refused


@pytest.mark.parametrize("change, field", [
    ({"name": ""}, "name"), ({"name": 7}, "name"), ({"name": None}, "name"),
    ({"project_id": None}, "project_id"), ({"project_id": "x"}, "project_id"),
    ({"project_id": 987654321}, "project_id"), ({"environment_id": 987654321}, "environment_id"),
    ({"execute_steps": "dbt build"}, "execute_steps"),
    ({"execute_steps": ["dbt build", "rm -rf /"]}, "execute_steps[1]"),
    ({"execute_steps": ["dbt build; dbt run"]}, "execute_steps[0]"),
    ({"settings": {"threads": 0}}, "settings.threads"),
    ({"settings": {"threads": "many"}}, "settings.threads"),
    ({"execution": {"timeout_seconds": -1}}, "execution.timeout_seconds"),
    ({"generate_docs": "yes"}, "generate_docs"),
    ({"triggers": {"schedule": True}}, "schedule"),
    ({"schedule": {"date": {"type": "custom_cron", "cron": "* * *"}}}, "schedule"),
    ({"job_type": "nonsense"}, "job_type"), ({"state": 3}, "state"),
])
def test_a_bad_job_is_400_and_names_the_field(api, small, change, field):
    body = {"name": "Bad", "project_id": small.project_id, "environment_id": small.environment_id}
    answer = api.request("POST", api.account_path("jobs/"), body | change)
    assert answer.status == 400, answer
    status = answer.json["status"]
    assert status["code"] == 400 and field in status["user_message"], status
    assert any(name.startswith(field) for name in status["fields"]), status


@pytest.mark.parametrize("change, field", [
    ({"cause": None}, "cause"), ({"cause": ""}, "cause"), ({"cause": 7}, "cause"),
    ({"steps_override": []}, "steps_override"), ({"steps_override": "dbt run"}, "steps_override"),
    ({"steps_override": ["make coffee"]}, "steps_override[0]"),
    ({"threads_override": 0}, "threads_override"),
    ({"timeout_seconds_override": "long"}, "timeout_seconds_override"),
    ({"git_branch": 5}, "git_branch"),
])
def test_a_bad_trigger_is_400_and_makes_no_run(api, small, change, field):
    job_id = api.create_job(small, name="Never run")
    answer = api.request("POST", api.account_path(f"jobs/{job_id}/run/"), {"cause": "x"} | change)
    assert answer.status == 400 and field in answer.json["status"]["user_message"], answer
    assert api.get("runs/", job_definition_id=job_id) == []


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"cause": "x"', b"\xff\xfe"])
def test_a_body_that_is_no_object_is_400(api, job_id, body):
    answer = api.request("POST", api.account_path(f"jobs/{job_id}/run/"), body)
    assert answer.status == 400 and answer.json["status"]["is_success"] is False, answer


def test_a_form_means_what_json_means(api, small):
    job_id = api.create_job(small, name="Form")
    form = {"cause": "By form & more", "git_branch": "main", "threads_override": "2",
            "steps_override": ["dbt parse", "dbt compile"]}
    answer = api.request("POST", api.account_path(f"jobs/{job_id}/run/"),
                         urllib.parse.urlencode(form, doseq=True),
                         {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 200, answer
    trigger = answer.data["trigger"]
    assert trigger["cause"] == "By form & more" and trigger["threads_override"] == 2
    assert trigger["steps_override"] == ["dbt parse", "dbt compile"]
    api.post(f"runs/{answer.data['id']}/cancel/")
    api.wait_run(answer.data["id"])


def test_a_body_that_is_too_large_is_refused(api, job_id):
    """Before it is sent: the length that is announced is enough."""
    answer = api.request("POST", api.account_path(f"jobs/{job_id}/run/"),
                         headers={"Content-Length": str(64 * 1024 * 1024)})
    assert answer.status == 413, answer


def test_a_method_that_is_not_there_is_405(api):
    answer = api.request("PUT", api.account_path("jobs/"), {})
    assert answer.status == 405, answer


# ---- spellings


def test_slashes_on_or_off_mean_the_same(api, small, job_id):
    for rest in ("jobs/", f"jobs/{job_id}/", "runs/", ""):
        with_slash = api.request("GET", api.account_path(rest))
        without = api.request("GET", api.account_path(rest).rstrip("/"))
        assert with_slash.status == without.status == 200, rest
        assert with_slash.data == without.data, rest
    body = {"name": "No slash", "project_id": small.project_id, "environment_id": small.environment_id}
    made = api.request("POST", api.account_path("jobs"), body)
    assert made.status == 200 and made.data["name"] == "No slash", made
    run = api.request("POST", api.account_path(f"jobs/{made.data['id']}/run"), {"cause": "x"})
    assert run.status == 200, run
    cancelled = api.request("POST", api.account_path(f"runs/{run.data['id']}/cancel"))
    assert cancelled.status == 200, cancelled
    api.wait_run(run.data["id"])


@pytest.fixture(scope="module")
def three_runs(api, small):
    """Three ended runs of one job, oldest first."""
    job_id = api.create_job(small, name="Three", steps=["dbt parse"])
    ids = [api.trigger(job_id) for _ in range(3)]
    api.post(f"runs/{ids[2]}/cancel/")
    for run_id in ids:
        api.wait_run(run_id)
    return job_id, ids


def ids_of(api, **query):
    return [run["id"] for run in api.get("runs/", **query)]


def test_list_parameters_in_all_their_spellings(api, three_runs):
    job_id, ids = three_runs
    mine = {"job_definition_id": job_id}
    # The first has succeeded; of the third nobody knows whether the cancel came in time.
    for spelling in ("[10,30]", "[10, 30]", "10,30", "(10,30)", '["10","30"]', ["10", "30"]):
        assert ids_of(api, **mine, status__in=spelling) == ids, spelling
    assert ids_of(api, **mine, status__in="[20]") == []
    assert ids[0] in ids_of(api, **mine, status=10)
    assert ids_of(api, **mine, pk__in=f"[{ids[0]},{ids[2]}]") == [ids[0], ids[2]]
    assert ids_of(api, **mine, id__gt=ids[0]) == ids[1:]
    assert ids_of(api, **mine, created_at__range='["2020-01-01T00:00:00Z","2021-01-01T00:00:00Z"]') == []
    assert ids_of(api, **mine, created_at__range='["2020-01-01T00:00:00Z","2100-01-01T00:00:00Z"]') == ids
    assert ids_of(api, **mine, account_id=5, unheard_of="x") == ids


@pytest.mark.parametrize("parameter, value", [
    ("limit", "x"), ("limit", "-1"), ("offset", "-1"), ("offset", "1.5"), ("order_by", "password"),
    ("status", "done"), ("status__in", "[done]"), ("job_definition_id", "x"),
    ("created_at__range", "[1]"), ("created_at__range", '["yesterday","today"]'),
])
def test_a_bad_list_parameter_is_400_and_named(api, parameter, value):
    answer = api.request("GET", api.account_path("runs/", **{parameter: value}))
    assert answer.status == 400 and parameter in answer.json["status"]["user_message"], answer


def test_order_and_pages(api, three_runs):
    job_id, ids = three_runs
    mine = {"job_definition_id": job_id}
    assert ids_of(api, **mine, order_by="id") == ids
    assert ids_of(api, **mine, order_by="-id") == ids[::-1]
    assert ids_of(api, **mine, order_by="-created_at") == ids[::-1]
    assert ids_of(api, **mine, order_by="id", limit=2) == ids[:2]
    assert ids_of(api, **mine, order_by="id", limit=2, offset=2) == ids[2:]
    assert ids_of(api, **mine, limit=0) == []


def test_the_envelope_of_a_list(api, three_runs):
    job_id, _ = three_runs
    envelope = api.call("GET", "runs/", job_definition_id=job_id, limit=2, offset=1, order_by="-id")
    assert envelope["status"] == {"code": 200, "is_success": True, "user_message": "Success!",
                                  "developer_message": ""}
    extra = envelope["extra"]
    assert extra["filters"]["limit"] == 2 and extra["filters"]["offset"] == 1
    assert extra["filters"]["account_id"] == api.account_id
    assert extra["order_by"] == "-id"
    assert extra["pagination"] == {"count": 2, "total_count": 3}
    whole = api.call("GET", "jobs/")["extra"]
    assert whole["filters"]["limit"] == 100 and whole["filters"]["offset"] == 0
    assert api.call("GET", "runs/", limit=5000)["extra"]["filters"]["limit"] == 100


@pytest.mark.parametrize("query", [
    "include_related=trigger,job,run_steps",
    "include_related=trigger&include_related=job&include_related=run_steps",
    "include_related=[trigger,job,run_steps]",
    'include_related=["trigger","job","run_steps"]',
    "include_related=['trigger','job','run_steps']",
    "include_related[]=trigger&include_related[]=job&include_related[]=run_steps",
    "include_related=trigger,job,run_steps,something_new",
])
def test_include_related_in_all_its_spellings(api, done_run, query):
    query = query.replace('"', "%22").replace("'", "%27").replace("[", "%5B").replace("]", "%5D")
    answer = api.request("GET", api.account_path(f"runs/{done_run['id']}/") + "?" + query)
    assert answer.status == 200, answer
    run = answer.data
    assert run["trigger"] and run["job"] and run["run_steps"] and run["environment"] is None


def test_what_was_not_asked_for_is_null(api, done_run):
    run = api.get(f"runs/{done_run['id']}/")
    assert run["trigger"] is None and run["job"] is None and run["environment"] is None
    assert run["audit"] is None and run["run_steps"] == []


# ---- formats


def test_a_run_has_every_field(api, done_run):
    run = api.run(done_run["id"], "trigger", "job", "environment", "run_steps", "debug_logs", "audit")
    assert RUN_FIELDS - set(run) == set()
    assert TRIGGER_FIELDS - set(run["trigger"]) == set()
    for step in run["run_steps"]:
        assert STEP_FIELDS - set(step) == set()
    assert RUN_FIELDS - set(api.get("runs/", pk__in=f"[{run['id']}]")[0]) == set()


def test_a_run_s_values(api, done_run, small):
    run = api.run(done_run["id"], "trigger", "job", "environment", "run_steps", "audit")
    assert run["status"] == SUCCESS and run["status_humanized"] == "Success"
    assert (run["in_progress"], run["is_complete"], run["is_success"], run["is_error"],
            run["is_cancelled"]) == (False, True, True, False, False)
    assert run["project_id"] == small.project_id and run["environment_id"] == small.environment_id
    assert run["job_id"] == run["job_definition_id"] == run["job"]["id"]
    assert run["can_retry"] is False and run["retry_not_supported_reason"] == "RETRY_NOT_FAILED_RUN"
    assert run["href"] == (f"{api.url}/deploy/{api.account_id}/projects/{small.project_id}"
                           f"/runs/{run['id']}/")
    assert re.fullmatch("[0-9a-f]{40}", run["git_sha"]) and run["git_branch"] == "main"
    assert run["trigger"]["cause_category"] == "api"
    assert run["audit"]["trigger"]["actor"]["type"] == "user"


def test_the_formats_of_times(api, done_run, job_id):
    run = api.run(done_run["id"], "trigger", "job", "run_steps")
    times = [run[name] for name in ("created_at", "updated_at", "dequeued_at", "started_at",
                                    "finished_at", "should_start_at")]
    times += [run["trigger"]["created_at"]]
    times += [step[name] for step in run["run_steps"]
              for name in ("created_at", "updated_at", "started_at", "finished_at")]
    for time in times:
        assert RUN_TIME.fullmatch(time), time
    job = api.get(f"jobs/{job_id}/")
    for name in ("created_at", "updated_at"):
        assert JOB_TIME.fullmatch(job[name]), job[name]
        assert NESTED_JOB_TIME.fullmatch(run["job"][name]), run["job"][name]
    for holder in (run, *run["run_steps"]):
        assert DURATION.fullmatch(holder["duration"]), holder["duration"]
    assert DURATION.fullmatch(run["queued_duration"]) and DURATION.fullmatch(run["run_duration"])
    assert re.search("second|minute", run["duration_humanized"])
    assert run["created_at_humanized"].endswith(" ago")


def test_a_job_has_every_field_and_lives_its_life(api, small):
    job = api.post("jobs/", {
        "id": None, "name": "Full", "description": "About it", "account_id": api.account_id,
        "project_id": small.project_id, "environment_id": small.environment_id, "dbt_version": None,
        "execute_steps": ["dbt seed", "dbt run"], "settings": {"threads": 3, "target_name": "prod"},
        "execution": {"timeout_seconds": 60}, "generate_docs": True, "state": 1,
        "triggers": {"github_webhook": False, "schedule": True, "git_provider_webhook": False},
        "schedule": {"date": {"type": "every_day"}, "time": {"type": "at_exact_hours", "hours": [4]}},
        "some_new_field": {"of": "a later client"},
    })
    assert JOB_FIELDS - set(job) == set()
    assert job["settings"] == {"threads": 3, "target_name": "prod"}
    assert job["execution"] == {"timeout_seconds": 60} and job["generate_docs"] is True
    assert job["schedule"]["cron"] and job["schedule"]["time"]["hours"] == [4]
    assert NEXT_RUN.fullmatch(job["next_run"]) and "T04:00:00" in job["next_run"]
    assert job["cron_humanized"] == "At 04:00 AM"
    assert api.get(f"jobs/{job['id']}/") == job | {"next_run_humanized": api.get(
        f"jobs/{job['id']}/")["next_run_humanized"]}

    changed = api.post(f"jobs/{job['id']}/", {**job, "name": "Fuller",
                                              "triggers": {**job["triggers"], "schedule": False}})
    assert changed["name"] == "Fuller" and changed["next_run"] is None
    assert changed["created_at"] == job["created_at"] and changed["updated_at"] > job["updated_at"]

    gone = api.delete(f"jobs/{job['id']}/")
    assert gone["id"] == job["id"] and gone["state"] == 2
    assert api.request("GET", api.account_path(f"jobs/{job['id']}/")).status == 404
    assert job["id"] not in [each["id"] for each in api.get("jobs/")]
    assert job["id"] in [each["id"] for each in api.get("jobs/", state="deleted")]
    assert api.request("POST", api.account_path(f"jobs/{job['id']}/run/"),
                       {"cause": "x"}).status == 404


def test_a_job_is_deleted_by_its_state_too(api, small):
    job_id = api.create_job(small, name="Soft")
    assert api.post(f"jobs/{job_id}/", {"state": 2})["state"] == 2
    assert api.request("GET", api.account_path(f"jobs/{job_id}/")).status == 404


def test_what_little_a_client_must_send(api, small):
    job = api.post("jobs/", {"name": "Bare", "project_id": small.project_id,
                             "environment_id": small.environment_id})
    assert job["settings"]["target_name"] == "default" and job["state"] == 1
    assert job["execution"] == {"timeout_seconds": 0} and job["generate_docs"] is False
    assert job["triggers"]["schedule"] is False and job["job_type"] == "other"


def test_recent_runs_of_a_job(api, three_runs):
    job_id, ids = three_runs
    job = api.get(f"jobs/{job_id}/", include_related="most_recent_run,most_recent_completed_run")
    assert job["most_recent_run"]["id"] == job["most_recent_completed_run"]["id"] == ids[2]
    assert api.get(f"jobs/{job_id}/")["most_recent_run"] is None


def test_a_run_that_is_over_stays_as_it_is(api, done_run):
    assert api.post(f"runs/{done_run['id']}/cancel/")["status"] == SUCCESS != CANCELLED


def test_projects_environments_and_users(api, appliance, small):
    project = api.get(f"projects/{small.project_id}/")
    assert project["id"] == small.project_id and project["name"] == "Test project"
    assert small.project_id in [each["id"] for each in api.get("projects/")]
    environment = api.get(f"environments/{small.environment_id}/")
    assert environment["project_id"] == small.project_id and environment["type"] == "deployment"
    assert environment["deployment_type"] == "production"
    listed = api.get("environments/", project_id=small.project_id)
    assert [each["id"] for each in listed] == [small.environment_id]
    users = api.get("users/")
    assert appliance.sample["email"] in [user["email"] for user in users]


# ---- against dbt Cloud's own description


@pytest.fixture(scope="module")
def described():
    if not openapi.FILE.is_file():
        pytest.skip(f"dbt Cloud's description of its API is not at {openapi.FILE}")
    return openapi.Description()


@pytest.mark.parametrize("path", [
    "", "projects/", "projects/{project}/", "environments/", "environments/{environment}/", "jobs/",
    "jobs/{job}/", "runs/", "runs/{run}/", "runs/{run}/retry/", "runs/{run}/artifacts/",
    "steps/{step}/", "users/",
])
def test_answers_are_as_described(api, described, done_run, small, path):
    values = {"project": small.project_id, "environment": small.environment_id,
              "job": done_run["job_id"], "run": done_run["id"], "step": done_run["run_steps"][0]["id"]}
    spelled = "/api/v2/accounts/{account_id}/" + re.sub(
        r"\{(\w+)\}", lambda m: "{run_id}" if m[1] == "run" and not path.endswith("{run}/") else "{id}", path)
    related = {"runs": RUN_RELATED, "jobs": JOB_RELATED}.get(path.split("/")[0], "")
    answer = api.request("GET", api.account_path(path.format(**values), include_related=related))
    assert answer.status == 200, answer
    described.check("GET", spelled, answer.json)


def test_the_parts_of_a_run_and_a_job_are_as_described(api, described, done_run):
    run = api.get(f"runs/{done_run['id']}/", include_related=RUN_RELATED)
    assert run["used_repo_cache"] is False and run["repo_cache_restore"] is None
    assert run["run_retries"] == []
    described.check_part("RunResponse", run)
    described.check_part("RunTrigger", run["trigger"])
    described.check_part("InternalJobDefinition", run["job"])
    described.check_part("EnvironmentV2", run["environment"])
    described.check_part("RepositoryV2Response", run["repository"])
    described.check_part("RunAuditResult", run["audit"])
    for step in run["run_steps"]:
        described.check_part("RunStepResponse", step)
    job = api.get(f"jobs/{run['job_id']}/", include_related=JOB_RELATED)
    described.check_part("HumanReadableJobDefinitionResponse", job)
    described.check_part("Account", job["account"])
    described.check_part("Project", job["project"])
    described.check_part("EnvironmentV2Response", job["environment"])
    assert job["most_recent_run"]["id"] >= run["id"] and job["custom_environment_variables"] == []


def test_the_list_of_accounts_is_as_described(api, described):
    described.check("GET", "/api/v2/accounts/", api.request("GET", "/api/v2/accounts/").json)


def test_answers_to_changes_are_as_described(api, described, small):
    def send(rest, spelled, body):
        answer = api.request("POST", api.account_path(rest), body)
        assert answer.status == 200, answer
        described.check("POST", "/api/v2/accounts/{account_id}/" + spelled, answer.json)
        return answer.data

    job = send("jobs/", "jobs/", {"name": "Described", "project_id": small.project_id,
                                  "environment_id": small.environment_id,
                                  "execute_steps": ["dbt parse"]})
    send(f"jobs/{job['id']}/", "jobs/{id}/", {"name": "Described anew"})
    run = send(f"jobs/{job['id']}/run/", "jobs/{job_id}/run/", {"cause": "x"})
    send(f"runs/{run['id']}/cancel/", "runs/{run_id}/cancel/", {})
    api.wait_run(run["id"])
    run = send(f"jobs/{job['id']}/rerun/", "jobs/{job_id}/rerun/", {})
    api.wait_run(run["id"])


# ---- limits


def test_too_many_requests_are_told_when_to_come_again(own_appliance):
    appliance = own_appliance(API_REQUESTS_PER_MINUTE=60).start()
    appliance.load_sample()
    api = appliance.api
    answers = [api.request("GET", "/api/v2/whoami/") for _ in range(20)]
    assert {answer.status for answer in answers} == {200, 429}
    refused = next(answer for answer in answers if answer.status == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Too many requests" in refused.json["status"]["user_message"]
    # Somebody else is not kept waiting.
    other = seed_project.add_account(appliance, "Patient")
    assert api.of_account(other.account_id, other.token).request("GET", "/api/v2/accounts/").status == 200


def test_a_request_that_is_repeated_with_its_key_runs_the_job_once(api, job_id):
    def ask():
        return api.request("POST", api.account_path(f"jobs/{job_id}/run/"), {"cause": "again and again"},
                           headers={"Idempotency-Key": "nightly-2026-11-26"})
    first, second = ask(), ask()
    assert first.status == second.status == 200 and first.data["id"] == second.data["id"]


def test_a_part_of_an_artifact(api, done_run):
    path = api.account_path(f"runs/{done_run['id']}/artifacts/manifest.json")
    whole = api.request("GET", path).body
    part = api.request("GET", path, headers={"Range": "bytes=10-29"})
    assert part.status == 206 and part.body == whole[10:30]
    assert part.headers["Content-Range"] == f"bytes 10-29/{len(whole)}"
