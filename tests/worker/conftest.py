"""A real run worker: real git, a real engine, a real DuckDB; only the app is a double.

MILLWRIGHT_TEST_ENGINE names the folder of an installed engine (its bin/python runs dbt).
MILLWRIGHT_TEST_PROGRAM names the program; without it, the newest build/*/bin/millwright is taken.
"""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

import pytest
from api_double import ApiDouble

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE_S = 120


def short_hash(text):
    """As base/layout.cpp names the sockets of warm hosts."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{(value ^ (value >> 32)) & 0xFFFFFFFF:08x}"


def worker_command():
    program = os.environ.get("MILLWRIGHT_TEST_PROGRAM")
    if not program:
        built = sorted(ROOT.glob("build/*/bin/millwright"), key=lambda p: p.stat().st_mtime)
        if not built:
            pytest.skip("not built: `make` builds millwright; or set MILLWRIGHT_TEST_PROGRAM")
        program = built[-1]
    return [str(program), "run"]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Shared folders of a machine: the catalogue, the engine host and one installed engine."""
    engine = os.environ.get("MILLWRIGHT_TEST_ENGINE")
    if not engine:
        pytest.skip("no dbt engine: MILLWRIGHT_TEST_ENGINE names the folder of one")
    folder = tmp_path_factory.mktemp("site")
    share = folder / "share"
    shutil.copytree(ROOT / "engines", share / "engines")
    # With the sandbox's library, which the build puts beside it.
    staged = os.environ.get("MILLWRIGHT_TEST_SHARE_DIR")
    if not staged:
        pytest.skip("nothing staged: MILLWRIGHT_TEST_SHARE_DIR names the folder")
    shutil.copytree(pathlib.Path(staged) / "engine_host", share / "engine_host")
    name = "1.11.0-latest"
    lock = share / "engines" / "locks" / name / "base.txt"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    installed = folder / "engines" / f"{name}-base-{digest[:12]}"
    installed.mkdir(parents=True)
    for part in pathlib.Path(engine).iterdir():
        if part.name != "engine.json":
            (installed / part.name).symlink_to(part)
    record = {"name": name, "dbt_version": "1.11.16", "adapters": {}, "digest": digest}
    (installed / "engine.json").write_text(json.dumps(record))
    return folder


class Project:
    """A dbt project in a work tree, pushed to a bare repository."""

    FILES = {
        "dbt_project.yml": "name: shop\nprofile: shop\nmodels: {shop: {+materialized: table}}\n",
        "models/orders.sql": "select 1 as id union all select 2",
        "models/customers.sql": "select * from {{ ref('orders') }}",
        "models/schema.yml": "models:\n  - name: orders\n    columns:\n"
        "      - {name: id, data_tests: [not_null, unique]}\n",
    }

    def __init__(self, folder):
        self.tree = folder / "tree"
        self.bare = folder / "shop.git"
        self._git("init", "--quiet", "--bare", "-b", "main", str(self.bare), cwd=folder)
        self._git("clone", "--quiet", str(self.bare), str(self.tree), cwd=folder)
        self._git("checkout", "--quiet", "-b", "main")
        self.commit(self.FILES)

    def _git(self, *args, cwd=None):
        env = {
            **os.environ,
            **{f"GIT_{who}_{what}": "test@example.com" for who in ("AUTHOR", "COMMITTER")
               for what in ("NAME", "EMAIL")},
            "GIT_CONFIG_GLOBAL": "/dev/null",
        }
        done = subprocess.run(["git", *args], cwd=cwd or self.tree, env=env, check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, files, branch="main"):
        if self._git("branch", "--list", branch) == "" and branch != "main":
            self._git("checkout", "--quiet", "-b", branch)
        elif branch != "main":
            self._git("checkout", "--quiet", branch)
        for name, text in files.items():
            path = self.tree / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "-m", "change")
        self._git("push", "--quiet", "origin", branch)
        sha = self._git("rev-parse", "HEAD")
        self._git("checkout", "--quiet", "main")
        return sha

    @property
    def url(self):
        return f"file://{self.bare}"


class Worker:
    def __init__(self, site, folder, double, data):
        self.double = double
        self.data = data
        self.log_file = folder / "worker.log"
        (folder / "open").mkdir(exist_ok=True)
        read_end, write_end = os.pipe()
        os.write(write_end, double.TOKEN.encode())
        os.close(write_end)
        environment = {
            "PATH": os.environ["PATH"],
            "MILLWRIGHT_DATA_DIR": str(self.data),
            "MILLWRIGHT_RUN_DIR": str(pathlib.Path(double.socket_path).parent),
            "MILLWRIGHT_SHARE_DIR": str(site / "share"),
            "MILLWRIGHT_ENGINES_DIR": str(site / "engines"),
            "MILLWRIGHT_TOKEN_FD": str(read_end),
            "MILLWRIGHT_LOG_LEVEL": "debug",
            # What the engine's folder of the site links to, and what projects of tests look at.
            "MILLWRIGHT_SANDBOX_FOLDERS": f"{os.environ['MILLWRIGHT_TEST_ENGINE']}:{folder}/open",
        }
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(worker_command(), env=environment, stderr=log,
                                            pass_fds=(read_end,), stdin=subprocess.DEVNULL)
        os.close(read_end)

    def end(self):
        return self.process.wait(PATIENCE_S)

    def log(self):
        return self.log_file.read_text()

    def descendants(self):
        """Everything that the worker has started and that still runs."""
        parents = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if fields[0] != "Z":
                parents[int(entry.parent.name)] = int(fields[1])
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}


class Runner:
    """Makes specifications, starts workers, and cleans up behind them."""

    def __init__(self, site, folder, project):
        self.site, self.folder, self.project = site, folder, project
        self.database = folder / "warehouse" / "shop.duckdb"
        self.database.parent.mkdir()
        self.started = []
        self.warm_hosts = []

    def spec(self, **changes):
        spec = {
            "run_id": 41, "account_id": 1, "project_id": 2, "environment_id": 3, "job_id": 4,
            "job_name": "Nightly", "project_name": "Shop", "environment_name": "Production",
            "dbt_version": "1.11.0-latest",
            "repository": {"remote_url": self.project.url, "git_branch": None, "git_sha": None,
                           "dbt_project_subdirectory": ""},
            "profile": {"adapter": "duckdb", "connection_name": "Warehouse",
                        "connection": {"path": str(self.database)}, "credentials": {},
                        "schema": "main", "target_name": "default", "threads": 4,
                        "extended_attributes": {}},
            "steps": ["dbt build"], "generate_docs": False, "run_generate_sources": False,
            "timeout_seconds": 0, "environment_variables": {},
            "context": {"DBT_CLOUD_RUN_ID": "41", "DBT_CLOUD_PROJECT_ID": "2"},
            "retry": None, "lease_seconds": 30,
        }
        for key, value in changes.items():
            part, _, field = key.partition("__")
            if field:
                spec[part][field] = value
            else:
                spec[part] = value
        return spec

    def next_folder(self):
        """Of the worker that is started next: its sockets lie there."""
        folder = self.folder / f"s{len(self.started)}"
        folder.mkdir(exist_ok=True)
        return folder

    def start(self, spec=None, /, data=None, hold_report_of=None, **changes):
        folder = self.next_folder()
        double = ApiDouble(folder / "internal.sock", spec or self.spec(**changes))
        double.hold_report_of = hold_report_of
        double.start()
        worker = Worker(self.site, folder, double, data or folder / "data")
        self.started.append(worker)
        return worker

    def run(self, spec=None, /, **changes):
        """A run to its end; the double then knows all about it."""
        worker = self.start(spec, **changes)
        code = worker.end()
        assert code == 0, (code, worker.log(), worker.double.summary())
        assert worker.double.finish, worker.log()
        assert worker.descendants() == set()
        assert list((worker.data / "workspaces").iterdir()) == []
        return worker.double

    def warm_host(self):
        """A warm host of the engine, for the worker that is started next."""
        socket = self.next_folder() / f"warm-{short_hash(self.site_engine.name)}.sock"
        host = subprocess.Popen(
            [self.site_engine / "bin" / "python", "-I", "-B",
             self.site / "share" / "engine_host" / "host.py", "--listen", socket],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={"PATH": os.environ["PATH"]})
        self.warm_hosts.append(host)
        assert json.loads(host.stdout.readline())["type"] == "ready"
        while not socket.exists():
            time.sleep(0.01)
        return host

    @property
    def site_engine(self):
        return next((self.site / "engines").iterdir())

    def close(self):
        for host in self.warm_hosts:
            host.kill()
            host.wait()
        for worker in self.started:
            worker.double.released.set()
            if worker.process.poll() is None:
                worker.process.send_signal(signal.SIGKILL)
                worker.process.wait()
            worker.double.stop()


@pytest.fixture
def short_folder(tmp_path_factory):
    """A socket's path has at most 107 bytes."""
    folder = tmp_path_factory.mktemp("w")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def project(short_folder):
    return Project(short_folder)


@pytest.fixture
def runner(site, short_folder, project):
    runner = Runner(site, short_folder, project)
    yield runner
    runner.close()
