"""A warehouse that is reached over another host, through a real sshd."""

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from git_client import Git
from repositories import SMALL
from rest import Rest, free_port
from ssh_server import SshServer


@pytest.fixture(scope="module")
def sshd(appliance):
    server = SshServer(appliance.folder / "bastion")
    yield server
    server.close()


@pytest.fixture(scope="module")
def rest(appliance, api):
    made = seed_project.add_account(appliance, "Has a bastion")
    return Rest(api.of_account(made.account_id, made.token))


@pytest.fixture
def tunnelled(rest, sshd, warehouse, tmp_path):
    """tunnelled(schema, port, …): (job, environment, public key) of a project whose warehouse lies behind the host."""
    def make(schema, port=None, adapter="postgres_v0", set_up=True, config=None):
        project = rest.post("projects/", name=schema)["id"]
        here = f"projects/{project}/"
        code = rest.post(here + "managed-repositories/", name=schema)
        git = Git(tmp_path, rest.api)
        assert git.push_all(SMALL, git.url(code)).returncode == 0
        rest.post(here, repository_id=code["id"])
        connection = rest.post("connections/", name=schema, adapter_version=adapter, is_ssh_tunnel_enabled=True,
                               config=config or warehouse.config)["id"]
        key = None
        if set_up:
            key = rest.api.post("encryptions/", {"connection_id": connection, "hostname": "127.0.0.1",
                                                 "port": port or sshd.port, "username": sshd.user})["public_key"]
        credentials = rest.post(here + "credentials/", type="adapter", adapter_version=adapter,
                                credential_details={"fields": {
                                    "schema": {"value": schema}, "username": {"value": warehouse.USER},
                                    "password": {"value": warehouse.password}}})["id"]
        environment = rest.post(here + "environments/", name="Production", connection_id=connection,
                                credentials_id=credentials)["id"]
        job = rest.api.post("jobs/", {"name": "Build", "project_id": project, "environment_id": environment,
                                      "execute_steps": ["dbt build"]})["id"]
        return job, environment, key
    return make


def fingerprints(rest):
    """Of the hosts that must show these keys."""
    return [key["fingerprint"] for key in rest.get("ssh-host-keys/")]


def test_a_run_goes_through_the_tunnel(rest, sshd, warehouse, tunnelled, appliance):
    job, environment, key = tunnelled("behind")
    sshd.admit_tunnel(key, warehouse.port)
    run = rest.api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert warehouse.rows("select total from behind.total") == ["120"]
    text = logs(run)
    assert f"Opening an SSH tunnel over 127.0.0.1:{sshd.port} to 127.0.0.1:{warehouse.port}" in text
    assert "PRIVATE KEY" not in text and "PRIVATE KEY" not in str(appliance.dump())
    assert sshd.fingerprint in fingerprints(rest)
    tested = rest.api.request("POST", f"/api/v3/accounts/{rest.api.account_id}/connections/test/",
                              {"environment_id": environment})
    assert tested.status == 200 and tested.data["ok"] is True, tested


def test_a_key_that_the_host_does_not_know(rest, sshd, tunnelled):
    job, environment, _ = tunnelled("unknown")
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and f"authorized_keys of {sshd.user}" in run["status_message"], run["status_message"]
    tested = rest.api.request("POST", f"/api/v3/accounts/{rest.api.account_id}/connections/test/",
                              {"environment_id": environment})
    assert tested.data["ok"] is False and "authorized_keys" in tested.data["message"], tested


def test_a_host_where_nobody_listens(rest, tunnelled):
    job, _, _ = tunnelled("nobody", port=free_port())
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "nobody listens" in run["status_message"], run["status_message"]


def test_a_warehouse_that_the_host_cannot_reach(rest, sshd, warehouse, tunnelled):
    closed = free_port()
    job, _, key = tunnelled("unreachable", config=warehouse.config | {"port": closed})
    sshd.admit_tunnel(key, closed)
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "The SSH tunnel says" in logs(run)


def test_a_tunnel_that_nobody_has_set_up(rest, tunnelled):
    job, _, _ = tunnelled("forgotten", set_up=False)
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "nobody has set up" in run["status_message"], run["status_message"]


def test_an_adapter_that_has_none(rest, sshd, tunnelled, projects):
    job, _, _ = tunnelled("duck", adapter="duckdb_v0", config={"path": str(projects.warehouse())})
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "only those of postgres and redshift" in run["status_message"]


def test_a_host_that_shows_another_key_than_to_the_first_test(rest, warehouse, tunnelled, tmp_path_factory):
    bastion = SshServer(tmp_path_factory.mktemp("bastion") / "sshd")
    try:
        job, environment, key = tunnelled("posing", port=bastion.port)
        bastion.admit_tunnel(key, warehouse.port)
        path = f"/api/v3/accounts/{rest.api.account_id}/connections/test/"
        assert rest.api.request("POST", path, {"environment_id": environment}).data["ok"] is True
        first = bastion.fingerprint
        assert first in fingerprints(rest)
        bastion.take_new_host_key()
        tested = rest.api.request("POST", path, {"environment_id": environment}).data
        run = rest.api.run_job(job)
        assert tested["ok"] is False and run["status"] == ERROR
        for message in (tested["message"], run["status_message"]):
            assert first in message and bastion.fingerprint in message, message
    finally:
        bastion.close()
