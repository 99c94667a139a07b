"""Reading a DuckDB file with the engine's own library, which is the one that wrote it."""

import json
import subprocess

SCRIPT = """
import json, sys, duckdb
with duckdb.connect(sys.argv[1], read_only=True) as warehouse:
    print(json.dumps(warehouse.execute(sys.argv[2]).fetchall(), default=str))
"""


def reader(places):
    def query(path, sql):
        done = subprocess.run([places.engine_python(), "-I", "-c", SCRIPT, str(path), sql],
                              capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return query
