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
        self.folder, self.port, self.keys = folder, free_port(), folder / "authorized_keys"
        self.keys.touch(mode=0o600)
        self.process = None
        self.take_new_host_key()

    def take_new_host_key(self, kind="ed25519"):
        """Another key than it had, as after it was set up anew."""
        self.close()
        host_key = self.folder / "host_key"
        for old in (host_key, host_key.with_suffix(".pub")):
            old.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", host_key], check=True)
        shown = subprocess.run(["ssh-keygen", "-lf", host_key], check=True, capture_output=True, text=True)
        self.fingerprint = shown.stdout.split()[1]
        self.start()

    def start(self):
        config = self.folder / "sshd_config"
        config.write_text(f"""
            ListenAddress 127.0.0.1
            Port {self.port}
            HostKey {self.folder}/host_key
            PidFile {self.folder}/pid
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
        if self.process:
            self.process.terminate()
            self.process.wait()
