"""Jobs that run after other jobs' runs, in other projects too."""

from api import SUCCESS
from waiting import wait_until


def after(job_id, *statuses):
    return {"condition": {"job_id": job_id, "statuses": list(statuses)}}


def runs_of(api, job):
    return api.get("runs/", job_definition_id=job)


def test_a_chain_over_two_projects_runs_by_itself(api, small, make_project):
    elsewhere, _ = make_project()
    load = api.create_job(small, name="Load", steps=["dbt seed"])
    build = api.create_job(elsewhere, name="Build", steps=["dbt parse"],
                           job_completion_trigger_condition=after(load, SUCCESS))
    report = api.create_job(small, name="Report", steps=["dbt parse"],
                            job_completion_trigger_condition=after(build, SUCCESS))
    alarm = api.create_job(small, name="Alarm", steps=["dbt parse"],
                           job_completion_trigger_condition=after(load, 20))
    run = api.run_job(load)
    assert run["status"] == SUCCESS
    wait_until(lambda: [each for each in runs_of(api, report) if each["status"] == SUCCESS], "the chain has run")
    built, = api.get("runs/", job_definition_id=build, include_related='["trigger"]')
    assert built["trigger"]["cause"] == f"Run {run['id']} of Load ended: Success"
    assert built["trigger"]["cause_category"] == "job completion"
    assert runs_of(api, alarm) == []
    # Run again by hand, it goes on from there, and each follows once.
    api.run_job(build)
    wait_until(lambda: len([each for each in runs_of(api, report) if each["status"] == SUCCESS]) == 2, "it runs again")
    assert len(runs_of(api, build)) == 2 and len(runs_of(api, report)) == 2


def test_jobs_that_would_start_each_other_are_refused(api, small):
    first = api.create_job(small, name="Egg", steps=["dbt parse"])
    second = api.create_job(small, name="Hen", steps=["dbt parse"], job_completion_trigger_condition=after(first, SUCCESS))
    answer = api.request("POST", f"/api/v2/accounts/{api.account_id}/jobs/{first}/", {
        "job_completion_trigger_condition": after(second, SUCCESS)})
    assert answer.status == 400
    assert "Hen, which waits for Egg" in answer.json["status"]["user_message"]
