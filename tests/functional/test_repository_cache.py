"""The copies of repositories that runs share: over HTTP, from a server that can be away, closed or slow."""

import os
import random
import signal

import pytest
import seed_project
from api import ERROR, OVER, SUCCESS, logs
from git_http_server import GitHttpServer
from repositories import SMALL, Projects
from rest import Rest
from waiting import wait_until

QUICK = {"execute_steps": ["dbt parse"]}
CLONE = 1
WEIGHT = 400_000


def heavy(files):
    """With what no compression makes small."""
    noise = random.Random(1).randbytes(WEIGHT // 2).hex()
    lines = "\n".join(noise[at:at + 120] for at in range(0, len(noise), 120))
    return {**files, "notes/noise.txt": lines}


class Shop:
    """A project whose repository is fetched over HTTP."""

    def __init__(self, rest, git, projects, user=None, password=None):
        self.rest, self.git = rest, git
        self.repository = projects.make(heavy(SMALL))
        self.project = rest.post("projects/", name="Shop")["id"]
        here = f"projects/{self.project}/"
        self.code = rest.post(here + "repositories/", remote_url=git.url(self.repository, user, password))["id"]
        rest.post(here, repository_id=self.code)
        self.job = rest.make_job(self.project, projects.warehouse(), **QUICK)

    def run(self, **overrides):
        run = self.rest.api.run_job(self.job, **overrides)
        return run | {"cached": self.rest.api.run(run["id"], "used_repo_cache")["used_repo_cache"]}

    def mirrors(self, appliance):
        return list((appliance.data / "repository_cache").glob(f"{self.code}-*/"))


@pytest.fixture
def git(appliance):
    server = GitHttpServer(appliance.shared)
    yield server
    server.go_on()
    server.close()


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Has a git server")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def shop(rest, git, projects):
    return Shop(rest, git, projects)


def test_a_later_run_fetches_what_is_new(shop, git, appliance):
    first = shop.run()
    assert first["status"] == SUCCESS, logs(first)
    assert git.sent > WEIGHT / 2 and first["cached"] is False
    assert len(shop.mirrors(appliance)) == 1
    for files in ({}, {"models/more.sql": "select 1 as id"}):
        before = git.sent
        sha = shop.repository.commit(files) if files else first["git_sha"]
        run = shop.run()
        assert run["status"] == SUCCESS and run["git_sha"] == sha, logs(run)
        assert git.sent - before < WEIGHT / 20


def test_while_the_host_is_away_a_run_takes_what_was_fetched_last(shop, git):
    first = shop.run()
    git.stop()
    run = shop.run()
    assert run["status"] == SUCCESS and run["git_sha"] == first["git_sha"], logs(run)
    assert run["git_branch"] == first["git_branch"] == "main"
    assert run["cached"] is True
    said = logs(run, CLONE)
    assert "cannot be reached" in said and f"ago: commit {first['git_sha']} of branch main" in said, said
    pinned = shop.run(git_sha=first["git_sha"])
    assert pinned["status"] == SUCCESS and pinned["cached"] is False, logs(pinned)
    for overrides in ({"git_branch": "never-seen"}, {"git_sha": "1" * 40}):
        failed = shop.run(**overrides)
        assert failed["status"] == ERROR and "cannot be reached" in failed["status_message"], failed["status_message"]
    git.start()
    sha = shop.repository.commit({"models/more.sql": "select 1 as id"})
    again = shop.run()
    assert again["git_sha"] == sha and again["cached"] is False


def test_who_may_read_it_no_more_gets_nothing_from_the_cache(rest, git, projects):
    git.password = "0pen-sesame-0123"
    shop = Shop(rest, git, projects, "ann", git.password)
    assert shop.run()["status"] == SUCCESS
    git.password = "another-word-4567"
    refused = shop.run()
    assert refused["status"] == ERROR and "refuses the user name and password" in refused["status_message"]
    assert refused["cached"] is False and "0pen-sesame-0123" not in logs(refused)


def test_two_runs_fetch_at_once(shop, git, rest, projects):
    other = rest.make_job(shop.project, projects.warehouse(), **QUICK)
    git.stall()
    runs = [rest.api.trigger(shop.job)]
    wait_until(git.stalled.is_set, "the first fetches")
    runs.append(rest.api.trigger(other))
    wait_until(lambda: "Waiting for another run" in logs(rest.api.run(runs[1], "run_steps"), CLONE), "the second waits")
    git.go_on()
    for run in runs:
        ended = rest.api.wait_run(run)
        assert ended["status"] == SUCCESS, logs(ended)
    assert git.sent < 1.5 * WEIGHT


def test_an_account_without_the_feature_has_no_cache(appliance, api, git, projects):
    made = seed_project.add_account(appliance, "Fetches anew")
    shop = Shop(Rest(api.of_account(made.account_id, made.token)), git, projects)
    private = f"/api/private/accounts/{made.account_id}/features/"
    answer = shop.rest.api.request("POST", private, {"feature": "repo-caching", "value": False})
    assert answer.status == 200, answer
    assert shop.run()["status"] == SUCCESS
    assert shop.mirrors(appliance) == []
    git.stop()
    assert shop.run()["status"] == ERROR


@pytest.fixture
def own(own_appliance):
    """An appliance of the test's own with a git server and a project: (appliance, server, shop)."""
    servers = []

    def make(**settings):
        appliance = own_appliance(LEASE_SECONDS=6, **settings).start()
        sample = appliance.load_sample()
        servers.append(GitHttpServer(appliance.shared))
        rest = Rest(appliance.api.of_account(sample["account_id"], sample["token"]))
        return appliance, servers[-1], Shop(rest, servers[-1], Projects(appliance.shared))
    yield make
    for server in servers:
        server.go_on()
        server.close()


def test_a_worker_is_killed_while_it_fetches(own):
    appliance, git, shop = own()
    for has_mirror in (False, True):
        if has_mirror:
            shop.repository.commit(heavy({}) | {"notes/noise.txt": random.Random(2).randbytes(WEIGHT // 2).hex()})
        git.stall()
        killed = shop.rest.api.trigger(shop.job)
        wait_until(git.stalled.is_set, "it fetches")
        os.kill(appliance.worker_pid(killed), signal.SIGKILL)
        shop.rest.api.wait_run(killed, until=OVER)
        [mirror] = shop.mirrors(appliance)
        assert (mirror / "changing").exists()
        git.go_on()
        run = shop.run()
        assert run["status"] == SUCCESS, logs(run)
        assert not (mirror / "changing").exists() and not list(mirror.rglob("tmp_*"))


def test_an_operator_without_the_cache(own):
    appliance, git, shop = own(REPOSITORY_CACHE="off")
    assert shop.run()["status"] == SUCCESS
    assert not (appliance.data / "repository_cache").exists()
