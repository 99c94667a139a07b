"""git, as people use it on repositories that the appliance keeps."""

import os
import subprocess
import textwrap
import urllib.parse


class Git:
    """git in a folder of its own, that trusts the appliance's certificate and asks nobody."""

    def __init__(self, folder, api, token=None):
        self.folder, self.api, self.token = folder, api, token or api.token

    def __call__(self, *args, check=True):
        done = subprocess.run(
            ["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *args], cwd=self.folder, text=True,
            capture_output=True, env=os.environ | {"GIT_SSL_CAINFO": str(self.api.certificate), "GIT_TERMINAL_PROMPT": "0",
                                                   "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(self.folder)})
        assert not check or done.returncode == 0, done.stderr
        return done

    def url(self, repository):
        """With the token as the password, as git keeps it."""
        parts = urllib.parse.urlsplit(repository["remote_url"])
        here = urllib.parse.urlsplit(self.api.url).netloc
        return f"https://ann:{self.token}@{here}{parts.path}"

    def write(self, files):
        for name, text in files.items():
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(textwrap.dedent(text).lstrip("\n"))

    def push_all(self, files, url):
        """Everything as the first commit of the branch main."""
        self("init", "--quiet", "--initial-branch=main")
        self.write(files)
        self("add", "--all")
        self("commit", "--quiet", "-m", "First")
        return self("push", "--quiet", url, "main", check=False)
