"""The installation of dbt engines: the real program, uv, pip and packages; no appliance.

MILLWRIGHT_TEST_PROGRAM and MILLWRIGHT_TEST_SHARE_DIR as in tests/functional; uv is $UV, or the
checkout's, or the one in PATH. What is fetched from the package index is fetched once.
"""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = int(os.environ.get("MILLWRIGHT_TEST_PATIENCE_S", "180"))

sys.path.insert(0, str(ROOT / "tests" / "functional"))


def uv_program():
    own = ROOT / "build/tools/uv/bin/uv"
    return os.environ.get("UV") or (str(own) if own.exists() else shutil.which("uv"))


def index_settings():
    """What pip knows of the package index, for uv."""
    pip = ROOT / "build/tools/uv/bin/pip"
    command = [ROOT / "scripts/engine-env", *([pip] if pip.exists() else [])]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(shlex.split(line.removeprefix("export "))[0].split("=", 1) for line in lines)


def isolated(mount=False):
    """A prefix that runs a command without any network; None where that is not allowed."""
    prefix = ["unshare", "--net"] + (["--mount"] if mount else [])
    for maybe in (prefix, [*prefix, "--map-root-user"]):
        if subprocess.run([*maybe, "true"], capture_output=True).returncode == 0:
            return maybe
    return None


class Site:
    """A machine with the catalogue and a folder for engines."""

    def __init__(self, folder):
        self.folder = folder
        self.engines = folder / "engines"
        self.program = os.environ.get("MILLWRIGHT_TEST_PROGRAM") or str(
            ROOT / "build/release/bin/millwright")
        share = os.environ.get("MILLWRIGHT_TEST_SHARE_DIR") or str(ROOT)
        self.env = {**os.environ, **index_settings(), "MILLWRIGHT_SHARE_DIR": share,
                    "MILLWRIGHT_ENGINES_DIR": str(self.engines),
                    "MILLWRIGHT_DATA_DIR": str(folder / "data")}

    def command(self, *args):
        return [self.program, "engine", *map(str, args)]

    def start(self, *args, prefix=()):
        return subprocess.Popen([*prefix, *self.command(*args)], env=self.env, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *args, prefix=()):
        return subprocess.run([*prefix, *self.command(*args)], env=self.env, text=True,
                              capture_output=True, timeout=PATIENCE_S)

    def install(self, *args, prefix=()):
        return self.run("install", *args, "--uv", uv_program(), prefix=prefix)

    def listing(self, *args):
        return json.loads(self.run("list", *args, "--json").stdout)

    def folders(self):
        """What is in the engines folder, unfinished things included."""
        return sorted(f.name for f in self.engines.iterdir() if f.name != ".install.lock")

    def the_engine(self):
        (folder,) = self.engines.glob("[!.]*")
        return folder


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    yield made
    for folder, folders, _ in os.walk(made.engines):
        for name in folders:
            pathlib.Path(folder, name).chmod(0o755)


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory):
    """Everything of `latest`, fetched from the package index."""
    if not uv_program():
        pytest.skip("no uv")
    folder = tmp_path_factory.mktemp("wheels")
    fetched = Site(tmp_path_factory.mktemp("fetch")).run(
        "download", "latest", "--uv", uv_program(), "--to", folder)
    assert fetched.returncode == 0, fetched.stdout + fetched.stderr
    return folder


@pytest.fixture(scope="session")
def offline():
    return isolated() or pytest.skip("a network of one's own is not allowed here")


@pytest.fixture(scope="session")
def installed(wheelhouse, offline, tmp_path_factory):
    """`latest`, installed without a network; for tests that only read it, or put it back."""
    site = Site(tmp_path_factory.mktemp("installed"))
    done = site.install("latest", "--wheelhouse", wheelhouse, prefix=offline)
    assert done.returncode == 0, done.stdout + done.stderr
    return site
