"""Jobs in a real browser: found, made, edited, run, duplicated, deleted."""

import re

import pytest
import yaml
from api import SUCCESS
from browser import NARROW, WIDE
from playwright.sync_api import expect
from test_browser import brightness
from waiting import wait_until

PROJECT = "Jobs of the browser"

ODD_NAME = "Hourly <b>load</b> & “übung” مشروع"


@pytest.fixture(scope="module")
def place(api, make_project):
    """A project of its own, by a name of its own."""
    seeded, _ = make_project()
    api.post(f"projects/{seeded.project_id}/", {"name": PROJECT})
    return seeded


@pytest.fixture(scope="module")
def rich(api, place):
    """A job with something of everything: (id, a run of it that went well)."""
    job_id = api.create_job(
        place, name=ODD_NAME, steps=["dbt seed", "dbt build --select 'a b'"],
        description="Loads all.\nEvery hour.", generate_docs=True,
        triggers={"schedule": True, "github_webhook": True, "on_merge": True},
        schedule={"date": {"type": "days_of_week", "days": [1, 3]},
                  "time": {"type": "every_hour", "interval": 6}},
        execution={"timeout_seconds": 3600, "memory_limit_mb": 2048})
    api.post(f"jobs/{job_id}/", {"deferring_job_definition_id": job_id})
    run = api.run_job(job_id, steps_override=["dbt seed"])
    assert run["status"] == SUCCESS, run["status_message"]
    return job_id, run


def list_path(visitor, search=""):
    return f"/deploy/{visitor.account}/jobs{search}"


def job_path(visitor, place, job_id, rest=""):
    return f"/deploy/{visitor.account}/projects/{place.project_id}/jobs/{job_id}{rest}"


def choose(page, label, option):
    page.get_by_role("combobox", name=label, exact=True).or_(
        page.get_by_role("textbox", name=label, exact=True)).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def job_of(api, page):
    """Of whose page it is."""
    expect(page).to_have_url(re.compile(r"/jobs/\d+$"))
    return api.get(f"jobs/{page.url.rsplit('/', 1)[1]}/", include_related="custom_environment_variables")


# ---- making one


def test_a_job_is_made_scheduled_and_run(api, visit, place):
    visitor = visit(timezone_id="Asia/Kolkata")
    page = visitor.page
    page.goto(list_path(visitor))
    page.get_by_role("link", name="New job").click()
    expect(page.get_by_role("heading", name="New job")).to_be_visible()
    choose(page, "Project", PROJECT)
    page.get_by_role("textbox", name="Name", exact=True).fill("Made here")
    # Steps are checked while one types, and can be moved.
    step = page.get_by_role("textbox", name="Step 1")
    step.fill("dbt frobnicate")
    expect(page.get_by_text("`frobnicate` is no command of dbt.")).to_be_visible()
    step.fill("dbt run --vars '{a: 1}")
    expect(page.get_by_text("A single quote (') is not closed.")).to_be_visible()
    step.fill("dbt run")
    expect(page.get_by_text("is not closed")).to_have_count(0)
    page.get_by_role("button", name="Add a step").click()
    expect(page.get_by_role("textbox", name="Step 2")).to_be_focused()
    page.get_by_role("textbox", name="Step 2").fill("dbt seed")
    page.get_by_role("button", name="Move step 2 up").click()
    expect(page.get_by_role("textbox", name="Step 1")).to_have_value("dbt seed")
    # The schedule says what it comes to.
    page.get_by_role("switch", name="Schedule").check(force=True)
    for choice in ("18:00", "Saturday", "Sunday"):
        page.get_by_role("checkbox", name=choice).press("Space")
    expect(page.get_by_text("At 06:00 and 18:00, Monday through Friday")
           .or_(page.get_by_text("At 06:00 and 18:00, only on Monday, Tuesday"))).to_be_visible()
    rows = page.get_by_role("table", name="Next 5 runs").get_by_role("row")
    expect(rows).to_have_count(6)
    expect(rows.nth(1)).to_contain_text(re.compile(r"(06:00.*11:30 \+05:30|18:00.*23:30 \+05:30)"))
    page.get_by_role("button", name="Create job").click()
    expect(page.get_by_role("heading", name="Made here")).to_be_visible()
    made = job_of(api, page)
    assert made["environment_id"] == place.environment_id
    assert made["execute_steps"] == ["dbt seed", "dbt run"]
    assert made["schedule"]["cron"] == "0 6,18 * * 1,2,3,4,5"
    assert made["triggers"]["schedule"] is True and made["job_type"] == "scheduled"
    page.get_by_role("button", name="Run now").click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    run, = api.get("runs/", job_definition_id=made["id"])
    assert run["id"] == int(page.url.rsplit("/", 1)[1])


def test_what_is_wrong_is_said_at_the_field(api, visit, place):
    visitor = visit()
    page = visitor.page
    page.goto(list_path(visitor, f"/new?project={place.project_id}"))
    page.get_by_role("button", name="Create job").click()
    expect(page.get_by_role("alert")).to_contain_text("Some fields below need another look")
    expect(page.get_by_text("Give the job a name")).to_be_visible()
    # The server's own words, where they belong.
    page.get_by_role("textbox", name="Name", exact=True).fill("Wrong")
    page.get_by_role("textbox", name="Step 1").fill("")
    page.get_by_label("Memory limit (MiB)").fill("5")
    page.get_by_role("switch", name="Schedule").check(force=True)
    page.get_by_role("radio", name="Cron expression").check()
    page.get_by_role("textbox", name="Cron expression").fill("61 * * * *")
    expect(page.get_by_text('minute "61": must be from 0 to 59')).to_be_visible()
    page.get_by_role("textbox", name="Cron expression").fill("30 4 L * *")
    expect(page.get_by_text("At 04:30, on the last day of the month")).to_be_visible()
    page.get_by_role("button", name="Create job").click()
    steps = page.get_by_role("list", name="Steps")
    expect(steps).to_contain_text("must not be empty")
    expect(page.get_by_text("must be 0 (no limit) or from 128 to 16777216")).to_be_visible()
    assert not api.get("jobs/", name="Wrong")
    page.get_by_role("textbox", name="Step 1").fill("dbt build")
    expect(steps).not_to_contain_text("must not be empty")
    # Nothing that was typed is lost without a question.
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Cancel").click()
    visitor.until(lambda: asked, "the question")
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Wrong")
    page.get_by_label("Memory limit (MiB)").fill("512")
    page.get_by_role("radio", name="This job").check()
    page.get_by_role("button", name="Create job").click()
    expect(page.get_by_role("heading", name="Wrong")).to_be_visible()
    made = job_of(api, page)
    assert made["schedule"]["cron"] == "30 4 L * *" and made["execution"]["memory_limit_mb"] == 512
    assert made["deferring_job_definition_id"] == made["id"]


# ---- editing it


def test_a_job_is_edited_with_its_variables(api, visit, place):
    job_id = api.create_job(place, name="To be edited")
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id))
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("textbox", name="Name", exact=True).first.fill("Edited")
    for name, value in (("DBT_DAYS", "3"), ("DBT_ENV_SECRET_KEY", "hidden value")):
        page.get_by_role("button", name="Add an override").click()
        row = page.get_by_role("list", name="Environment variable overrides").get_by_role("listitem").last
        row.get_by_label("Name").fill(name)
        row.get_by_label("Name").press("Escape")
        row.get_by_label("Value", exact=True).fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Edited")).to_be_visible()
    edited = job_of(api, page)
    assert edited["name"] == "Edited"
    shown = {each["name"]: each["display_value"] for each in edited["custom_environment_variables"]}
    assert shown["DBT_DAYS"] == "3" and set(shown["DBT_ENV_SECRET_KEY"]) == {"*"}
    expect(page.get_by_text("DBT_DAYS")).to_be_visible()
    # Who did it.
    page.get_by_role("tab", name="Settings history").click()
    history = page.get_by_role("table", name="Settings history")
    expect(history.get_by_role("row").nth(1)).to_contain_text("Edited")
    expect(history).to_contain_text("Created")
    # A secret can be replaced, not read; what is removed goes.
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Remove the override of DBT_DAYS").click()
    expect(page.get_by_label("Value", exact=True)).to_have_value("•" * 12)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Edited")).to_be_visible()
    assert [each["name"] for each in job_of(api, page)["custom_environment_variables"]] == ["DBT_ENV_SECRET_KEY"]


def test_nobody_is_overwritten_silently(api, visit, place):
    job_id = api.create_job(place, name="For two")
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id, "/edit"))
    page.get_by_label("Description").fill("Mine")
    api.post(f"jobs/{job_id}/", {"description": "Theirs"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody else has changed this job")
    assert api.get(f"jobs/{job_id}/")["description"] == "Theirs"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Mine")).to_be_visible()
    assert job_of(api, page)["description"] == "Mine"


def test_a_job_is_duplicated_and_deleted(api, visit, place, rich):
    job_id, _ = rich
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id))
    page.get_by_role("link", name="Duplicate").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value(f"Copy of {ODD_NAME}")
    page.get_by_role("button", name="Create job").click()
    expect(page.get_by_role("heading", name=f"Copy of {ODD_NAME}")).to_be_visible()
    copy, original = job_of(api, page), api.get(f"jobs/{job_id}/")
    own = ("id", "name", "created_at", "updated_at", "next_run_humanized", "deferring_job_definition_id",
           "custom_environment_variables")
    assert {key: copy[key] for key in copy if key not in own} == {
        key: original[key] for key in original if key not in own}
    assert copy["deferring_job_definition_id"] == copy["id"]
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Jobs", exact=True)).to_be_visible()
    assert copy["id"] not in [job["id"] for job in api.get("jobs/", project_id=place.project_id)]


# ---- finding and running it


def row_of(page, name):
    return page.get_by_role("table", name="Jobs").get_by_role("row").filter(
        has=page.get_by_role("link", name=name, exact=True))


def test_the_list_is_searched_and_filtered(api, visit, place, rich):
    name = "Made %_ to be found"
    found = api.create_job(place, name=name)
    visitor = visit()
    page = visitor.page
    page.goto(list_path(visitor, f"?project={place.project_id}"))
    row = row_of(page, ODD_NAME)
    expect(row).to_contain_text("Success")
    expect(row).to_contain_text("every 6 hours, only on Monday and Wednesday UTC · Pull request · Merge")
    expect(row_of(page, name)).to_contain_text("Never run")
    page.get_by_role("button", name="Pull request").click()
    expect(page).to_have_url(re.compile("trigger=ci"))
    expect(row_of(page, name)).to_have_count(0)
    expect(row).to_be_visible()
    page.get_by_role("button", name="Other").click()
    expect(row).to_have_count(0)
    search = page.get_by_role("textbox", name="Search by name")
    search.fill("%_")
    expect(page).to_have_url(re.compile("name="))
    expect(page.get_by_text("1 job", exact=True)).to_be_visible()
    page.reload()
    expect(search).to_have_value("%_")
    search.fill("nothing is called so")
    expect(page.get_by_role("heading", name="No job matches these filters")).to_be_visible()
    page.get_by_role("link", name="Show all jobs").click()
    expect(search).to_have_value("")
    expect(row).to_be_visible()
    # Started where it stands; its state follows by itself.
    page.goto(list_path(visitor, f"?project={place.project_id}&trigger=other&name=found"))
    visitor.stay()
    line = row_of(page, name)
    line.hover()
    line.get_by_role("button", name=f"Run {name} now").click()
    expect(line).to_contain_text("Success")
    assert visitor.stayed
    run, = api.get("runs/", job_definition_id=found)
    line.get_by_role("link", name=f"run #{run['id']}").click()
    expect(page).to_have_url(re.compile(rf"/runs/{run['id']}$"))


def test_a_run_with_overrides(api, visit, place, rich):
    job_id, first = rich
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id, "?tab=runs"))
    expect(page.get_by_role("table", name="Runs of this job")).to_contain_text(f"#{first['id']}")
    expect(page.get_by_role("link", name=re.compile(rf"#{first['id']}: Success, <?\d+s"))).to_be_visible()
    page.get_by_role("button", name="Run with overrides").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Steps instead").fill("dbt seed\nls")
    expect(form.get_by_text("Step 2: A step begins with `dbt`, not with `ls`.")).to_be_visible()
    form.get_by_role("button", name="Run", exact=True).click()
    expect(form.get_by_role("alert")).to_contain_text("need another look")
    form.get_by_label("Steps instead").fill("dbt seed --full-refresh")
    form.get_by_label("Threads").fill("2")
    form.get_by_label("Schema").fill("elsewhere")
    form.get_by_label("Reason").fill("To see whether it helps")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(page).to_have_url(re.compile(r"/runs/\d+$"))
    expect(page.get_by_text("To see whether it helps")).to_be_visible()
    trigger = api.run(int(page.url.rsplit("/", 1)[1]), "trigger")["trigger"]
    assert trigger["steps_override"] == ["dbt seed --full-refresh"]
    assert trigger["threads_override"] == 2 and trigger["schema_override"] == "elsewhere"


def test_one_is_told_of_a_job_from_its_page(api, visit, place, rich):
    job_id, _ = rich
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id))
    part = page.get_by_role("region", name="Notifications")
    # What a box shows follows what is saved, a moment later: too late for check() and uncheck().
    part.get_by_label("fails").click()
    expect(part.get_by_label("fails")).to_be_checked()
    part.get_by_label("is cancelled").click()
    wait_until(lambda: [rule for rule in api.get("notifications/") if job_id in rule["on_cancel"]], "it is kept")
    page.reload()
    expect(part.get_by_label("fails")).to_be_checked()
    expect(part.get_by_label("succeeds", exact=True)).not_to_be_checked()
    part.get_by_label("fails").click()
    wait_until(lambda: not [rule for rule in api.get("notifications/") if job_id in rule["on_failure"]], "it is gone")
    rule, = [rule for rule in api.get("notifications/") if job_id in rule["on_cancel"]]
    api.request("DELETE", f"/api/v2/accounts/{visitor.account}/notifications/{rule['id']}/")


def test_a_job_as_a_file(api, visit, place, rich, tmp_path):
    job_id, _ = rich
    visitor = visit()
    page = visitor.page
    page.goto(job_path(visitor, place, job_id, "?tab=yaml"))
    expect(page.get_by_role("region", name="The job as YAML")).to_contain_text("linked_id")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename.endswith(".yml")
    download.value.save_as(tmp_path / "job.yml")
    (definition,) = yaml.safe_load((tmp_path / "job.yml").read_text())["jobs"].values()
    job = api.get(f"jobs/{job_id}/")
    for key in ("account_id", "project_id", "environment_id", "name", "description", "settings", "execute_steps",
                "generate_docs", "run_generate_sources", "deferring_job_definition_id", "job_type"):
        assert definition[key] == job[key], key
    assert definition["linked_id"] == job_id and definition["schedule"] == {"cron": job["schedule"]["cron"]}


def test_a_job_that_is_not_there(visit, place):
    visitor = visit()
    page = visitor.page
    for rest in ("", "/edit"):
        page.goto(job_path(visitor, place, 999999, rest))
        expect(page.get_by_text("There is no job #999999")).to_be_visible()
    page.goto(list_path(visitor, "/new?copy=999999"))
    expect(page.get_by_text("There is no job #999999")).to_be_visible()


def test_an_account_without_jobs_is_taught(visit):
    visitor = visit()
    page = visitor.page
    page.route(re.compile(r"/api/v2/accounts/\d+/jobs/\?"), lambda route: route.fulfill(json={
        "status": {"code": 200, "is_success": True, "user_message": "", "developer_message": ""},
        "data": [], "extra": {"pagination": {"count": 0, "total_count": 0}}}))
    page.goto(list_path(visitor))
    expect(page.get_by_role("heading", name="No jobs yet")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="New job").first).to_be_visible()
    assert visitor.violations() == []


# ---- everybody


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_jobs_can_be_read_by_everybody(visit, place, rich, scheme, size):
    job_id, _ = rich
    visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page

    def check(sign):
        expect(sign.first).to_be_visible()
        assert (brightness(page) < 100) is (scheme == "dark")
        assert visitor.violations() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"

    page.goto(list_path(visitor))
    check(page.get_by_role("link", name=ODD_NAME))
    page.goto(job_path(visitor, place, job_id))
    check(page.get_by_text("dbt build --select 'a b'"))
    for tab, sign in (("Runs", "Recent runs"), ("Settings history", "Created"), ("YAML", "linked_id")):
        page.get_by_role("tab", name=tab).click()
        check(page.get_by_role("tabpanel").get_by_text(sign))
    page.get_by_role("button", name="Run with overrides").click()
    check(page.get_by_label("Steps instead"))
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    page.get_by_role("link", name="Edit").click()
    check(page.get_by_role("table", name="Next 5 runs"))
    page.goto(list_path(visitor, "/new"))
    page.get_by_role("button", name="Add an override").click()
    page.get_by_role("switch", name="Schedule").check(force=True)
    page.get_by_role("button", name="Create job").click()
    check(page.get_by_text("Give the job a name"))
