"""A GitHub App, against a double of GitHub's API (github_double.py): webhooks that GitHub once sent, git from a real
server."""

import pytest
import seed_project
from api import SUCCESS, logs
from appliance import Appliance, make_folder
from github_double import INSTALLATION, GithubDouble
from places import peer
from repositories import SMALL, Projects
from waiting import wait_until

FULL_NAME = ("Codertocat", "Hello-World")
"""As the recorded webhooks have it."""


@pytest.fixture(scope="module")
def owner(gitea):
    return gitea.add_person(FULL_NAME[0])


@pytest.fixture(scope="module")
def github(places, owner, tmp_path_factory):
    running = GithubDouble(tmp_path_factory.mktemp("github"), peer("octokit"), owner.token)
    yield running
    running.close()


@pytest.fixture(scope="module")
def mill(places, gitea, github):
    running = Appliance(places, HOSTNAME="localhost")
    github.folder = make_folder(running.shared, "github")
    for name in ("app.pem", "app.pub"):
        (github.folder / name).write_bytes((github.key.parent / name).read_bytes())
    github.key, github.public = github.folder / "app.pem", github.folder / "app.pub"
    running.settings |= github.settings(gitea.url)
    try:
        running.start().load_sample()
        yield running
    finally:
        running.close()


@pytest.fixture(scope="module")
def shop(mill, gitea, github, owner):
    """(project, its CI job, the repository)"""
    repository = gitea.make_repository(FULL_NAME[1], SMALL, owner=owner)
    projects = Projects(mill.shared)
    project = seed_project.add_project(mill, mill.sample["account_id"], repository, {"path": str(projects.warehouse())})
    # Bound as the browser's way through GitHub does it; test_git_hosts and the pgtests go that way.
    mill.psql("INSERT INTO github_installations (id, account_id, login) VALUES (:id, :account, 'Codertocat')",
              id=INSTALLATION, account=project.account_id)
    code = mill.api.get(f"projects/{project.project_id}/")["repository_id"]
    mill.api.request("POST", f"/api/v3/accounts/{project.account_id}/projects/{project.project_id}/repositories/{code}/",
                     {"github_installation_id": INSTALLATION, "git_clone_strategy": "github_app"})
    production = mill.api.run_job(mill.api.create_job(project, name="Production"))
    assert production["status"] == SUCCESS, logs(production)
    ci = seed_project.add_environment(mill, project, "CI", "ci")
    job = mill.api.create_job(ci, name="CI", steps=["dbt build --select state:modified+"],
                              deferring_environment_id=project.environment_id,
                              triggers={"github_webhook": True, "schedule": False})
    return project, job, repository


def opened(github, sha, action="opened", number=7, **more):
    return github.example("pull_request", action, number=number, **more, pull_request={
        "number": number, "head": {"sha": sha, "ref": "better"}, "base": {"ref": "main"}},
        repository={"default_branch": "main"})


def test_a_recorded_pull_request_is_built_by_the_apps_tokens_against_a_double(mill, github, shop):
    project, job, repository = shop
    sha = repository.push({"models/total.sql": "select 7 as total"}, branch="better")
    assert github.send(mill, "pull_request", opened(github, sha)).status_code == 202

    def ended():
        found = [run for run in mill.api.get("runs/", job_definition_id=job) if run["is_complete"]]
        return mill.api.run(found[-1]["id"], "trigger", "run_steps") if found else None

    run = wait_until(ended, "the run has ended")
    assert run["status"] == SUCCESS, logs(run)
    assert run["trigger"]["github_pull_request_id"] == 7
    told = wait_until(lambda: [each for each in github.statuses if each["state"] == "success"], "a status")[-1]
    assert (told["repository"], told["sha"], told["context"]) == ("/".join(FULL_NAME), sha, "dbt Cloud")
    comment = wait_until(lambda: list(github.comments.values()), "a comment")[0]
    assert comment["number"] == 7 and "✅ passed" in comment["body"]
    assert github.complaints == []
    assert {tuple(each["permissions"]) for each in github.tokens.values()} == {("contents",), ("statuses",), ("pull_requests",)}

    # The commit's checks are asked for once more, by GitHub's own button.
    again = github.example("check_suite", "rerequested", check_suite={"head_sha": sha, "pull_requests": [{"number": 7}]})
    assert github.send(mill, "check_suite", again).status_code == 202
    wait_until(lambda: len(mill.api.get("runs/", job_definition_id=job)) == 2, "it runs again")
    assert github.send(mill, "pull_request", opened(github, sha, "closed")).status_code == 202


def test_a_private_package_comes_by_a_token_of_its_own_against_a_double(mill, gitea, github, owner, shop):
    project, _, repository = shop
    gitea.make_repository("macros", {"dbt_project.yml": "name: house\nversion: 1.0.0\nprofile: house\n",
                                     "macros/seven.sql": "{% macro seven() %}7{% endmacro %}"}, owner=owner)
    repository.push({"packages.yml": f"packages:\n  - private: {owner.name}/macros\n    revision: main\n",
                     "models/total.sql": "select {{ house.seven() }} as total"}, branch="packaged")
    asked = len(github.calls)
    run = mill.api.run_job(mill.api.create_job(project, name="Packaged"), git_branch="packaged")
    assert run["status"] == SUCCESS, logs(run)
    wanted = [body["repositories"] for path, body in github.calls[asked:] if path.endswith("/access_tokens")]
    assert ["macros"] in wanted
    assert github.complaints == []


def test_what_github_did_not_sign_or_sends_twice_is_not_acted_on(mill, github, shop):
    payload = opened(github, "f" * 40, number=8)
    assert github.send(mill, "pull_request", payload, secret="other").status_code == 404
    ping = next(each for named in github.examples if named["name"] == "ping" for each in named["examples"])
    assert github.send(mill, "ping", ping).status_code == 200
    closed = opened(github, "e" * 40, "closed", number=9)
    assert [github.send(mill, "pull_request", closed, delivery="twice").status_code for _ in range(2)] == [202, 200]
    wait_until(lambda: mill.value("SELECT count(*) FROM git_deliveries WHERE handled_at IS NULL") == "0", "all are handled")
    assert mill.value("SELECT count(*) FROM pull_requests WHERE number IN (8, 9)") == "1"


def test_every_recorded_webhook_is_answered_and_none_breaks_anything(mill, github, shop):
    """All that GitHub was seen to send, whatever it is: taken or passed over."""
    statuses = {}
    for named in github.examples:
        for number, payload in enumerate(named["examples"]):
            answer = github.send(mill, named["name"], payload, delivery=f"{named['name']}-{number}")
            statuses.setdefault(answer.status_code, []).append(named["name"])
    assert set(statuses) <= {200, 202}, statuses
    wait_until(lambda: mill.value("SELECT count(*) FROM git_deliveries WHERE handled_at IS NULL") == "0", "all are handled")
    assert mill.value("SELECT count(*) FROM git_deliveries WHERE outcome LIKE 'not understood%'") == "0"
