"""A first run of a small project of its own, in the warm host itself, before it serves anyone.

Much of dbt is built when it is first used: (de)serialisers of every kind of node, JSON schemas, macros'
templates. Each invocation would build them anew in its own memory; after a rehearsal they are
inherited. The project is a few lines in a temporary folder. With DuckDB it is built, in memory; other
adapters would need a warehouse, so there it is only parsed, which connects to none.
"""

import contextlib
import io
import os
import shutil
import sys
import tempfile

# The least that each adapter takes for a profile.
_HOST = {"host": "localhost", "user": "x", "password": "x", "schema": "x"}
PROFILES = {
    "duckdb": {"path": ":memory:", "schema": "x"},
    "postgres": {**_HOST, "port": 5432, "dbname": "x"},
    "redshift": {**_HOST, "port": 5439, "dbname": "x"},
    "snowflake": {"account": "x", "user": "x", "password": "x", "database": "x", "schema": "x"},
    "bigquery": {"method": "oauth", "project": "x", "dataset": "x"},
    "databricks": {"host": "x", "http_path": "/x", "token": "x", "schema": "x"},
    "spark": {"method": "thrift", "host": "x", "schema": "x"},
    "trino": {**_HOST, "method": "ldap", "port": 443, "database": "x"},
    "athena": {"s3_staging_dir": "s3://x/", "region_name": "x", "database": "x", "schema": "x"},
    "clickhouse": _HOST,
    "teradata": {**_HOST, "tmode": "ANSI"},
    "sqlserver": {"server": "x", "database": "x", "schema": "x", "user": "x", "password": "x", "driver": "x"},
    "synapse": {"server": "x", "database": "x", "schema": "x", "user": "x", "password": "x", "driver": "x"},
    "fabric": {"server": "x", "database": "x", "schema": "x", "authentication": "CLI", "driver": "x"},
}

FILES = {
    "dbt_project.yml": "name: rehearsal\nprofile: rehearsal\nsnapshots: {+schema: x}\n",
    "models/one.sql": "{{ config(materialized='table', tags=['x']) }} select 1 as id",
    "models/two.sql": "select * from {{ ref('one') }}",
    "models/away.sql": "{{ config(enabled=var('away', false)) }} select * from {{ source('here', 'there') }}",
    "models/all.yml": """
sources: [{name: here, tables: [{name: there}]}]
models:
  - name: one
    description: "{{ doc('words') }}"
    columns: [{name: id, data_tests: [unique, not_null]}]
exposures: [{name: page, type: dashboard, owner: {name: x}, depends_on: [ref('two')]}]
unit_tests:
  - {name: three, model: one, given: [], expect: {rows: [{id: 1}]}}
""",
    "models/words.md": "{% docs words %}words{% enddocs %}",
    "macros/own.sql": "{% macro own(x) %}{{ x }}{% endmacro %}",
    "tests/none.sql": "select * from {{ ref('two') }} where false",
    "snapshots/kept.sql": "{% snapshot kept %}{{ config(unique_key='id', strategy='check', check_cols='all',"
    " target_schema='x') }} select * from {{ ref('one') }}{% endsnapshot %}",
    "seeds/few.csv": "id\n1\n",
    "analyses/asked.sql": "select {{ own(1) }} from {{ ref('two') }}",
}


COMMANDS = (
    ["build"],
    ["run", "--select", "two"],
    ["compile", "--select", "two"],
    ["show", "--inline", "select 1"],
    ["ls"],
    ["docs", "generate"],
)


def rehearse(adapters):
    """Whether it was done. A failure costs the inheritance and nothing else."""
    adapter = next((name for name in PROFILES if name in adapters), None)
    if adapter is None:
        return False
    folder = tempfile.mkdtemp(prefix="rehearsal-")
    environment, here = dict(os.environ), os.getcwd()
    try:
        _write_project(folder, adapter)
        os.chdir(folder)
        # The second command reads what the first has kept of its parsing.
        for command in COMMANDS if adapter == "duckdb" else (["parse"], ["parse"]):
            _run([*command, "--profiles-dir", folder])
        return True
    except Exception as problem:  # noqa: B902: whatever it is, sessions work without
        print(f"no rehearsal: {problem!r}", file=sys.stderr, flush=True)
        return False
    finally:
        _forget(adapter)
        os.chdir(here)
        os.environ.clear()
        os.environ.update(environment)
        shutil.rmtree(folder, ignore_errors=True)


def _write_project(folder, adapter):
    output = {"type": adapter, "threads": 1, **PROFILES[adapter]}
    profile = {"rehearsal": {"target": "x", "outputs": {"x": output}}}
    # JSON is YAML as well.
    import json

    for name, text in {**FILES, "profiles.yml": json.dumps(profile)}.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def _run(argv):
    from dbt.cli.main import dbtRunner

    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    # The static parser keeps threads of its own, which no fork survives.
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-static-parser"]
    with contextlib.redirect_stdout(io.StringIO()):
        done = dbtRunner().invoke([*quiet, *argv])
    if done.exception:
        raise done.exception


def _forget(adapter):
    """Closes what the commands left open in this process."""
    from dbt.adapters.factory import reset_adapters

    reset_adapters()
    if adapter == "duckdb":
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()
