"""A repository that is fetched over ssh by its deploy key, from a real sshd."""

import getpass
import os
import pathlib
import subprocess
import urllib.parse

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from repositories import SMALL
from rest import Rest, free_port, listens_at
from waiting import wait_until

SSHD = "/usr/sbin/sshd"


class SshServer:
    """Lets in whoever has a key that `admit` was given, to do what git does and no more."""

    def __init__(self, folder):
        folder.mkdir(mode=0o700)
        self.port, self.keys = free_port(), folder / "authorized_keys"
        self.keys.touch(mode=0o600)
        host_key = folder / "host_key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host_key], check=True)
        config = folder / "sshd_config"
        config.write_text(f"""
            ListenAddress 127.0.0.1
            Port {self.port}
            HostKey {host_key}
            PidFile {folder}/pid
            AuthorizedKeysFile {self.keys}
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            AllowTcpForwarding yes
            """)
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=subprocess.DEVNULL)
        wait_until(lambda: listens_at(self.port), "sshd listens")

    def admit(self, public_key):
        with open(self.keys, "a") as keys:
            keys.write(f'command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\"",no-pty {public_key}\n')

    def url(self, repository):
        path = urllib.parse.urlsplit(repository.url).path
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{path}"

    def close(self):
        self.process.terminate()
        self.process.wait()


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
    sshd.admit(key)
    run = rest.api.run_job(job)
    assert run["status"] == SUCCESS, run["status_message"]
    assert "PRIVATE KEY" not in logs(run)


def test_a_key_that_the_server_does_not_know_is_named_as_the_cause(rest, keyed):
    job, _ = keyed
    run = rest.api.run_job(job)
    assert run["status"] == ERROR and "SSH key" in run["status_message"], run["status_message"]
