"""The parts of a run's page beside its log, and the filters of the list of runs, in a real browser."""

import re

import pytest
from api import ERROR, SUCCESS, logs
from browser import NARROW, WIDE
from playwright.sync_api import expect
from repositories import SMALL

PROJECT = {
    **SMALL,
    "models/broken.sql": "select no_such_column from {{ ref('doubled') }}",
}
PLACE = "Runs to look at"


@pytest.fixture(scope="module")
def seen(api, make_project):
    """Two runs of one job: (job, the first, which went well, the second, with a model that fails)."""
    seeded, _ = make_project(PROJECT)
    path = f"/api/v3/accounts/{api.account_id}/projects/{seeded.project_id}/"
    renamed = api.request("POST", path, {**api.request("GET", path).data, "name": PLACE})
    assert renamed.status == 200, renamed
    job_id = api.create_job(seeded, name="Looked at", steps=["dbt build"])
    first = api.run_job(job_id, steps_override=["dbt build --exclude broken"])
    assert first["status"] == SUCCESS, logs(first)
    second = api.run_job(job_id)
    assert second["status"] == ERROR, logs(second)
    return job_id, first, second


def bar(page, name):
    """Of the timeline, by the beginning of its name."""
    return page.get_by_role("group", name="Timeline of the nodes").get_by_role(
        "button", name=re.compile(rf"^{name} · "))


def node(page, name):
    """Of the lineage."""
    return page.get_by_role("group", name=re.compile("^Lineage of run")).get_by_role(
        "button", name=re.compile(rf"^{name}\b"))


# ---- a run


def test_the_header_says_who_started_it(visit, api, small):
    job_id = api.create_job(small, name="Started by somebody", steps=["dbt parse"])
    visitor = visit()
    visitor.open_list()
    visitor.page.get_by_role("button", name="Run a job").click()
    visitor.page.get_by_role("menuitem", name="Started by somebody").click()
    header = visitor.page.locator("main header")
    expect(header).to_contain_text(f"by {visitor.appliance.sample['email']}")
    expect(header).to_contain_text(re.compile(r"queued .*prepared .*ran "))
    expect(visitor.state).to_have_text("Success")
    assert job_id


def test_what_ran_when_is_seen_and_walked_along(visit, seen):
    _, _, second = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(second)
    page.get_by_role("tab", name="Timeline").click()
    expect(page).to_have_url(re.compile(r"tab=timeline"))
    expect(bar(page, "numbers")).to_have_accessible_name(re.compile("seed · Success"))
    expect(bar(page, "broken")).to_have_accessible_name(re.compile("model · Error"))
    # Each waits for the one before, and nothing began before the seed.
    expect(page.get_by_text(re.compile(r"Critical path: \d+ nodes"))).to_be_visible()
    expect(bar(page, "numbers")).to_have_accessible_name(re.compile("critical path$"))
    bar(page, "numbers").focus()
    page.keyboard.press("ArrowRight")
    expect(bar(page, "doubled")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("model.small.doubled")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    before = bar(page, "doubled").bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    visitor.until(lambda: bar(page, "doubled").bounding_box()["width"] > 1.8 * before, "it is wider")


def test_a_node_tells_its_sql_its_history_and_its_message(visit, seen):
    _, first, second = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(second, "?tab=nodes&node=model.small.doubled")
    dialog = page.get_by_role("dialog")
    sql = dialog.get_by_role("region", name="Compiled SQL")
    expect(sql).to_contain_text(re.compile(r"select id, amount \* 2 as amount from .*numbers"))
    past = dialog.get_by_role("region", name="History of this node")
    expect(past).to_contain_text("The last 2 runs in Production")
    expect(past.get_by_role("link")).to_have_count(2)
    past.get_by_role("link", name=re.compile(rf"^#{first['id']} · Success")).click()
    expect(page).to_have_url(re.compile(rf"/runs/{first['id']}/?\?"))
    expect(page.get_by_role("dialog")).to_contain_text("model.small.doubled")
    visitor.open_run(second, "?tab=timeline&node=model.small.broken")
    expect(page.get_by_role("dialog")).to_contain_text("no_such_column")


def test_the_lineage_is_found_ones_way_in(visit, seen):
    _, _, second = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(second, "?tab=lineage")
    expect(node(page, "numbers")).to_contain_text("seed · Success")
    expect(node(page, "broken")).to_contain_text("model · Error")
    as_list = page.get_by_role("list", name=f"Lineage of run {second['id']}, as a list")
    expect(as_list).to_contain_text("total, model, Success; upstream: doubled")
    # What passed is not in the way, but there for who asks.
    expect(node(page, "unique_doubled_id")).to_have_count(0)
    page.get_by_label("Show all tests").check(force=True)
    expect(node(page, "unique_doubled_id")).to_be_visible()
    page.get_by_role("combobox", name="Find a node").fill("tot")
    page.get_by_role("option", name="total").click()
    expect(node(page, "total")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("model.small.total")
    page.keyboard.press("Escape")
    expect(node(page, "total")).to_have_attribute("aria-pressed", "false")


def test_the_lineage_of_a_run_that_goes_on(api, visit, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded, name="Watched")
    gate.open()
    first = api.run_job(job_id)
    assert first["status"] == SUCCESS, logs(first)
    gate.shut()
    run = api.run(api.trigger(job_id))
    visitor = visit()
    page = visitor.page
    visitor.open_run(run, "?tab=lineage")
    api.wait_at(gate, run["id"])
    expect(page.get_by_text("This run has no manifest yet")).to_be_visible()
    expect(node(page, "waits")).to_contain_text("Running")
    expect(node(page, "total")).to_contain_text("Success")
    gate.open()
    expect(node(page, "waits")).to_contain_text("Success")
    expect(page.get_by_text("This run has no manifest yet")).to_have_count(0)


def test_the_lineage_that_there_is_none_of(api, visit, gated):
    seeded, gate = gated
    run = api.run(api.trigger(api.create_job(seeded, name="Without a manifest")))
    visitor = visit()
    visitor.open_run(run, "?tab=lineage")
    api.wait_at(gate, run["id"])
    expect(visitor.page.get_by_text("No earlier run of this job has left one")).to_be_visible()


def test_what_is_otherwise_than_before(visit, seen):
    _, first, second = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(second)
    page.get_by_role("tab", name="Changes").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("link", name=f"run #{first['id']}")).to_be_visible()
    failures = panel.get_by_role("region", name="New failures (1)")
    expect(failures).to_contain_text("broken")
    expect(failures).to_contain_text("no_such_column")
    expect(panel.get_by_role("region", name="New nodes (1)")).to_contain_text("broken")
    expect(panel.get_by_role("region", name=re.compile("^Fixed|^No longer"))).to_have_count(0)
    failures.get_by_role("button", name="broken").click()
    expect(page.get_by_role("dialog")).to_contain_text("model.small.broken")
    visitor.open_run(first, "?tab=changes")
    expect(page.get_by_text("there is nothing to compare with")).to_be_visible()


# ---- the list of runs


def test_the_list_is_filtered_by_where_and_when(api, visit, seen, small):
    _, first, second = seen
    other = api.trigger(api.create_job(small, name="Abroad", steps=["dbt parse"]))
    visitor = visit()
    page = visitor.page
    visitor.open_list()
    expect(visitor.row(other)).to_be_visible()
    page.get_by_role("button", name="Project", exact=True).click()
    choices = page.get_by_role("dialog", name="Project")
    choices.get_by_label("Find a project").fill("to look")
    expect(choices.get_by_role("listitem")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"project={first['project_id']}\b"))
    expect(visitor.row(first["id"])).to_be_visible()
    expect(visitor.row(other)).to_have_count(0)
    # An environment of that project only, though every project has one of that name.
    page.get_by_role("button", name="Environment", exact=True).click()
    choices = page.get_by_role("dialog", name="Environment")
    choices.get_by_role("button", name="Production").click()
    expect(page).to_have_url(re.compile(rf"environment={first['environment_id']}\b"))
    page.get_by_role("button", name="Created", exact=True).click()
    page.get_by_role("button", name="in the last hour").click()
    page.get_by_role("button", name="Error", exact=True).click()
    expect(visitor.row(first["id"])).to_have_count(0)
    expect(visitor.row(second["id"])).to_be_visible()
    # All of it is in the address.
    page.reload()
    for chip in (f"Project: {PLACE}", "Environment: Production", "Created: in the last hour"):
        expect(page.get_by_role("button", name=chip)).to_have_attribute("aria-pressed", "true")
    expect(visitor.row(second["id"])).to_be_visible()
    expect(visitor.row(first["id"])).to_have_count(0)
    page.get_by_role("button", name=f"Project: {PLACE}").click()
    expect(page.get_by_role("button", name="Project", exact=True)).to_be_visible()
    page.goto(visitor.list_path() + "?environment=999999")
    expect(page.get_by_text("No run matches these filters")).to_be_visible()


def test_the_list_is_filtered_by_cause_and_branch(api, visit, seen):
    job_id, first, second = seen
    visitor = visit()
    page = visitor.page
    branch = api.run(second["id"])["git_branch"]
    visitor.open_list(job_id)
    page.get_by_role("button", name="Made by", exact=True).click()
    page.get_by_role("button", name="a person here").click()
    expect(page.get_by_text("No run matches these filters")).to_be_visible()
    page.get_by_role("button", name="Made by: a person here").click()
    page.get_by_role("button", name="Made by", exact=True).click()
    page.get_by_role("button", name="the API").click()
    expect(page).to_have_url(re.compile("cause=api"))
    expect(visitor.row(first["id"])).to_be_visible()
    page.get_by_role("button", name="Branch", exact=True).click()
    page.get_by_role("searchbox", name="Branch").fill("no-such-branch")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No run matches these filters")).to_be_visible()
    page.get_by_role("button", name="Branch: no-such-branch").click()
    page.get_by_role("button", name="Branch", exact=True).click()
    page.get_by_role("listitem").get_by_role("button", name=branch, exact=True).click()
    expect(page).to_have_url(re.compile(f"branch={branch}"))
    expect(visitor.row(first["id"])).to_be_visible()


def test_a_filtered_list_takes_in_only_what_matches(api, visit, seen, small):
    job_id, first, _ = seen
    visitor = visit()
    page = visitor.page
    page.goto(visitor.list_path() + f"?project={first['project_id']}&since=1h")
    expect(visitor.row(first["id"])).to_be_visible()
    visitor.stay()
    other = api.trigger(api.create_job(small, name="Elsewhere", steps=["dbt parse"]))
    own = api.trigger(job_id, steps_override=["dbt parse"])
    expect(visitor.row(own)).to_contain_text("Success")
    expect(visitor.row(other)).to_have_count(0)
    assert visitor.stayed


# ---- how it looks


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_can_be_read_by_everybody(visit, seen, scheme, size):
    job_id, _, second = seen
    visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page

    def check():
        assert visitor.violations() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"

    visitor.open_run(second, "?tab=timeline")
    expect(page.get_by_text(re.compile("Critical path"))).to_be_visible()
    check()
    page.get_by_role("tab", name="Lineage").click()
    expect(node(page, "broken")).to_be_visible()
    check()
    page.get_by_role("tab", name="Changes").click()
    expect(page.get_by_role("region", name=re.compile("New failures"))).to_be_visible()
    check()
    visitor.open_run(second, "?tab=nodes&node=model.small.total")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="Compiled SQL")).to_contain_text("sum(amount)")
    expect(dialog.get_by_role("region", name="History of this node")).to_contain_text("runs in")
    check()
    visitor.open_list(job_id)
    expect(visitor.row(second["id"])).to_be_visible()
    page.get_by_role("button", name="Project", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    check()
