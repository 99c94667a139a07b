"""A real engine host on real dbt projects.

MILLWRIGHT_TEST_ENGINE names the folder of an installed engine (its bin/python runs the host).
"""

import json
import os
import pathlib
import queue
import subprocess
import threading

import pytest

SHARE = os.environ.get("MILLWRIGHT_TEST_SHARE_DIR")
HOST = (pathlib.Path(SHARE) / "engine_host" if SHARE else
        pathlib.Path(__file__).resolve().parents[2] / "src" / "engines" / "host") / "host.py"
"""With the sandbox's library beside it only where it is staged."""
PATIENCE_S = 90


class HostProcess:
    """Speaks the host's protocol; messages are kept in order of arrival."""

    def __init__(self, engine, cwd, env, host=HOST, **more):
        self.process = subprocess.Popen(
            [str(engine / "bin" / "python"), "-I", str(host)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=cwd,
            env=env,
            **more,
        )
        self.env = env
        self._arrived = queue.Queue()
        self._may_read = threading.Event()
        self._may_read.set()
        self._kept = []
        self._next_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._may_read.wait()
            self._arrived.put(json.loads(line))
        self._arrived.put(None)

    def pause_reading(self):
        self._may_read.clear()

    def resume_reading(self):
        self._may_read.set()

    def send_raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, **command):
        self.send_raw(json.dumps(command).encode() + b"\n")

    def invoke(self, argv, project, env=None, **more):
        self._next_id += 1
        ident = str(self._next_id)
        full = {**self.env, "DBT_PROFILES_DIR": str(project), **(env or {})}
        self.send(type="invoke", id=ident, argv=argv, cwd=str(project), env=full, **more)
        return ident

    def until(self, predicate):
        """Waits for the first message that matches; those that do not match are kept."""
        for index, message in enumerate(self._kept):
            if predicate(message):
                return self._kept.pop(index)
        while True:
            message = self._arrived.get(timeout=PATIENCE_S)
            assert message is not None, "the host closed its stdout"
            if predicate(message):
                return message
            self._kept.append(message)

    def until_type(self, kind, ident=None):
        return self.until(lambda m: m["type"] == kind and m["id"] == ident)

    def finish(self, ident):
        """(the finished message, all that came before it for this invocation)."""
        finished = self.until_type("finished", ident)
        mine = [m for m in self._kept if m["id"] == ident]
        self._kept = [m for m in self._kept if m["id"] != ident]
        return finished, mine

    def run(self, argv, project, env=None, **more):
        return self.finish(self.invoke(argv, project, env, **more))

    def close(self):
        self.resume_reading()
        if self.process.poll() is None:
            self.process.stdin.close()
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture(scope="session")
def engine():
    folder = os.environ.get("MILLWRIGHT_TEST_ENGINE")
    assert folder, "set MILLWRIGHT_TEST_ENGINE to the folder of an installed dbt Core 1.x engine"
    return pathlib.Path(folder)


def start_host(engine, folder, plan=None, **env):
    base = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    host = HostProcess(engine, folder, base)
    host.env = {**base, **env}
    host.ready = host.until(lambda m: m["type"] == "ready")
    host.send(type="confine", plan=plan)
    host.confined = host.until(lambda m: m["type"] in ("confined", "error"))
    return host


@pytest.fixture(scope="module")
def host(engine, tmp_path_factory):
    """One host for tests that leave it alive, as in production."""
    running = start_host(engine, tmp_path_factory.mktemp("host"))
    yield running
    assert running.close() == 0


@pytest.fixture
def own_host(engine, tmp_path):
    """A host that the test may kill."""
    running = start_host(engine, tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()


PROFILE = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: "warehouse.duckdb", schema: main, threads: 2}
"""


class Project:
    def __init__(self, folder):
        self.folder = folder
        self.write("dbt_project.yml", "name: shop\nversion: '1.0'\nprofile: shop\n")
        self.write("profiles.yml", PROFILE)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return self

    def python_model(self, name, body):
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        return self.write(
            f"models/{name}.py",
            "def model(dbt, session):\n    dbt.config(materialized='table')\n"
            f"{lines}    return session.sql('select 1 as id')\n",
        )

    def macro(self, body):
        return self.write("macros/do_it.sql", "{% macro do_it() %}" + body + "{% endmacro %}")

    def __str__(self):
        return str(self.folder)


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path / "project")


@pytest.fixture
def shop(project):
    """A seed, two models and two tests."""
    project.write("seeds/raw_orders.csv", "id,amount\n1,10\n2,20\n")
    project.write("models/orders.sql", "select * from {{ ref('raw_orders') }}")
    project.write(
        "models/totals.sql",
        "{{ config(materialized='table') }} select sum(amount) as total from {{ ref('orders') }}",
    )
    project.write(
        "models/schema.yml",
        "models:\n  - name: orders\n    columns:\n"
        "      - {name: id, data_tests: [unique, not_null]}\n",
    )
    return project


def events(messages, name=None):
    return [
        m for m in messages if m["type"] == "event" and (name is None or m["name"] == name)
    ]


def outputs(messages):
    return [m["text"] for m in messages if m["type"] == "output"]
