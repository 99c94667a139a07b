"""Fixtures of the live appliance; README.md says what the rules are."""

import asyncio

import browser
import duck
import pytest
import seed_project
from appliance import Appliance
from browser import Visitor
from gitea import Gitea
from keycloak import Keycloak
from live import Live, sign_in
from places import Places, peer
from playwright.sync_api import sync_playwright
from postgres_warehouse import PostgresWarehouse
from receiver import Receiver
from repositories import SMALL, Projects


@pytest.fixture(scope="session")
def places():
    return Places()


@pytest.fixture(scope="session")
def appliance(places):
    """The one that tests share. Nobody stops it or kills its processes."""
    running = Appliance(places, LOG_LEVEL="debug", LOG_FLUSH_SECONDS=1, HOSTNAME="localhost")
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


@pytest.fixture
def own_appliance(places):
    """Makes appliances that the test may stop, kill and start again."""
    made = []

    def make(**settings):
        made.append(Appliance(places, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def api(appliance):
    return appliance.api


@pytest.fixture(scope="session")
def projects(appliance):
    return Projects(appliance.shared)


@pytest.fixture(scope="session")
def make_project(appliance, projects):
    """make_project(files, …): a repository and the rows for it. Returns (seeded, repository)."""
    def make(files=SMALL, account_id=None, warehouse=None, **details):
        repository = projects.make(files)
        details.setdefault("config", {"path": str(warehouse or projects.warehouse())})
        account = account_id or appliance.sample["account_id"]
        return seed_project.add_project(appliance, account, repository, **details), repository
    return make


@pytest.fixture(scope="session")
def small(make_project):
    """A project whose runs succeed; tests only read it and make jobs of their own."""
    return make_project()[0]


@pytest.fixture
def gated(make_project, projects):
    """A project whose last model waits at the gate: (seeded, gate)."""
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model(after="total")})
    yield seeded, gate
    gate.open()


@pytest.fixture(scope="session")
def done_run(api, small):
    """A run of it that has ended well, with everything a run may have."""
    job = api.create_job(small, name="Everything", generate_docs=True)
    run = api.run_job(job)
    assert run["status"] == 10, run["status_message"]
    return run


@pytest.fixture(scope="session")
def other_account(appliance):
    return seed_project.add_account(appliance, "Somebody else")


@pytest.fixture(scope="session")
def other_api(api, other_account):
    return api.of_account(other_account.account_id, other_account.token)


@pytest.fixture(scope="session")
def warehouse(appliance, places):
    running = PostgresWarehouse(appliance.shared / "customer", places)
    yield running
    running.close()


@pytest.fixture(scope="session")
def query_duckdb(places):
    return duck.reader(places)


@pytest.fixture(scope="session")
def cookie(api, appliance):
    """Of a session."""
    answer = sign_in(api, appliance.sample["email"], appliance.sample["password"])
    assert answer.status == 200, answer
    return answer.headers["set-cookie"].split(";")[0]


def _sockets(api, cookie):
    opened = []
    with asyncio.Runner() as runner:
        def open_one(origin=None, **headers):
            opened.append(Live(runner.get_loop(), api, origin, **(headers or {"Cookie": cookie})))
            return opened[-1]

        yield open_one
        for each in opened:
            each.close()


@pytest.fixture
def live(api, cookie):
    """Opens WebSockets."""
    yield from _sockets(api, cookie)


@pytest.fixture(scope="module")
def module_live(api, cookie):
    """The same for fixtures that live longer than one test."""
    yield from _sockets(api, cookie)


# Of a module: while it runs, so does a loop of events, and tests of sockets have their own.
@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        running = browser.launch(playwright)
        yield running
        running.close()


@pytest.fixture
def visit(chromium, appliance):
    """Opens a browser of somebody's own. Whatever a test is about: no page may complain, or ask
    anybody but the appliance."""
    visitors = []

    def open_one(signed_in=True, at=appliance, **options):
        visitor = Visitor(chromium, at, **options)
        visitors.append(visitor)
        return visitor.have_session() if signed_in else visitor

    yield open_one
    for visitor in visitors:
        visitor.close()
    for visitor in visitors:
        assert visitor.complaints == []
        assert visitor.requests and not visitor.other_hosts()


@pytest.fixture(scope="module")
def hooked(places):
    """An appliance of a module's own: webhooks may call this machine, and tries follow quickly."""
    running = Appliance(places, WEBHOOK_NETWORKS="127.0.0.0/8", WEBHOOK_RETRY_SECONDS=1, HOSTNAME="localhost")
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def keycloak(tmp_path_factory):
    """An identity provider; a test makes a client of its own there."""
    running = Keycloak(tmp_path_factory.mktemp("keycloak"), peer("keycloak"))
    yield running
    running.close()


@pytest.fixture(scope="session")
def gitea(tmp_path_factory):
    """A git server; a test makes a repository of its own there."""
    running = Gitea(tmp_path_factory.mktemp("gitea"), peer("gitea"))
    yield running
    running.close()
