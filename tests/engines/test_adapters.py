"""Adapters whose warehouses are not here, really installed: the engine host serves a project on them as
far as dbt gets without a warehouse, and what the adapter then says is its own words."""

import json
import os
import pathlib
import subprocess
import threading

import pytest
from conftest import PATIENCE_S

HOST = pathlib.Path(os.environ.get("MILLWRIGHT_TEST_SHARE_DIR", "")) / "engine_host" / "host.py"
CASES = {
    # A key that none can use, so that nothing is sent anywhere.
    "bigquery": ({"method": "service-account-json", "project": "p", "dataset": "d",
                  "keyfile_json": {"type": "service_account", "client_email": "a@b.c", "private_key": "none",
                                   "token_uri": "http://127.0.0.1:9/"}}, "Unable to load PEM file"),
    "databricks": ({"host": "127.0.0.1", "http_path": "/sql/1", "schema": "s", "token": "dapi-x",
                    "connect_retries": 0,
                    "connection_parameters": {"_retry_stop_after_attempts_count": 1,
                                              "_retry_stop_after_attempts_duration": 1}},
                   "Error during request to server"),
    "snowflake": ({"account": "x", "host": "127.0.0.1", "port": 9, "protocol": "http", "user": "u",
                   "password": "p", "database": "d", "schema": "s", "warehouse": "w",
                   "connect_retries": 0, "connect_timeout": 1}, "Could not connect to Snowflake backend"),
}


@pytest.fixture(params=CASES)
def adapter(request, site):
    done = site.install("latest", "--adapter", request.param)
    assert done.returncode == 0, done.stderr
    [engine] = site.engines.glob(f"*-{request.param}-*")
    return request.param, engine


def serve(engine, project, *argvs):
    """What a host says of these commands, one after the other."""
    env = {"PATH": os.environ["PATH"], "HOME": str(project), "DBT_PROFILES_DIR": str(project)}
    commands = [{"type": "confine", "plan": None}]
    commands += [{"type": "invoke", "id": " ".join(argv), "argv": argv, "cwd": str(project), "env": env}
                 for argv in argvs]
    host = subprocess.Popen([engine / "bin" / "python", "-I", "-B", HOST], text=True, env=env,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    # A warehouse that is waited for would be waited for for ever.
    limit = threading.Timer(PATIENCE_S, host.kill)
    limit.start()
    messages, waiting = [], list(commands)
    for line in host.stdout:
        messages.append(json.loads(line))
        if messages[-1]["type"] in ("ready", "confined", "finished", "error"):
            if not waiting:
                host.stdin.close()
                break
            host.stdin.write(json.dumps(waiting.pop(0)) + "\n")
            host.stdin.flush()
    limit.cancel()
    assert host.wait(PATIENCE_S) == 0, messages[-5:]
    return messages


def test_dbt_gets_as_far_as_the_warehouse(adapter, tmp_path):
    name, engine = adapter
    output, words = CASES[name]
    (tmp_path / "dbt_project.yml").write_text("name: far\nprofile: far\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "one.sql").write_text("select 1 as id")
    profile = {"far": {"target": "x", "outputs": {"x": {"type": name, "threads": 1, **output}}}}
    (tmp_path / "profiles.yml").write_text(json.dumps(profile))
    messages = serve(engine, tmp_path, ["parse"], ["debug", "--connection"])
    ended = {each["id"]: each["exit_code"] for each in messages if each["type"] == "finished"}
    assert ended == {"parse": 0, "debug --connection": 1}, messages[-20:]
    said = "\n".join(each.get("msg") or each.get("text") or "" for each in messages)
    assert words in said, said[-3000:]
