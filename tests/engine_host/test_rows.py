"""Rows that SQL returned leave as rows, and stand in no other message and no file."""

import json

import pytest
from conftest import events, outputs

MARK = "canary-in-the-shaft"
SECRET_TABLE = "select 'canary-' || 'in-the-' || 'shaft' as word, 1 as id"
"""The mark is made by SQL, so that only a row can show it."""


@pytest.fixture
def shaft(project):
    project.write("models/shaft.sql", SECRET_TABLE)
    project.write("models/taken.sql", "select word, id from {{ ref('shaft') }} where id > 0")
    return project


def rows(messages):
    return [m for m in messages if m["type"] == "rows"]


def everything_else(messages):
    return json.dumps([m for m in messages if m["type"] != "rows"])


def assert_no_file_holds_it(project):
    """But the warehouse."""
    for path in project.folder.rglob("*"):
        if path.is_file() and not path.name.startswith("warehouse.duckdb"):
            assert MARK.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("argv, about", [
    (["show", "--inline", SECRET_TABLE], "Previewing inline node:"),
    (["show", "-s", "shaft"], "Previewing node 'shaft':"),
    (["--quiet", "show", "-s", "shaft"], ""),
    (["show", "-s", "shaft", "--output", "json"], ""),
    (["--log-format", "json", "show", "-s", "shaft"], ""),
    (["--debug", "--log-level-file", "debug", "show", "-s", "shaft"], "Previewing node 'shaft':"),
    (["--log-format-file", "json", "--log-level-file", "debug", "show", "-s", "shaft"],
     "Previewing node 'shaft':"),
])
def test_what_show_prints(host, shaft, argv, about):
    finished, messages = host.run(argv, shaft)
    assert finished["exit_code"] == 0, messages
    [shown] = rows(messages)
    assert MARK in shown["text"] and shown["count"] == 1 and shown["about"] == about
    assert MARK not in everything_else(messages)
    assert_no_file_holds_it(shaft)


def test_a_show_counts_its_rows(host, project):
    lines = "select '| \n|' as a union all select 'b' union all select 'c'"
    for argv in (["show", "--inline", lines], ["show", "--inline", lines, "--output", "json"]):
        _, messages = host.run(argv, project)
        assert rows(messages)[0]["count"] in (3, 4), "a row may break a line"
    _, messages = host.run(["show", "--inline", "select 1 as a where false"], project)
    assert rows(messages)[0]["count"] == 0


def test_a_failing_unit_test_tells_without_its_rows(host, shaft):
    shaft.write("models/unit.yml", """
unit_tests:
  - name: words
    model: taken
    given:
      - input: ref('shaft')
        format: sql
        rows: select 'canary-' || 'in-the-' || 'shaft' as word, 1 as id
    expect:
      rows: [{word: something else, id: 1}]
""")
    for argv in (["build"], ["--log-format", "json", "--debug", "build"],
                 ["--log-level-file", "debug", "--log-format-file", "json", "test"]):
        finished, messages = host.run(argv, shaft)
        assert finished["exit_code"] == 1
        [shown] = rows(messages)
        assert MARK in shown["text"] and "something else" in shown["text"]
        assert shown["about"].startswith("Unit test words: ") and "differs" in shown["about"]
        rest = everything_else(messages)
        assert MARK not in rest and "rows are not kept" in rest and "differs from" in rest
        assert_no_file_holds_it(shaft)
    results = json.loads((shaft.folder / "target" / "run_results.json").read_text())["results"]
    [failed] = [each for each in results if each["status"] == "fail"]
    assert "rows are not kept" in failed["message"]


def test_a_failing_data_test_tells_no_rows(host, shaft):
    shaft.write("tests/none.sql", "select * from {{ ref('shaft') }}")
    shaft.write("models/accepted.yml", """
models:
  - name: taken
    columns:
      - {name: word, data_tests: [{accepted_values: {values: [nothing]}}]}
""")
    finished, messages = host.run(["--debug", "build", "--store-failures"], shaft)
    assert finished["exit_code"] == 1
    assert MARK not in json.dumps(messages)
    assert_no_file_holds_it(shaft)


@pytest.mark.parametrize("name", ["print_table", "print_csv", "print_json", "print_html"])
def test_a_table_that_a_macro_prints(host, shaft, name):
    shaft.macro("{% do run_query(\"" + SECRET_TABLE + "\")." + name + "() %}")
    finished, messages = host.run(["run-operation", "do_it"], shaft)
    assert finished["exit_code"] == 0, messages
    [shown] = rows(messages)
    assert MARK in shown["text"] and shown["count"] == 1
    assert MARK not in everything_else(messages)


def test_rows_of_a_seed_that_are_shown(host, project):
    project.write("seeds/shaft.csv", f"word,id\n{MARK},1\n")
    finished, messages = host.run(["seed", "--show"], project)
    assert finished["exit_code"] == 0
    [shown] = rows(messages)
    assert MARK in shown["text"] and MARK not in everything_else(messages)


def test_the_project_s_own_words_are_its_log(host, shaft):
    shaft.macro("{% do log('told ' ~ run_query(\"" + SECRET_TABLE + "\").rows[0][0], info=true) %}"
                "{{ print('printed') }}")
    _, messages = host.run(["run-operation", "do_it"], shaft)
    assert rows(messages) == [] and "printed" in outputs(messages)
    assert any(f"told {MARK}" in e["msg"] for e in events(messages))


def test_dbts_recorder_writes_no_rows(host, shaft):
    env = {"DBT_RECORDER_MODE": "record", "DBT_ENGINE_RECORDER_MODE": "record",
           "DBT_RECORDER_FILE_PATH": str(shaft.folder / "target" / "recording.json")}
    host.run(["show", "-s", "shaft"], shaft, env=env)
    assert_no_file_holds_it(shaft)


def test_secrets_in_rows_are_masked_too(host, shaft):
    _, messages = host.run(["show", "-s", "shaft"], shaft, secrets=[MARK])
    assert "*****" in rows(messages)[0]["text"] and MARK not in json.dumps(messages)
