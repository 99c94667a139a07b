"""Guided set-up, projects, environments, connections, repositories and variables, in a real browser."""

import re
import secrets
import time

import pytest
from api import SUCCESS
from browser import NARROW, WIDE
from playwright.sync_api import expect
from repositories import SMALL
from rest import Rest
from ssh_server import SshServer
from waiting import wait_until

FIVE_MINUTES = 300

# Not the button that shows it.
PASSWORD = re.compile("^Password")


@pytest.fixture(scope="module")
def rest(api):
    return Rest(api)


@pytest.fixture(scope="module")
def sshd(appliance):
    server = SshServer(appliance.folder / "sshd-deploy")
    yield server
    server.close()


@pytest.fixture(scope="module")
def mine(make_project):
    """A project that these tests may add to."""
    return make_project()[0]


def field(page, name, role="textbox"):
    """Of the page's form, by its label."""
    return page.get_by_role(role, name=name, exact=True)


def choose(page, label, option):
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def outcome(page):
    """How the test of a connection stands."""
    return page.get_by_role("status", name="Connection test")


def id_in(page, noun):
    return int(re.search(rf"/{noun}/(\d+)", page.url)[1])


# ---- guided set-up


def test_from_signing_in_to_a_green_run_of_one_s_own_repository(api, visit, projects, warehouse, sshd):
    """PostgreSQL and a private repository that is fetched by a deploy key; a wrong password on the way."""
    repository = projects.make(SMALL)
    visitor = visit(signed_in=False)
    page = visitor.page
    begun = time.monotonic()
    page.goto(f"/set-up/{visitor.account}")
    visitor.sign_in()
    field(page, "Project").fill("First project")
    choose(page, "Warehouse", "PostgreSQL")
    expect(field(page, "Port")).to_have_value("5432")
    field(page, "Name").fill("The company's warehouse")
    field(page, "Host").fill(warehouse.config["hostname"])
    field(page, "Port").fill(str(warehouse.config["port"]))
    field(page, "Database").fill(warehouse.config["dbname"])
    field(page, "User name").fill(warehouse.USER)
    page.get_by_label(PASSWORD).fill("not the one")
    press(page, "Save and test")
    # What is missing is said where it is, before anything is sent.
    expect(page.get_by_text("Say into which schema dbt builds")).to_be_visible()
    field(page, "Schema").fill("first_project")
    press(page, "Save and test")
    expect(outcome(page)).to_contain_text("The connection does not work")
    expect(outcome(page)).to_contain_text("password authentication failed")
    press(page, "Replace")
    page.get_by_label(PASSWORD).fill(warehouse.password)
    press(page, "Save and test")
    expect(outcome(page)).to_contain_text("The connection works")
    press(page, "Continue")

    field(page, "Git URL").fill(sshd.url(repository))
    press(page, "Connect")
    expect(page.get_by_text("Give this public key to your git host")).to_be_visible()
    sshd.admit_git(page.locator("main pre").inner_text())
    press(page, "Continue")

    expect(field(page, "Name")).to_have_value("Production")
    press(page, "Save and continue")
    expect(field(page, "Commands")).to_have_value("dbt build")
    press(page, "Make the job")
    press(page, "Run now")
    expect(page.get_by_role("status", name="The run")).to_contain_text("Success")
    expect(page.get_by_text("Everything is set up")).to_be_visible()
    page.get_by_role("link", name=re.compile("Open run")).click()
    expect(visitor.state).to_have_text("Success")
    assert time.monotonic() - begun < FIVE_MINUTES
    run = api.run(id_in(page, "runs"))
    assert run["status"] == SUCCESS
    assert warehouse.rows("select total from first_project.total") == ["120"]


def test_a_set_up_that_was_left_is_taken_up_again(visit, projects, rest):
    visitor = visit()
    page = visitor.page
    page.goto(f"/set-up/{visitor.account}")
    name = f"Left for lunch {secrets.token_hex(3)}"
    field(page, "Project").fill(name)
    choose(page, "Warehouse", "DuckDB")
    field(page, "Path").fill(str(projects.warehouse()))
    field(page, "Schema").fill("built")
    press(page, "Save and test")
    expect(outcome(page)).to_contain_text("The connection works")
    address = page.url
    # By the address, with all that was typed.
    page.goto("/")
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    page.goto(address)
    expect(field(page, "Schema")).to_have_value("built")
    # By its name, without the address: at the first step that is not done.
    page.goto(f"/set-up/{visitor.account}")
    page.get_by_role("link", name=f"Go on with {name}").click()
    expect(page.get_by_role("heading", name="Connect your repository")).to_be_visible()
    page.get_by_text("Kept by Millwright").click()
    field(page, "Name of the repository").fill("lunch")
    press(page, "Connect")
    expect(page.get_by_text("git remote add millwright")).to_be_visible()
    # What is done can be gone back to, what isn't can't be jumped to.
    steps = page.get_by_role("navigation", name="Steps")
    expect(steps.get_by_role("button", name="5. Run it")).to_be_disabled()
    steps.get_by_role("button", name="1. Connect your warehouse").click()
    expect(field(page, "Path")).to_be_visible()
    # Nothing was made twice.
    assert [each["name"] for each in rest.get("projects/")].count(name) == 1


# ---- environments and credentials


def test_an_environment_is_made_tested_and_deleted(visit, mine, rest, warehouse):
    name = f"Warehouse of people {secrets.token_hex(3)}"
    connection = rest.post("connections/", name=name, adapter_version="postgres_v0",
                           config=warehouse.config)
    visitor = visit()
    page = visitor.page
    page.goto(f"/deploy/{visitor.account}/environments")
    page.get_by_role("link", name="New environment").click()
    press(page, "Create environment")
    expect(page.get_by_text("Give it a name")).to_be_visible()
    page.goto(f"/deploy/{visitor.account}/environments/new?project={mine.project_id}")
    field(page, "Name").fill("Staging")
    page.get_by_text("Staging", exact=True).click()
    choose(page, "Connection", name)
    field(page, "Custom branch").fill("develop")
    field(page, "Extended attributes").fill("{")
    field(page, "User name").fill(warehouse.USER)
    page.get_by_label(PASSWORD).fill(warehouse.password)
    field(page, "Schema").fill("staged")
    press(page, "Create environment")
    expect(page.get_by_text("This must be a JSON object")).to_be_visible()
    field(page, "Extended attributes").fill('{"connect_timeout": 5}')
    press(page, "Create environment")
    expect(page.get_by_role("heading", name="Staging", exact=True)).to_be_visible()
    for said in ("develop", "staged", "connect_timeout"):
        expect(page.get_by_role("tabpanel").get_by_text(said, exact=True)).to_be_visible()
    press(page, "Test connection")
    expect(outcome(page)).to_contain_text("The connection works")
    environment = rest.get(f"environments/{id_in(page, 'environments')}/")
    assert environment["connection_id"] == connection["id"] and environment["deployment_type"] == "staging"

    page.get_by_role("tab", name="Credentials").click()
    expect(page.get_by_label(PASSWORD)).to_have_value("••••••••••••")
    press(page, "Replace")
    page.get_by_label(PASSWORD).fill("wrong")
    press(page, "Save")
    expect(page.get_by_text("Saved")).to_be_visible()
    press(page, "Test connection")
    expect(outcome(page)).to_contain_text("password authentication failed")

    page.get_by_role("tab", name="Settings").click()
    field(page, "dbt version").or_(field(page, "dbt version", "combobox")).fill("1.11.0-latest")
    press(page, "Save")
    expect(page.get_by_text("Saved")).to_be_visible()
    expect(page.locator("main header")).to_contain_text("dbt 1.11.0-latest")
    press(page, "Delete environment")
    page.get_by_role("dialog").get_by_role("button", name="Delete environment").click()
    expect(page.get_by_role("heading", name="Environments", exact=True)).to_be_visible()
    assert environment["id"] not in [each["id"] for each in rest.get("environments/")]


def test_environments_are_filtered(visit, mine, rest):
    rest.post(f"projects/{mine.project_id}/environments/", name="For people", type="development")
    visitor = visit()
    page = visitor.page
    page.goto(f"/deploy/{visitor.account}/environments?project={mine.project_id}")
    rows = page.get_by_role("table", name="Environments").get_by_role("row")
    expect(rows.filter(has_text="For people")).to_be_visible()
    expect(rows.filter(has_text="Production")).to_have_count(1)
    press(page, "Development")
    expect(rows.filter(has_text="Production")).to_have_count(0)
    expect(page).to_have_url(re.compile("type=development"))
    page.reload()
    expect(rows.filter(has_text="For people")).to_be_visible()
    press(page, "Staging")
    expect(page.get_by_text("No environment matches")).to_be_visible()


def test_an_environment_with_jobs_is_kept(api, visit, make_project):
    seeded, _ = make_project()
    api.create_job(seeded, name="Needs its place")
    visitor = visit()
    page = visitor.page
    path = f"/deploy/{visitor.account}/projects/{seeded.project_id}/environments/{seeded.environment_id}"
    page.goto(path)
    expect(page.get_by_role("link", name="Needs its place")).to_be_visible()
    page.goto(f"{path}?tab=settings")
    press(page, "Delete environment")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete environment").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Needs its place")


def test_what_somebody_else_saved_is_not_overwritten_unseen(visit, make_project, rest):
    seeded, _ = make_project()
    visitor = visit()
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/projects/{seeded.project_id}")
    field(page, "Description").fill("Mine")
    rest.post(f"projects/{seeded.project_id}/", description="Theirs")
    press(page, "Save")
    expect(page.get_by_text("Somebody changed this while you typed")).to_be_visible()
    expect(field(page, "Description")).to_have_value("Mine")
    press(page, "Show theirs")
    expect(field(page, "Description")).to_have_value("Theirs")
    field(page, "Description").fill("Mine after all")
    press(page, "Save")
    expect(page.get_by_text("Saved")).to_be_visible()
    assert rest.get(f"projects/{seeded.project_id}/")["description"] == "Mine after all"


# ---- connections


def test_a_connection_is_made_used_and_deleted(visit, make_project, rest):
    visitor = visit()
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/connections/new")
    press(page, "Create connection")
    expect(page.get_by_text("Choose one")).to_be_visible()
    choose(page, "Warehouse", "Snowflake")
    expect(field(page, "Name")).to_have_value("Snowflake")
    for name, value in (("Name", "Snow"), ("Account", "acme"), ("Database", "raw"), ("Warehouse", "small")):
        field(page, name).fill(value)
    press(page, "More options (11)")
    field(page, "Connect timeout").fill("30")
    page.get_by_label("OAuth client secret").fill("hush")
    press(page, "Create connection")
    expect(page.get_by_role("heading", name="Snow")).to_be_visible()
    expect(page.get_by_text("It can be tested once an environment")).to_be_visible()
    id_ = id_in(page, "connections")
    assert rest.get(f"connections/{id_}/")["config"] == {
        "account": "acme", "database": "raw", "warehouse": "small", "connect_timeout": 30}
    assert "hush" not in page.content()
    # What is set is not folded away; emptied, it is gone.
    field(page, "Connect timeout").fill("")
    press(page, "Save")
    expect(page.get_by_text("Saved")).to_be_visible()
    assert "connect_timeout" not in rest.get(f"connections/{id_}/")["config"]

    seeded, _ = make_project()
    rest.post(f"projects/{seeded.project_id}/environments/{seeded.environment_id}/", connection_id=id_)
    page.reload()
    expect(page.get_by_role("button", name="Delete connection")).to_be_disabled()
    page.get_by_role("link", name="Production").click()
    # The credentials that fit the warehouse, of the way to sign in that is chosen.
    page.get_by_role("tab", name="Credentials").click()
    expect(page.get_by_label(PASSWORD)).to_be_visible()
    choose(page, "Sign in by", "Key pair")
    expect(page.get_by_label(PASSWORD)).to_have_count(0)
    expect(page.get_by_label("Private key", exact=False).first).to_be_visible()
    rest.post(f"projects/{seeded.project_id}/environments/{seeded.environment_id}/",
              connection_id=seeded.connection_id)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/settings/{visitor.account}/connections/{id_}")
    press(page, "Delete connection")
    page.get_by_role("dialog").get_by_role("button", name="Delete connection").click()
    expect(page.get_by_role("heading", name="Connections", exact=True)).to_be_visible()
    assert id_ not in [each["id"] for each in rest.get("connections/")]


# ---- projects and repositories


def test_the_key_of_an_ssh_host_is_shown_and_forgotten(appliance, visit, rest):
    appliance.psql("INSERT INTO ssh_host_keys (account_id, hostname, port, key_type, public_key) "
                   "VALUES (:account, 'git.example.com', 2222, 'ssh-ed25519', :'key')", account=rest.api.account_id,
                   key="AAAAC3NzaC1lZDI1NTE5AAAAILs/mGqaVRo2mUfNJ8mrfEubswc3QvEgabD+U79enVPm")
    visitor = visit()
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/repositories")
    shown = page.get_by_role("table", name="SSH host keys").get_by_role("row").filter(has_text="git.example.com:2222")
    expect(shown).to_contain_text("SHA256:DP2r6T/UQvMS/7lrAF7mxPDrQIDQR11bTmNCj1lybtE")
    shown.get_by_role("button", name="Forget").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget").click()
    expect(shown).to_have_count(0)
    assert "git.example.com" not in [each["hostname"] for each in rest.get("ssh-host-keys/")]


def test_a_project_its_repository_and_their_end(visit, rest):
    visitor = visit()
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/projects")
    page.get_by_role("link", name="New project").click()
    field(page, "Name").fill("Short-lived")
    field(page, "Folder of the dbt project").fill("/etc")
    press(page, "Create project")
    # The server's own words, at the field.
    expect(page.get_by_text("must be a folder inside the repository")).to_be_visible()
    field(page, "Folder of the dbt project").fill("dbt")
    press(page, "Create project")
    expect(page.get_by_role("heading", name="Short-lived")).to_be_visible()
    project = id_in(page, "projects")
    page.get_by_role("link", name="Connect a repository").click()
    field(page, "Git URL").fill("https://github.com/acme/shop.git")
    press(page, "Connect")
    expect(page.get_by_text("A deploy key works over SSH")).to_be_visible()
    field(page, "Git URL").fill("git@github.com:acme/shop.git")
    press(page, "Connect")
    expect(page.get_by_role("heading", name="acme/shop")).to_be_visible()
    expect(page.get_by_text("Settings → Deploy keys → Add deploy key")).to_be_visible()
    repository = id_in(page, "repositories")
    assert rest.get(f"projects/{project}/")["repository_id"] == repository
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Copy deploy key")
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()").startswith("ssh-ed25519 "), "it is copied")

    press(page, "Delete repository")
    page.get_by_role("dialog").get_by_role("button", name="Delete repository").click()
    expect(page.get_by_role("heading", name="Repositories", exact=True)).to_be_visible()
    assert rest.get(f"projects/{project}/")["repository_id"] is None

    page.goto(f"/settings/{visitor.account}/projects/{project}")
    press(page, "Delete project")
    confirm = page.get_by_role("dialog").get_by_role("button", name="Delete project")
    expect(confirm).to_be_disabled()
    page.get_by_role("dialog").get_by_role("textbox").fill("Short-lived")
    confirm.click()
    expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    assert project not in [each["id"] for each in rest.get("projects/")]


def test_typed_text_is_not_lost_unasked(visit, mine):
    visitor = visit()
    page = visitor.page
    asked = []

    def stay(dialog):
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"/settings/{visitor.account}/projects/{mine.project_id}")
    field(page, "Description").fill("Half a sentence")
    page.get_by_role("link", name="Connections", exact=True).click()
    visitor.until(lambda: asked, "it is asked")
    expect(field(page, "Description")).to_have_value("Half a sentence")


# ---- environment variables


def test_variables_by_environment(visit, make_project, rest):
    seeded, _ = make_project()
    path = f"projects/{seeded.project_id}/environment-variables/environment/"
    visitor = visit()
    page = visitor.page
    page.goto(f"/settings/{visitor.account}/projects/{seeded.project_id}?tab=variables")
    press(page, "New variable")
    field(page, "Name").fill("dbt_cloud_x")
    press(page, "Save")
    expect(page.get_by_text("choose another name")).to_be_visible()
    field(page, "Name").fill("DBT_WINDOW")
    field(page, "Project default").fill("30")
    field(page, "Production").fill("365")
    press(page, "Save")
    row = page.get_by_role("row").filter(has_text="DBT_WINDOW")
    expect(row).to_contain_text("365")
    # The panel of one is in the address, and Esc closes it.
    press(page, "DBT_WINDOW")
    expect(page).to_have_url(re.compile("variable=DBT_WINDOW"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    press(page, "DBT_WINDOW")
    page.get_by_role("button", name="Remove the value").last.click()
    press(page, "Save")
    expect(row).to_contain_text("default")
    assert rest.get(path)["variables"]["DBT_WINDOW"].keys() == {"project"}

    press(page, "New variable")
    field(page, "Name").fill("DBT_ENV_SECRET_TOKEN")
    page.get_by_label("Project default").fill("hush-hush")
    press(page, "Save")
    secret = page.get_by_role("row").filter(has_text="DBT_ENV_SECRET_TOKEN")
    expect(secret).to_contain_text("••••••••")
    page.reload()
    press(page, "DBT_ENV_SECRET_TOKEN")
    expect(page.get_by_label("Project default")).to_have_value("••••••••••••")
    assert "hush-hush" not in page.content()
    press(page, "Delete variable")
    page.get_by_role("dialog").filter(has_text="Delete DBT_ENV_SECRET_TOKEN").get_by_role(
        "button", name="Delete variable").click()
    expect(secret).to_have_count(0)
    assert rest.get(path)["variables"].keys() == {"DBT_WINDOW"}


# ---- how it looks


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_everybody(visit, rest, mine, scheme, size):
    project, environment = mine.project_id, mine.environment_id
    rest.call("PUT", f"projects/{project}/environment-variables/bulk/",
              {"env_var": {"new_name": "DBT_LONG", "project": "x" * 300, "Production": "ü 🚀 مشروع"}})
    repositories = rest.get(f"projects/{project}/repositories/")
    visitor = visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    page = visitor.page
    settings, deploy = f"/settings/{visitor.account}", f"/deploy/{visitor.account}"
    here = f"{deploy}/projects/{project}/environments/{environment}"
    for path, sign in (
        (f"/set-up/{visitor.account}", "Save and test"),
        (f"{deploy}/environments", "Production"),
        (f"{deploy}/environments/new?project={project}&connection={mine.connection_id}", "Schema"),
        (here, "Test connection"),
        (f"{here}?tab=credentials", "Schema"),
        (f"{here}?tab=variables", "DBT_LONG"),
        (f"{here}?tab=settings", "Extended attributes"),
        (f"{settings}/projects", "New project"),
        (f"{settings}/projects/new", "Create project"),
        (f"{settings}/projects/{project}", "Delete project"),
        (f"{settings}/projects/{project}?tab=variables", "DBT_LONG"),
        (f"{settings}/connections", "New connection"),
        (f"{settings}/connections/new", "Create connection"),
        (f"{settings}/connections/{mine.connection_id}", "Used by"),
        (f"{settings}/connections/999999", "There is no such connection"),
        (f"{settings}/repositories", "New repository"),
        (f"{settings}/repositories/new", "Git URL"),
        (f"{settings}/repositories/{repositories[0]['id']}", "Delete repository"),
    ):
        page.goto(path)
        expect(page.get_by_text(sign).first).to_be_visible()
        # What is still being read may be all that is wrong with it.
        expect(page.locator("main .mantine-Skeleton-root")).to_have_count(0)
        assert visitor.violations() == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} scrolls sideways"
