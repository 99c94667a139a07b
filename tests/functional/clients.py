"""Programs written for dbt Cloud, each in an environment of its own; see tests/clients/README.md."""

import json
import os
import pathlib
import subprocess
import urllib.parse

import pytest

HERE = pathlib.Path(__file__).resolve().parent.parent / "clients"
PATIENCE_S = 400


class Clients:
    """`api` is that of the account which they use."""

    def __init__(self, api, folder):
        self.api, self.folder = api, folder
        self.host = urllib.parse.urlsplit(api.url).netloc

    def bin(self, name):
        given = os.environ.get("MILLWRIGHT_TEST_CLIENTS_DIR")
        folder = pathlib.Path(given or HERE.parents[1] / "build" / "tools" / "clients") / name / "bin"
        if not folder.is_dir():
            pytest.fail(f"{name} is not installed in {folder.parent}: scripts/test python installs it")
        return folder

    def environment(self, **more):
        certificate = str(self.api.certificate)
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder), "COLUMNS": "250",
                "PYTHONPATH": str(HERE / "dns"), "REQUESTS_CA_BUNDLE": certificate, "SSL_CERT_FILE": certificate,
                "DBT_TOKEN": self.api.token, "DBT_ACCOUNT": str(self.api.account_id), "DBT_HOST": self.host, **more}

    def run(self, name, program, *args, **more):
        return subprocess.run([self.bin(name) / program, *map(str, args)], text=True, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE_S,
                              env=self.environment(**more))

    def script(self, name, *args, **more):
        """What `<name>_client.py` saw."""
        done = self.run(name, "python", HERE / f"{name}_client.py", *args, **more)
        seen = [line for line in done.stdout.splitlines() if line.startswith("SEEN ")]
        assert done.returncode == 0 and seen, done.stdout[-4000:]
        return json.loads(seen[0].removeprefix("SEEN "))
