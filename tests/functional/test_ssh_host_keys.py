"""Host keys that a first connection saw: kept, required, shown and forgotten; with a real sshd."""

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from repositories import SMALL
from rest import Rest
from ssh_server import SshServer

KEYS = "ssh-host-keys/"


@pytest.fixture
def sshd(appliance, tmp_path_factory):
    server = SshServer(tmp_path_factory.mktemp("sshd") / "server")
    yield server
    server.close()


@pytest.fixture
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Looks twice")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def job(rest, projects, sshd):
    project = rest.post("projects/", name="Shop")["id"]
    code = rest.post(f"projects/{project}/repositories/", remote_url=sshd.url(projects.make(SMALL)),
                     git_clone_strategy="deploy_key")
    rest.post(f"projects/{project}/", repository_id=code["id"])
    sshd.admit_git(code["deploy_key"]["public_key"])
    return rest.make_job(project, projects.warehouse(), execute_steps=["dbt parse"])


def events(rest):
    listed = rest.get("audit-logs/")
    return [each["event_type"] if "event_type" in each else each["event"] for each in listed]


def test_the_first_key_is_kept_and_required(rest, sshd, job):
    first = rest.api.run_job(job)
    assert first["status"] == SUCCESS, logs(first)
    assert f"127.0.0.1:{sshd.port} must have this key: {sshd.fingerprint}" in logs(first, 1)
    [kept] = rest.get(KEYS)
    assert (kept["hostname"], kept["port"], kept["key_type"]) == ("127.0.0.1", sshd.port, "ssh-ed25519")
    assert kept["fingerprint"] == sshd.fingerprint and kept["first_seen_at"]
    again = rest.api.run_job(job)
    assert again["status"] == SUCCESS and "must have this key" not in logs(again)
    assert rest.get(KEYS) == [kept]


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_another_key_ends_the_run_until_the_old_one_is_forgotten(rest, sshd, job, kind):
    assert rest.api.run_job(job)["status"] == SUCCESS
    old = sshd.fingerprint
    sshd.take_new_host_key(kind)
    run = rest.api.run_job(job)
    message = run["status_message"]
    assert run["status"] == ERROR, logs(run)
    for word in (f"127.0.0.1:{sshd.port}", old, sshd.fingerprint, "SSH host keys"):
        assert word in message, message
    # Nothing was taken from the cache, nor was the new key kept.
    assert rest.api.run(run["id"], "used_repo_cache")["used_repo_cache"] is False
    [kept] = rest.get(KEYS)
    assert kept["fingerprint"] == old
    rest.call("DELETE", f"{KEYS}{kept['id']}/")
    assert rest.get(KEYS) == []
    after = rest.api.run_job(job)
    assert after["status"] == SUCCESS, logs(after)
    assert [each["fingerprint"] for each in rest.get(KEYS)] == [sshd.fingerprint]


def test_they_are_the_accounts_own(rest, sshd, job, other_api):
    assert rest.api.run_job(job)["status"] == SUCCESS
    [kept] = rest.get(KEYS)
    other = Rest(other_api)
    assert other.get(KEYS) == []
    other.call("DELETE", f"{KEYS}{kept['id']}/", expect=404)


def test_a_host_that_lets_nobody_in_is_not_kept(rest, sshd, job):
    sshd.keys.write_text("")
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "SSH key" in run["status_message"]
    assert rest.get(KEYS) == []
