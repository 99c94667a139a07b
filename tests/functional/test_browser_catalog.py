"""Dashboard, catalog, command palette and run activity, as people use them, in a real browser."""

import json
import re

import pytest
from api import ERROR, SUCCESS, logs
from browser import NARROW, WIDE
from playwright.sync_api import expect
from repositories import SMALL, raw_sources
from waiting import wait_until

PROJECT = {
    **SMALL,
    "models/sources.yml": raw_sources(),
    "models/ferries.sql": "select id, amount as tonnes from {{ ref('doubled') }}",
    "models/ferries.yml": """
        models:
          - name: ferries
            description: What crossed the water.
            config: {tags: [harbour]}
            columns:
              - name: tonnes
                description: Metric weight of the load.
                data_tests: [not_null]
        exposures:
          - name: tide_table
            type: dashboard
            url: https://bi.example/tides
            owner: {name: Harbour office, email: harbour@example.com}
            depends_on: [ref('ferries')]
        """,
}

FERRIES = "model.small.ferries"


class Known:
    """A project that has been built, with its docs, and a job of it that fails."""

    def __init__(self, api, seeded):
        self.api, self.seeded = api, seeded
        self.environment = seeded.environment_id
        self.well = self._ran("Morning crossing", ["dbt build", "dbt source freshness"], SUCCESS,
                              generate_docs=True)
        self.failed = self._ran("Night crossing", ["dbt run-operation no_such_macro"], ERROR)
        wait_until(lambda: self._node()["catalog"], "what the run left is read")

    def _ran(self, name, steps, status, **fields):
        run = self.api.run_job(self.api.create_job(self.seeded, name=name, steps=steps, **fields))
        assert run["status"] == status, logs(run)
        return run

    def _node(self):
        query = """query($id: BigInt!, $ids: [String!]) { environment(id: $id) { applied {
            models(filter: {uniqueIds: $ids}) { edges { node { catalog { runId } } } } } } }"""
        variables = {"id": self.environment, "ids": [FERRIES]}
        answer = self.api.request("POST", "/graphql", {"query": query, "variables": variables})
        edges = answer.json["data"]["environment"]["applied"]["models"]["edges"]
        return edges[0]["node"] if edges else {"catalog": None}


@pytest.fixture(scope="module")
def known(api, make_project):
    return Known(api, make_project(PROJECT)[0])


def catalog_path(visitor, known, search=""):
    return f"/explore/{visitor.account}?environment={known.environment}{search}"


def place(visitor, known, rest):
    return f"/explore/{visitor.account}/environments/{known.environment}/{rest}"


def open_palette(page):
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Page, job, environment")
    expect(field).to_be_focused()
    return field


# ---- the dashboard


def test_the_dashboard_says_what_failed_and_where(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(f"/dashboard/{visitor.account}")
    failed = page.get_by_role("table", name="Jobs whose latest run failed")
    row = failed.get_by_role("row").filter(has_text=f"#{known.failed['id']}")
    expect(row).to_contain_text("Night crossing")
    expect(row).to_contain_text("dbt run-operation no_such_macro")
    expect(failed).not_to_contain_text("Morning crossing")
    row.get_by_role("link").click()
    expect(page).to_have_url(re.compile(rf"/runs/{known.failed['id']}/?$"))
    expect(visitor.state).to_have_text("Error")


def test_the_dashboard_says_how_healthy_projects_are(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(f"/dashboard/{visitor.account}")
    project = page.get_by_role("region", name="Projects, last 30 days").get_by_role("listitem").filter(
        has=page.locator(f"a[href$='/projects/{known.seeded.project_id}']"))
    expect(project).to_contain_text("50 % without error")
    expect(project).to_contain_text("1 of 2 failed")
    expect(project.get_by_role("link", name="Morning crossing")).to_be_visible()
    expect(project.get_by_role("img")).to_have_accessible_name(
        re.compile("runs on 1 of 30 days, failures on 1"))


def test_what_runs_is_followed_from_everywhere(api, visit, gated):
    seeded, gate = gated
    run = api.run(api.trigger(api.create_job(seeded, name="Followed from afar")))
    api.wait_at(gate, run["id"])
    visitor = visit()
    page = visitor.page
    page.goto(f"/dashboard/{visitor.account}")
    now = page.get_by_role("region", name="Running now")
    entry = now.get_by_role("listitem").filter(has_text=f"#{run['id']}")
    expect(entry).to_contain_text("Followed from afar")
    expect(entry).to_contain_text("Step 4 of 4 · 5 of 6 nodes")
    visitor.stay()
    button = page.get_by_role("button", name=re.compile(r"\d+ runs? in progress"))
    button.click()
    activity = page.get_by_role("dialog", name=re.compile("in progress"))
    expect(activity.get_by_role("progressbar", name=f"Progress of run {run['id']}")).to_be_visible()
    gate.open()
    expect(activity.get_by_text(f"#{run['id']}")).to_have_count(0)
    expect(entry).to_have_count(0)
    page.keyboard.press("Escape")
    expect(activity).to_have_count(0)
    expect(button).to_be_focused()
    # The health of its project follows by itself, too.
    project = page.get_by_role("region", name="Projects, last 30 days").get_by_role("listitem").filter(
        has=page.locator(f"a[href$='/projects/{seeded.project_id}']"))
    expect(project).to_contain_text("0 of 1 failed")
    assert visitor.stayed


def test_an_account_without_a_project_is_told_what_to_do(visit):
    visitor = visit()
    page = visitor.page
    none = {"status": {"code": 200, "is_success": True, "user_message": "", "developer_message": ""},
            "data": [], "extra": {"pagination": {"count": 0, "total_count": 0}}}
    page.route(re.compile(r"/api/v3/accounts/\d+/projects/"),
               lambda route: route.fulfill(body=json.dumps(none), content_type="application/json"))
    page.goto(f"/dashboard/{visitor.account}")
    expect(page.get_by_role("heading", name="No project yet")).to_be_visible()
    expect(page.get_by_role("link", name="Set up a project")).to_have_attribute(
        "href", f"/set-up/{visitor.account}")


# ---- the catalog


def test_the_catalog_is_searched(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(catalog_path(visitor, known))
    table = page.get_by_role("table", name="Catalog")
    ferries = table.get_by_role("link", name="ferries", exact=True)
    total = table.get_by_role("link", name="total", exact=True)
    search = page.get_by_label("Search the catalog")
    expect(ferries).to_be_visible()
    expect(total).to_be_visible()
    # A name, a description, a tag, the description of a column.
    for words in ("FERR", "crossed the water", "harbour", "metric weight"):
        search.fill(words)
        expect(total).to_have_count(0)
        expect(ferries).to_be_visible()
    search.fill("nothing is called that")
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("link", name="Show everything").click()
    expect(total).to_be_visible()
    expect(search).to_have_value("")


def test_the_catalog_is_filtered_and_the_address_keeps_it(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(catalog_path(visitor, known))
    table = page.get_by_role("table", name="Catalog")
    ferries = table.get_by_role("link", name="ferries", exact=True)
    tests = page.get_by_role("button", name=re.compile("^Tests"))
    expect(ferries).to_be_visible()
    tests.click()
    expect(table.get_by_role("link", name="not_null_ferries_tonnes")).to_be_visible()
    expect(ferries).to_have_count(0)
    page.reload()
    expect(tests).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="All but tests").click()
    expect(ferries).to_be_visible()
    page.get_by_role("button", name="Fresh", exact=True).click()
    expect(table.get_by_role("link", name="raw.numbers")).to_be_visible()
    expect(ferries).to_have_count(0)


def test_a_model_s_page(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(catalog_path(visitor, known, "&q=ferries"))
    page.get_by_role("table", name="Catalog").get_by_role("link", name="ferries", exact=True).click()
    expect(page.get_by_role("heading", name="ferries", exact=True)).to_be_visible()
    expect(page.locator("main")).to_contain_text("What crossed the water.")
    expect(page.locator("main")).to_contain_text("main.ferries")
    column = page.get_by_role("table", name="Columns").get_by_role("row").filter(has_text="tonnes")
    expect(column).to_contain_text("Metric weight of the load.")
    expect(column).to_contain_text(re.compile("INT"))
    expect(column.get_by_role("link", name="not_null")).to_be_visible()
    expect(page.get_by_role("table", name="Tests", exact=True)).to_contain_text("Pass")
    page.get_by_role("tab", name="Code").click()
    # The address of a part of the page is one that can be loaded.
    page.reload()
    expect(page.get_by_role("tabpanel")).to_contain_text("{{ ref('doubled') }}")
    page.get_by_text("Compiled", exact=True).click()
    expect(page.get_by_role("tabpanel")).not_to_contain_text("{{")
    page.get_by_role("tab", name="History").click()
    runs = page.get_by_role("table", name="Runs of this node")
    expect(runs.get_by_role("row").filter(has_text=f"#{known.well['id']}")).to_contain_text("Success")
    expect(page.get_by_role("table", name="Test reliability")).to_contain_text("0 of 1")


def test_the_lineage_around_a_model(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(place(visitor, known, f"nodes/{FERRIES}/?tab=lineage"))
    up, down = (page.get_by_role("region", name=re.compile(side)) for side in ("Upstream", "Downstream"))
    expect(up).to_contain_text("doubled")
    expect(up).to_contain_text("numbers")
    expect(down).to_contain_text("tide_table")
    expect(page.locator("[data-node]")).to_have_count(4)
    page.get_by_text("1 step", exact=True).click()
    expect(page.locator("[data-node]")).to_have_count(3)
    expect(page).to_have_url(re.compile("depth=1"))
    page.locator("[data-node='exposure.small.tide_table']").click()
    expect(page.get_by_role("heading", name="tide_table")).to_be_visible()
    page.get_by_role("tab", name="Overview").click()
    expect(page.get_by_role("link", name="https://bi.example/tides")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Harbour office")


def test_the_whole_lineage(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(catalog_path(visitor, known))
    page.get_by_role("link", name="Lineage").click()
    node = page.locator(f"[data-node='{FERRIES}']")
    expect(node).to_be_visible()
    expect(page.locator("[data-node*='not_null']")).to_have_count(0)
    page.get_by_role("switch", name="With tests").click()
    expect(page.locator("[data-node*='not_null_ferries']")).to_have_count(1)
    node.click()
    expect(page).to_have_url(re.compile(f"node={FERRIES}"))
    page.get_by_role("link", name="Open").click()
    expect(page.get_by_role("heading", name="ferries", exact=True)).to_be_visible()


def test_the_freshness_of_sources(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(place(visitor, known, "freshness"))
    row = page.get_by_role("row").filter(has_text="raw.numbers")
    expect(row).to_contain_text("Fresh")
    expect(row).to_contain_text("1 day")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="raw.numbers")).to_be_visible()


def test_dbt_s_own_docs_site(visit, known):
    visitor = visit()
    page = visitor.page
    page.goto(f"/explore/{visitor.account}?environment={known.environment}")
    page.get_by_role("link", name="dbt docs").click()
    expect(page.get_by_role("main")).to_contain_text(f"Made by #{known.well['id']}")
    site = page.frame_locator("iframe[title='dbt docs']")
    site.get_by_placeholder("Search for models").fill("ferries")
    site.locator(".search-result").filter(has_text="What crossed").first.click()
    expect(site.get_by_role("heading", name="ferries")).to_be_visible()
    expect(site.get_by_text("What crossed the water.").first).to_be_visible()
    # From the model's page, at the model at once.
    page.goto(f"/explore/{visitor.account}/environments/{known.environment}/nodes/{FERRIES}/")
    page.get_by_role("link", name="dbt docs").click()
    expect(site.get_by_role("heading", name="ferries")).to_be_visible()
    # It is somebody's page, not ours: it has no session.
    frame = page.frames[1]
    assert frame.evaluate("self.origin") == "null"


def test_a_project_without_docs_says_how_to_make_them(visit, make_project):
    seeded, _ = make_project()
    visitor = visit()
    visitor.page.goto(f"/explore/{visitor.account}/projects/{seeded.project_id}/docs")
    expect(visitor.page.get_by_text("No docs site yet")).to_be_visible()


def test_a_node_that_is_not_there_is_said(visit, known):
    visitor = visit()
    visitor.page.goto(place(visitor, known, "nodes/model.small.no_such/"))
    expect(visitor.page.get_by_role("alert")).to_contain_text("There is no such node")


# ---- the command palette


def test_the_palette_leads_anywhere_by_keyboard_alone(visit, known):
    visitor = visit()
    page = visitor.page
    visitor.open_list()
    run = known.well
    for words, option, address in (
            ("catal", "^Catalog$", rf"/explore/{visitor.account}$"),
            (f"#{run['id']}", rf"^#{run['id']} Morning crossing", rf"/runs/{run['id']}/?$"),
            ("night cross", "^Night crossing", rf"/jobs/{known.failed['job_definition_id']}$"),
            ("ferries", "^ferries", rf"/nodes/{FERRIES}/$")):
        open_palette(page)
        page.keyboard.type(words)
        chosen = page.get_by_role("option", name=re.compile(option)).first
        expect(chosen).to_be_visible()
        for _ in range(30):
            if chosen.get_attribute("aria-selected") == "true":
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(address))
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_palette_is_read_only_when_it_is_wanted_and_gives_the_focus_back(visit):
    visitor = visit()
    page = visitor.page
    visitor.open_list()
    expect(page.get_by_role("button", name=re.compile("Go to"))).to_be_visible()
    assert not [url for url in visitor.requests if "palette-dialog" in url]
    button = page.get_by_role("button", name=re.compile("Go to"))
    button.focus()
    open_palette(page)
    assert [url for url in visitor.requests if "palette-dialog" in url]
    page.keyboard.type("no such thing at all")
    expect(page.get_by_text("Nothing is called that.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


# ---- how it looks


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_these_pages_can_be_read_by_everybody(visit, known, scheme, size):
    visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page

    def check(path, sign):
        page.goto(path)
        expect(sign).to_be_visible()
        assert visitor.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"

    node = f"nodes/{FERRIES}/"
    check(f"/dashboard/{visitor.account}", page.get_by_role("link", name="Night crossing").first)
    page.get_by_role("button", name=re.compile("in progress")).click()
    expect(page.get_by_role("dialog", name=re.compile("in progress"))).to_be_visible()
    assert visitor.violations() == []
    check(catalog_path(visitor, known), page.get_by_role("link", name="ferries", exact=True))
    check(place(visitor, known, node), page.get_by_role("table", name="Columns"))
    check(place(visitor, known, f"{node}?tab=code"), page.get_by_text("Compiled", exact=True))
    check(place(visitor, known, f"{node}?tab=lineage"), page.locator(f"[data-node='{FERRIES}']"))
    check(place(visitor, known, f"{node}?tab=history"), page.get_by_role("table", name="Runs of this node"))
    check(place(visitor, known, "lineage"), page.locator(f"[data-node='{FERRIES}']"))
    check(place(visitor, known, "freshness"), page.get_by_role("row").filter(has_text="raw.numbers"))
    open_palette(page)
    page.keyboard.type("ferries")
    expect(page.get_by_role("option").filter(has_text="ferries").first).to_be_visible()
    assert visitor.violations() == []
