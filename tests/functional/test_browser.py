"""The pages as people use them, in a real browser."""

import re
import urllib.parse

import pytest
import seed_project
from api import CANCELLED, ERROR, PREPARATION, SUCCESS, logs
from browser import NARROW, WIDE
from playwright.sync_api import expect
from repositories import SMALL, Projects
from waiting import wait_until

ODD_NAME = "Nightly <b>build</b> & “übung” 🚀 \u202bمشروع"

ODD_LINES = [
    "<script>window.hacked = true</script>",
    "<img src=x onerror='window.hacked = true'>",
    "&lt;not an entity&gt; &amp;",
    "مرحبا بالعالم",
    "zero\u200bwidth 🚀 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "javascript:alert(1) https://example.com/?a=1&b=<2>",
]

LONG = 5000

CHATTER = """
    {% macro chatter() %}
      {% for line in var('lines') %}{{ log(line, info=True) }}{% endfor %}
      {% for number in range(%d) %}{{ log('line number ' ~ number, info=True) }}{% endfor %}
    {% endmacro %}
    """.replace("%d", str(LONG))

PROJECT = {
    **SMALL,
    "macros/chatter.sql": CHATTER,
    "models/broken.sql": "select no_such_column from {{ ref('doubled') }}",
}


@pytest.fixture(scope="module")
def seen(api, make_project):
    """Runs to look at, of one job: (job, the one that went well, the one that failed)."""
    seeded, _ = make_project(PROJECT)
    quoted = "[" + ", ".join("'" + line.replace("'", "''") + "'" for line in ODD_LINES) + "]"
    job_id = api.create_job(seeded, name=ODD_NAME, steps=["dbt build"])
    well = api.run_job(job_id, steps_override=[
        f'dbt run-operation chatter --vars "{{lines: {quoted}}}"'])
    assert well["status"] == SUCCESS, logs(well)
    failed = api.run_job(job_id)
    assert failed["status"] == ERROR, logs(failed)
    return job_id, well, failed


# ---- signing in


def test_signing_in(visit):
    visitor = visit(signed_in=False)
    page = visitor.page
    page.goto("/")
    visitor.sign_in(password="not the one")
    expect(page.get_by_role("alert")).to_have_text("The email or the password is not right.")
    visitor.sign_in()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile(f"/deploy/{visitor.account}/runs$"))


def test_signing_in_leads_to_where_one_was_headed(visit, seen):
    _, _, failed = seen
    visitor = visit(signed_in=False)
    page = visitor.page
    link = visitor.run_path(failed, "?tab=nodes")
    page.goto(link)
    expect(page).to_have_url(re.compile("/sign-in"))
    visitor.sign_in()
    expect(page).to_have_url(visitor.url + link)
    expect(page.get_by_role("tab", name="Nodes")).to_have_attribute("aria-selected", "true")
    # Back does not lead to the form.
    page.goto(visitor.list_path())
    page.go_back()
    expect(page).to_have_url(visitor.url + link)


def test_a_session_that_ends_is_taken_up_where_it_was(visit, seen):
    """On the page of a run that is over: it asks for nothing by itself, once all of it is there."""
    _, well, _ = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(well)
    expect(visitor.log).to_contain_text("Running with dbt")
    expect(page.get_by_role("tab", name="Artifacts")).to_have_text(re.compile(r"\d"))
    visitor.end_session()
    page.get_by_role("navigation", name="Steps").get_by_role("button", name="Clone").click()
    visitor.sign_in()
    expect(page).to_have_url(re.compile(rf"/runs/{well['id']}/?\?step=1$"))
    expect(visitor.log).to_contain_text("Checked out commit")


# ---- an invitation


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_is_invited_joins_by_the_link(api, visit, scheme, size):
    address = f"{scheme}-{size['width']}@example.com"
    sent = api.request("POST", f"/api/v3/accounts/{api.account_id}/invites/", {"email_addresses": [address]})
    link = urllib.parse.urlsplit(sent.data["links"][address])
    visitor = visit(signed_in=False, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page
    page.goto(f"{link.path}#{link.fragment}")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("Enter your first name")).to_be_visible()
    expect(page.get_by_text("Choose one of at least 8 characters")).to_be_visible()
    assert visitor.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"
    page.get_by_label("First name").fill("Ann")
    page.get_by_label("Password", exact=True).fill("open sesame")
    page.get_by_label("Password again").fill("open sesam")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("The two are not the same")).to_be_visible()
    page.get_by_label("Password again").fill("open sesame")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    assert not [url for url in visitor.requests if link.fragment in url.split("#")[0]]
    # It is good once.
    late = visit(signed_in=False)
    late.page.goto(f"{link.path}#{link.fragment}")
    late.page.get_by_label("First name").fill("Ben")
    late.page.get_by_label("Password", exact=True).fill("open sesame")
    late.page.get_by_label("Password again").fill("open sesame")
    late.page.get_by_role("button", name="Join").click()
    expect(late.page.get_by_role("alert")).to_contain_text("Ask for another one")


def test_an_invitation_s_link_that_is_not_whole(visit):
    page = visit(signed_in=False).page
    page.goto("/invite")
    expect(page.get_by_text("This link is not whole")).to_be_visible()
    expect(page.get_by_role("button", name="Join")).to_have_count(0)


# ---- the list of runs


def test_the_list_of_runs_weighs_little(visit, seen):
    visitor = visit()
    weight = visitor.weight_of(visitor.open_list)
    # More than nothing came, or nothing was counted.
    assert 100 < weight < 250


def test_the_list_is_filtered_by_state(visit, seen):
    job_id, well, failed = seen
    visitor = visit()
    page = visitor.page
    visitor.open_list(job_id)
    expect(visitor.row(well["id"])).to_contain_text("Success")
    expect(visitor.row(failed["id"])).to_contain_text("Error")
    expect(visitor.row(failed["id"])).to_contain_text(ODD_NAME)
    error = page.get_by_role("button", name="Error", exact=True)
    error.click()
    expect(visitor.row(well["id"])).to_have_count(0)
    expect(visitor.row(failed["id"])).to_be_visible()
    # The filter is in the address.
    page.reload()
    expect(error).to_have_attribute("aria-pressed", "true")
    expect(visitor.row(failed["id"])).to_be_visible()
    expect(visitor.row(well["id"])).to_have_count(0)
    page.get_by_role("button", name="All", exact=True).click()
    expect(visitor.row(well["id"])).to_be_visible()


def test_the_list_by_keyboard(visit, seen):
    job_id, well, failed = seen
    visitor = visit()
    page = visitor.page
    visitor.open_list(job_id)
    newest, older = (visitor.row(run["id"]).get_by_role("link") for run in (failed, well))
    expect(older).to_be_visible()
    for key, focused in (("j", newest), ("j", older), ("k", newest)):
        page.keyboard.press(key)
        expect(focused).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(visitor.url + visitor.run_path(failed))
    expect(visitor.state).to_have_text("Error")


def test_a_job_is_started_from_the_list(api, visit, small):
    api.create_job(small, name="Parse it all", steps=["dbt parse"])
    visitor = visit()
    visitor.open_list()
    visitor.page.get_by_role("button", name="Run a job").click()
    visitor.page.get_by_role("menuitem", name="Parse it all").click()
    expect(visitor.state).to_have_text("Success")
    run_id = int(re.search(r"/runs/(\d+)", visitor.page.url)[1])
    assert api.run(run_id, "trigger")["trigger"]["cause"] == "Started in the web application"


# ---- a run


def test_a_run_is_followed_without_a_reload(api, visit, gated):
    seeded, gate = gated
    job_id = api.create_job(seeded, name="Followed")
    watcher, lister = visit(), visit()
    lister.open_list(job_id)
    expect(lister.page.get_by_text("No run matches").or_(lister.page.get_by_role("table"))).to_be_visible()
    lister.stay()

    run = api.run(api.trigger(job_id))
    watcher.open_run(run)
    watcher.stay()
    api.wait_at(gate, run["id"])
    expect(watcher.state).to_have_text("Running")
    expect(lister.row(run["id"])).to_contain_text("Running")
    step = watcher.page.get_by_role("button", name=re.compile(r"^Invoke dbt with `dbt build`: "))
    expect(step).to_have_accessible_name(re.compile("Running, 5 of 6 nodes"))
    expect(watcher.log).to_contain_text(re.compile(r"START python table model main\.waits"))
    expect(watcher.log).not_to_contain_text("PASS=6")

    gate.open()
    expect(watcher.state).to_have_text("Success")
    expect(step).to_have_accessible_name(re.compile("Success"))
    expect(watcher.log).to_contain_text("PASS=6")
    expect(watcher.page.get_by_role("button", name="Rerun")).to_be_visible()
    expect(lister.row(run["id"])).to_contain_text("Success")
    assert watcher.stayed and lister.stayed


def test_a_line_stored_while_the_page_subscribes_is_shown(api, visit, make_project, projects):
    first, second = projects.gate(), projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": first.model(after="total"),
                              "models/later.py": second.model(after="waits")})
    run = api.run(api.trigger(api.create_job(seeded)))
    api.wait_at(first, run["id"])
    visitor = visit()
    held = []

    def hold(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: held.append((server, message)))

    visitor.page.route_web_socket(re.compile("/api/ui/live"), hold)
    visitor.open_run(run)
    expect(visitor.log).to_contain_text("main.waits")
    visitor.until(lambda: held, "the page subscribes")
    # What comes now is in none of the page's reads, and after it comes nothing.
    first.open()
    api.wait_at(second, run["id"])
    wait_until(lambda: "main.later" in "".join(line["text"] for line in api.step_log(run["id"], 4)),
               "the last line is stored")
    for server, message in held:
        server.send(message)
    expect(visitor.log).to_contain_text("START python table model main.later")
    # That is no merit of a page that asks again and again.
    assert len([url for url in visitor.requests if "/log?" in url]) <= 8
    second.open()
    expect(visitor.state).to_have_text("Success")


def test_rows_are_shown_to_who_watches_and_gone_with_the_page(api, visit, gated):
    seeded, gate = gated
    show = """dbt show --inline "select 'only-' || 'now' as word" """.strip()
    run = api.run(api.trigger(api.create_job(seeded, steps=["dbt build", show])))
    api.wait_at(gate, run["id"])
    visitor = visit()
    # Whatever part of the run is looked at when they come.
    visitor.open_run(run, "?step=4")
    gate.open()
    expect(visitor.state).to_have_text("Success")
    visitor.page.get_by_role("button", name=re.compile(r"^Invoke dbt with `dbt show")).click()
    expect(visitor.log).to_contain_text("(1 row shown live; rows are not kept)")
    expect(visitor.log).to_contain_text("| only-now |")
    visitor.page.reload()
    expect(visitor.log).to_contain_text("(1 row shown live; rows are not kept)")
    expect(visitor.log).not_to_contain_text("only-now")


def test_a_run_that_failed_says_why_at_once(visit, seen):
    _, _, failed = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(failed)
    expect(visitor.state).to_have_text("Error")
    panel = page.get_by_role("region", name="First error")
    expect(panel).to_contain_text("broken failed")
    message = panel.get_by_text(re.compile("no_such_column"))
    expect(message).to_be_in_viewport(ratio=1)
    panel.get_by_role("button", name="Show in log").click()
    expect(page.get_by_label("Search in the log")).to_have_value("broken")
    expect(visitor.log.locator("mark").first).to_be_in_viewport()
    panel.get_by_role("button", name="Node details").click()
    expect(page.get_by_role("dialog")).to_contain_text("no_such_column")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_log_is_there_however_its_page_arrives(visit, seen):
    """It is asked for before the nodes are there, of which one failed, and comes after them."""
    _, _, failed = seen
    visitor = visit()
    page = visitor.page
    nodes, log = visitor.hold(r"/runs/\d+/nodes"), visitor.hold(r"/steps/\d+/log")
    visitor.open_run(failed)
    visitor.until(lambda: nodes.requests and log.requests, "nodes and log are asked for")
    nodes.release()
    expect(page.get_by_role("region", name="First error")).to_contain_text("broken failed")
    log.release()
    expect(visitor.log).to_contain_text("Running with dbt")


def test_a_run_is_cancelled_from_its_page(api, visit, gated):
    seeded, gate = gated
    run = api.run(api.trigger(api.create_job(seeded)))
    api.wait_at(gate, run["id"])
    visitor = visit()
    page = visitor.page
    visitor.open_run(run)
    page.get_by_role("button", name="Cancel", exact=True).click()
    # One may think better of it.
    page.get_by_role("button", name="Keep running").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel run").click()
    expect(visitor.state).to_have_text("Cancelled")
    expect(page.get_by_role("button", name="Rerun")).to_be_visible()
    assert api.wait_run(run["id"])["status"] == CANCELLED


def test_odd_characters_are_text(visit, seen):
    job_id, well, _ = seen
    visitor = visit()
    visitor.open_run(well, f"?step={len(PREPARATION) + 1}")
    for line in ODD_LINES:
        expect(visitor.log.get_by_text(line)).to_be_visible()
    expect(visitor.page.get_by_role("link", name=ODD_NAME)).to_be_visible()
    assert visitor.page.evaluate("window.hacked") is None
    assert visitor.page.locator("main img").count() == 0


def test_a_long_log_is_read_to_its_end(visit, seen):
    _, well, _ = seen
    visitor = visit()
    page = visitor.page
    visitor.open_run(well, f"?step={len(PREPARATION) + 1}")
    last = visitor.log.get_by_text(f"line number {LONG - 1}", exact=False)
    expect(visitor.log).to_contain_text("line number 1")
    expect(last).to_have_count(0)
    page.get_by_role("button", name="Go to the end").click()
    expect(last).to_be_visible()
    # Only what can be seen is in the page.
    assert visitor.log.locator("[data-index]").count() < 200
    page.get_by_label("Search in the log").fill("line number 4321")
    expect(visitor.log.get_by_text("line number 4321")).to_be_in_viewport()


# ---- the connection


def test_a_dead_network_is_said_and_heals_by_itself(api, visit, small):
    job_id = api.create_job(small, steps=["dbt parse"])
    first = api.run_job(job_id)
    visitor = visit()
    visitor.open_list(job_id)
    expect(visitor.row(first["id"])).to_be_visible()
    visitor.stay()
    visitor.context.set_offline(True)
    expect(visitor.banner).to_be_visible()
    expect(visitor.row(first["id"])).to_be_visible()
    second = api.run_job(job_id)
    expect(visitor.row(second["id"])).to_have_count(0)
    visitor.context.set_offline(False)
    expect(visitor.banner).to_have_count(0)
    expect(visitor.row(second["id"])).to_contain_text("Success")
    assert visitor.stayed


def test_a_page_outlives_a_restart_of_the_appliance(visit, own_appliance):
    restarted = own_appliance().start()
    restarted.load_sample()
    projects = Projects(restarted.shared)
    seeded = seed_project.add_project(
        restarted, restarted.sample["account_id"], projects.make(SMALL),
        config={"path": str(projects.warehouse())})
    job_id = restarted.api.create_job(seeded, steps=["dbt parse"])
    visitor = visit(at=restarted)
    visitor.open_list()
    visitor.stay()
    restarted.down()
    expect(visitor.banner).to_be_visible()
    restarted.start()
    restarted.wait_up()
    expect(visitor.banner).to_have_count(0)
    run_id = restarted.api.trigger(job_id)
    expect(visitor.row(run_id)).to_contain_text("Success")
    assert visitor.stayed


# ---- how it looks


def brightness(page):
    """Of the page's background, 0 to 255."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(visit, seen, scheme, size):
    job_id, well, failed = seen
    visitor = visit(signed_in=False, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page

    def check():
        assert (brightness(page) < 100) is (scheme == "dark")
        assert visitor.violations() == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"

    page.goto(visitor.run_path(failed))
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    check()
    visitor.sign_in(password="not the one")
    expect(page.get_by_role("alert")).to_be_visible()
    check()
    visitor.sign_in()
    expect(page.get_by_role("region", name="First error")).to_be_visible()
    expect(visitor.log).to_contain_text("Running with dbt")
    check()
    for tab, sign in (("Nodes", "not_null_doubled_id"), ("Artifacts", "manifest.json")):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel").get_by_text(sign).first).to_be_visible()
        check()
    visitor.open_list(job_id)
    expect(visitor.row(well["id"])).to_be_visible()
    check()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_api_can_be_browsed_and_tried(visit, scheme, viewport):
    person = visit(viewport=viewport, color_scheme=scheme)
    page = person.page
    page.goto("/api-browser.html")
    page.get_by_label("Find").fill("list jobs")
    jobs = page.locator("details:visible")
    expect(jobs).to_have_count(1)
    expect(jobs).to_contain_text("needs read access to jobs")
    jobs.locator("summary").click()
    jobs.get_by_label("limit (query)").fill("1")
    jobs.get_by_role("button", name="Send").click()
    expect(jobs.get_by_label("Answer")).to_contain_text('"is_success": true')
    assert not person.violations()
    page.get_by_label("Token").fill("mws_wrong")
    jobs.get_by_role("button", name="Send").click()
    expect(jobs.get_by_label("Answer")).to_contain_text("401")
    page.get_by_label("Find").fill("nothing such")
    expect(page.get_by_text("Nothing is called that")).to_be_visible()
