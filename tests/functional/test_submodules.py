"""Repositories with submodules, over HTTP and SSH."""

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from git_http_server import GitHttpServer
from repositories import SMALL
from rest import Rest
from ssh_server import SshServer

USES_MACRO = {**SMALL, "dbt_project.yml": 'name: small\nprofile: small\nmacro-paths: ["libs/utils/macros"]\n',
              "models/total.sql": "select {{ nine() }} as total"}
UTILS = {"macros/nine.sql": "{% macro nine() %}9{% endmacro %}"}


@pytest.fixture(scope="module")
def git(appliance):
    server = GitHttpServer(appliance.shared)
    yield server
    server.close()


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Has submodules")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def shop(rest, projects):
    """shop(url_of, address): (job, deploy key) of a project with a submodule at libs/utils."""
    def make(url_of, address, strategy="git_token"):
        utils, repository = projects.make(UTILS), projects.make(USES_MACRO)
        repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", utils.url, "libs/utils")
        repository.git("config", "-f", ".gitmodules", "submodule.libs/utils.url", address(utils))
        repository.commit({})
        project = rest.post("projects/", name="Shop")["id"]
        code = rest.post(f"projects/{project}/repositories/", remote_url=url_of(repository),
                         git_clone_strategy=strategy)
        rest.post(f"projects/{project}/", repository_id=code["id"])
        job = rest.make_job(project, projects.warehouse(), execute_steps=["dbt run -s total"])
        return job, (code["deploy_key"] or {}).get("public_key")
    return make


def relative(utils):
    return f"../../{utils.bare.parent.name}/{utils.bare.name}"


@pytest.mark.parametrize("is_relative", [True, False])
def test_over_http(rest, git, shop, is_relative):
    job, _ = shop(git.url, relative if is_relative else git.url)
    for _ in range(2):
        run = rest.api.run_job(job)
        assert run["status"] == SUCCESS, logs(run)
        assert "submodule libs/utils" in logs(run, 1)


def test_with_the_same_password_on_the_same_host(rest, git, shop):
    git.password = "0pen-sesame-0123"
    try:
        job, _ = shop(lambda repository: git.url(repository, "ann", git.password), git.url)
        run = rest.api.run_job(job)
        assert run["status"] == SUCCESS, logs(run)
    finally:
        git.password = None


def test_over_ssh_with_the_deploy_key(rest, shop, tmp_path):
    sshd = SshServer(tmp_path / "sshd")
    try:
        job, key = shop(sshd.url, sshd.url, "deploy_key")
        sshd.admit_git(key)
        run = rest.api.run_job(job)
        assert run["status"] == SUCCESS, logs(run)
    finally:
        sshd.close()


def test_one_that_is_not_there_is_named(rest, git, shop):
    job, _ = shop(git.url, lambda _: "../nowhere.git")
    run = rest.api.run_job(job)
    assert run["status"] == ERROR, logs(run)
    for word in ('submodule "libs/utils"', "nowhere.git", "no git repository"):
        assert word in run["status_message"], run["status_message"]


def test_a_file_of_this_machine_is_no_submodule(rest, git, shop):
    job, _ = shop(git.url, lambda utils: utils.url)
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "Only https, http, ssh and git" in run["status_message"], run["status_message"]
