"""A DuckDB file from outside, with the engine's own library, which is the one that runs use."""

import json
import subprocess

SCRIPT = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=sys.argv[3] == "read") as warehouse:
    print(json.dumps(warehouse.execute(sys.argv[2]).fetchall(), default=str))
"""


def _execute(places, path, sql, how, **more):
    done = subprocess.run([places.engine_python(), "-I", "-c", SCRIPT, str(path), sql, how],
                          capture_output=True, text=True, cwd="/", **more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def reader(places):
    return lambda path, sql: _execute(places, path, sql, "read")


def writer(places):
    """As the user whom the appliance runs as, so that its runs may write there too."""
    return lambda path, sql: _execute(places, path, sql, "write", **places.as_service())
