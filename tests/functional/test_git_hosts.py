"""Links to a git host, against a real Gitea: runs fetch with their token, and its webhooks are taken."""

import pytest
import requests
import seed_project
from api import ERROR, SUCCESS, logs
from appliance import Appliance
from repositories import SMALL, Projects
from rest import Rest
from waiting import wait_until


@pytest.fixture(scope="module")
def linked(places):
    """An appliance whose git hosts may be on this machine."""
    running = Appliance(places, GIT_HOST_NETWORKS="127.0.0.0/8", HOSTNAME="localhost")
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def rest(linked):
    made = seed_project.add_account(linked, "Linked")
    return Rest(linked.api.of_account(made.account_id, made.token))


@pytest.fixture(scope="module")
def warehouses(linked):
    return Projects(linked.shared)


class Linked:
    """A project whose repository is a private one on Gitea."""

    def __init__(self, rest, warehouse, code):
        self.rest, self.code = rest, code
        self.project = rest.post("projects/", name=code.name)["id"]
        here = f"projects/{self.project}/repositories/"
        self.repository = rest.post(here, remote_url=code.url)["id"]
        rest.post(f"projects/{self.project}/", repository_id=self.repository)
        self.path = f"{here}{self.repository}/git-host/"
        self.job = rest.make_job(self.project, warehouse)

    def put(self, expect=200, **fields):
        return self.rest.call("PUT", self.path, fields, expect)

    def link(self, **fields):
        return self.put(kind="gitea", token=self.code.owner.token, **fields)

    def shown(self):
        return self.rest.get(self.path)


@pytest.fixture
def place(rest, warehouses, gitea, request):
    name = request.node.name.replace("_", "-")[:40]
    return Linked(rest, warehouses.warehouse(), gitea.make_repository(name, SMALL))


def test_a_run_fetches_by_the_link_s_token(place, rest):
    run = rest.api.run_job(place.job)
    assert run["status"] == ERROR, "a private repository is fetched by whoever comes"
    link = place.link()
    assert link["api_url"] == f"{place.code.gitea.url}/api/v1" and link["has_token"]
    run = rest.api.run_job(place.job)
    assert run["status"] == SUCCESS, logs(run)
    assert place.code.owner.token not in logs(run)
    rest.call("DELETE", place.path)
    assert rest.api.run_job(place.job)["status"] == ERROR


def test_the_host_says_what_the_token_may(place, rest, gitea):
    place.link()
    said = rest.call("POST", place.path + "test/")
    assert said["ok"] and said["who"] == "owner", said
    assert [check["ok"] for check in said["checks"]] == [True, True, True]
    reader = gitea.add_person("reader")
    place.code.add_collaborator(reader, "read")
    place.put(token=reader.token)
    said = rest.call("POST", place.path + "test/")
    assert not said["ok"] and said["who"] == "reader", said
    assert "It may not set statuses of commits." in [check["says"] for check in said["checks"]]
    place.put(token="0123456789abcdef0123456789abcdef01234567")
    said = rest.call("POST", place.path + "test/")
    assert not said["ok"] and "does not accept the token" in said["checks"][0]["says"]
    assert place.shown()["broken_since"]


def test_a_webhook_of_gitea_is_taken(place, linked):
    link = place.link()
    place.code.add_webhook(link["webhook_url"], link["webhook_secret"])
    commit = place.code.push({"models/more.sql": "select 2 as id"})
    wait_until(lambda: place.shown()["last_delivery_at"], "the webhook is taken")
    kept = f"SELECT kind || ' ' || event || ' ' || (payload::jsonb ->> 'after') FROM git_deliveries " \
           f"WHERE repository_id = {place.repository}"
    assert linked.value(kept) == f"gitea push {commit}"


def test_a_webhook_by_hand(place, linked):
    """As a stranger sends it: whatever is wrong, the answer is the same."""
    url = place.link()["webhook_url"]
    assert url.startswith(linked.api.url)
    verify = str(linked.api.certificate)
    headers = {"X-Gitea-Event": "push", "X-Hub-Signature-256": "sha256=" + "0" * 64}
    wrong = requests.post(url, data="{}", headers=headers, verify=verify, timeout=60)
    none = requests.post(url.replace(f"/{place.repository}/", "/987654/"), data="{}", headers=headers, verify=verify,
                         timeout=60)
    assert wrong.status_code == none.status_code == 404
    assert wrong.json() == none.json()
    # GitHub's have up to 25 MiB, more than other bodies may.
    large = requests.post(url, data="x" * (24 * 1024 * 1024), headers={**headers, "Content-Type": "application/json"},
                          verify=verify, timeout=60)
    assert large.status_code == 404, large.text
