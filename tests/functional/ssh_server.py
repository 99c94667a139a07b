"""A real sshd: a git server's, or the host over which a warehouse is reached."""

import getpass
import os
import pathlib
import subprocess
import urllib.parse

from rest import free_port, listens_at
from waiting import wait_until

SSHD = "/usr/sbin/sshd"


class SshServer:
    """Lets in whoever has a key that `admit_…` was given, for that alone."""

    user = getpass.getuser()

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
            """)
        if os.geteuid() == 0:
            pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=subprocess.DEVNULL)
        wait_until(lambda: listens_at(self.port), "sshd listens")

    def _admit(self, options, public_key):
        with open(self.keys, "a") as keys:
            keys.write(f"{options} {public_key}\n")

    def admit_git(self, public_key):
        self._admit('restrict,command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""', public_key)

    def admit_tunnel(self, public_key, port):
        self._admit(f'restrict,port-forwarding,permitopen="127.0.0.1:{port}",command="/bin/false"', public_key)

    def url(self, repository):
        path = urllib.parse.urlsplit(repository.url).path
        return f"ssh://{self.user}@127.0.0.1:{self.port}{path}"

    def close(self):
        self.process.terminate()
        self.process.wait()
