"""A repository that is fetched over ssh by its deploy key, from a real sshd."""

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from repositories import SMALL
from rest import Rest
from ssh_server import SshServer


@pytest.fixture(scope="module")
def sshd(appliance):
    server = SshServer(appliance.folder / "sshd")
    yield server
    server.close()


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Fetches over ssh")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def keyed(rest, projects, sshd):
    """(job, public key) of a project whose repository has a deploy key."""
    project = rest.post("projects/", name="Shop")["id"]
    code = rest.post(f"projects/{project}/repositories/", remote_url=sshd.url(projects.make(SMALL)),
                     git_clone_strategy="deploy_key")
    rest.post(f"projects/{project}/", repository_id=code["id"])
    return rest.make_job(project, projects.warehouse()), code["deploy_key"]["public_key"]


def test_a_run_comes_in_with_the_key_that_the_server_was_given(rest, sshd, keyed):
    job, key = keyed
    sshd.admit_git(key)
    run = rest.api.run_job(job)
    assert run["status"] == SUCCESS, run["status_message"]
    assert "PRIVATE KEY" not in logs(run)


def test_a_key_that_the_server_does_not_know_is_named_as_the_cause(rest, keyed):
    job, _ = keyed
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "SSH key" in run["status_message"], run["status_message"]
