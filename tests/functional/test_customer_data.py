"""Rows that SQL returned reach whoever watches, and are nowhere afterwards, nor meanwhile."""

import json
import os
import pathlib
import secrets
import time
import urllib.parse

import duck
import pytest
import seed_project
import traces
from api import CANCELLED, ERROR, SUCCESS, describe, logs
from repositories import ENDLESS, NATIVE
from waiting import wait_until

SCRATCH = ("/tmp", "/var/tmp", "/dev/shm", "/run/shm", "/var/crash", "/var/lib/systemd/coredump")

FILES = {
    "dbt_project.yml": """
        name: shaft
        profile: shaft
        models: {shaft: {+materialized: table}}
        """,
    "models/people.sql": "select word, id from raw.people",
    "models/chosen.sql": "select p.word, o.id from raw.people p join {{ ref('other') }} o using (id)",
    "models/other.sql": "select 1 as id",
    "models/schema.yml": """
        models:
          - name: people
            columns:
              - {name: word, data_tests: [{accepted_values: {arguments: {values: [nothing]}}}]}
        unit_tests:
          - name: words
            model: chosen
            given:
              - input: ref('other')
                rows: [{id: 1}]
            expect:
              rows: [{word: something else, id: 1}]
        """,
    "macros/people.sql": """
        {% macro show_people() %}{% do run_query('select * from raw.people').print_table() %}{% endmacro %}
        {% macro tell() %}{{ log('told ' ~ run_query('select word from told.words').rows[0][0], info=true) }}
        {% endmacro %}
        """,
}

SHOWS = [
    "dbt show --inline 'select * from raw.people'",
    "dbt run -s people",
    "dbt --debug show -s people",
    "dbt show -s people --output json",
    "dbt --log-format json --log-level debug show -s people",
    "dbt --log-level-file debug --log-format-file json show -s people",
    "dbt run-operation show_people",
    "dbt run-operation tell",
    "dbt run -s waits",
]
"""Each prints rows, but the model, what is told on purpose, and the last, which waits."""

SHOWN_BY = [4, 6, 7, 8, 9, 10]
"""The steps that do."""

NATIVE_SHOWS = [
    "dbt show --inline 'select * from raw.people'",
    "dbt run -s people",
    "dbt show -s people --output json",
    "dbt --log-format text --log-level debug show -s people",
    "dbt --log-format otel show -s people",
    "dbt show -s people --log-level-file debug --otel-file-name told.jsonl",
    "dbt show -s people --otel-parquet-file-name told.parquet",
    "dbt run -s endless",
]
"""On dbt Core 2, which has no Python models; so the last is cancelled once it has been looked."""

NATIVE_SHOWN_BY = [4, 6, 7, 8, 9, 10]


def mark():
    """Short enough for a column, which dbt cuts at 20 characters."""
    return "mk" + secrets.token_hex(7)


class Canary:
    """Two runs that a browser watches: one shows rows, one has tests that fail on them."""

    def __init__(self, appliance, api, make_project, projects):
        self.appliance, self.api = appliance, api
        self.value, self.told = mark(), mark()
        self.began = time.time() - 1
        self.warehouse = projects.warehouse()
        duck.writer(appliance.places)(self.warehouse, f"""
            create schema raw; create schema told;
            create table raw.people as select '{self.value}' as word, 1 as id;
            create table told.words as select '{self.told}' as word""")
        self.make_project, self.projects = make_project, projects

    def play(self, live):
        """On dbt Core 1."""
        gate, api = self.projects.gate(), self.api
        files = {**FILES, "models/waits.py": gate.model()}
        seeded, _ = self.make_project(files, warehouse=self.warehouse)
        run_id = api.trigger(api.create_job(seeded, steps=SHOWS, generate_docs=True))
        self.seen = self.watch(live, run_id, len(SHOWN_BY))
        api.wait_at(gate, run_id)
        self.found_meanwhile = traces.find(self.value, self.paths())
        gate.open()
        self.shows = api.wait_run(run_id, related=("run_steps", "debug_logs"))
        run_id = api.trigger(api.create_job(
            seeded, steps=["dbt --debug build --exclude waits --store-failures"]))
        self.seen_of_tests = self.watch(live, run_id, 1)
        self.tests = api.wait_run(run_id, related=("run_steps", "debug_logs"))
        self.compared = self.compare()
        self.await_flush()
        return self

    def play_native(self, live):
        """On dbt Core 2, whose unit tests tell nothing of their rows."""
        api = self.api
        files = {**FILES, "models/endless.sql": ENDLESS}
        seeded, _ = self.make_project(files, warehouse=self.warehouse)
        run_id = api.trigger(api.create_job(seeded, steps=NATIVE_SHOWS, dbt_version=NATIVE))
        self.seen = self.watch(live, run_id, len(NATIVE_SHOWN_BY))
        wait_until(lambda: "endless" in json.dumps(api.ui(f"runs/{run_id}/nodes")),
                   "the last model has begun")
        self.found_meanwhile = traces.find(self.value, self.paths())
        api.post(f"runs/{run_id}/cancel/")
        self.shows = api.wait_run(run_id, related=("run_steps", "debug_logs"))
        self.tests = api.run_job(api.create_job(
            seeded, dbt_version=NATIVE,
            steps=["dbt --debug build --exclude endless --store-failures"]))
        self.compared = self.compare(dbt_version=NATIVE)
        self.await_flush()
        return self

    def compare(self, **fields):
        """A run that compares with another: the marked value is the key and what has changed."""
        people = {"models/people.sql": "select word, id, word as told from raw.people",
                  "models/schema.yml": "models: [{name: people, config: {meta: {primary_key: word}}}]"}
        seeded, repository = self.make_project(
            {"dbt_project.yml": FILES["dbt_project.yml"], **people}, warehouse=self.warehouse)
        built = self.api.run_job(self.api.create_job(seeded, name="Built", steps=["dbt run"], **fields))
        assert built["status"] == SUCCESS, logs(built)
        repository.commit({"models/people.sql": "select word, id, word || '!' as told from raw.people"})
        ci = seed_project.add_environment(self.appliance, seeded, "CI", "compared")
        return self.api.run_job(self.api.create_job(
            ci, steps=["dbt --debug run"], run_compare_changes=True,
            deferring_environment_id=seeded.environment_id, **fields))

    def await_flush(self):
        flushed = "SELECT count(*) FROM runs WHERE finished_at IS NOT NULL AND log_flushed_at IS NULL"
        wait_until(lambda: self.appliance.value(flushed) == "0", "all logs are flushed")

    def watch(self, live, run_id, count):
        """What a browser is shown of the run: its `count` messages of rows."""
        browser = live()
        browser.subscribe(f"run:{run_id}")
        shown = []
        while len(shown) < count:
            message = browser.until(lambda m: m["type"] == "rows" or (
                m["type"] == "run" and m["run"]["is_complete"]))
            assert message["type"] == "rows", describe(self.api.run(run_id, "run_steps"))
            shown.append(message)
        return shown

    def paths(self):
        """Every file that the appliance, dbt or the system may have put something into."""
        self.appliance.psql("CHECKPOINT")
        shared = self.appliance.shared
        run_dir = self.appliance.status()["run_dir"]
        yield from traces.files_below(self.appliance.folder, run_dir,
                                      leaving_out=[self.warehouse.parent])
        owners = {os.getuid(), *filter(None, [getattr(self.appliance.places.user, "pw_uid", None)])}
        for path in traces.files_below(*SCRATCH, leaving_out=[self.appliance.folder, shared]):
            try:
                facts = path.stat()
            except OSError:
                continue
            # Other programs of this machine keep what they keep.
            if facts.st_uid in owners and facts.st_mtime >= self.began:
                yield path
        yield from pathlib.Path("/").glob("core*")


@pytest.fixture(scope="module")
def canary(appliance, api, make_project, projects, module_live):
    return Canary(appliance, api, make_project, projects).play(module_live)


@pytest.fixture(scope="module")
def native(appliance, api, make_project, projects, module_live):
    return Canary(appliance, api, make_project, projects).play_native(module_live)


def test_the_search_finds_what_is_there(canary):
    """A project's own words are stored, and found: in the object store, compressed."""
    traces.check()
    found, looked_at = traces.find(canary.told, canary.paths())
    assert any("/store/objects/" in path and "step-11" in path for path in found), found
    assert looked_at > 500
    assert canary.told in logs(canary.shows)


def test_who_watches_sees_the_rows(canary):
    assert canary.shows["status"] == SUCCESS, logs(canary.shows)
    assert [canary.value in message["text"] for message in canary.seen] == [True] * len(SHOWN_BY)
    assert [message["step"] for message in canary.seen] == SHOWN_BY
    assert canary.tests["status"] == ERROR
    [differences] = canary.seen_of_tests
    assert canary.value in differences["text"] and "something else" in differences["text"]


def test_each_stands_for_a_line_of_the_log(canary, api):
    for run, seen in ((canary.shows, canary.seen), (canary.tests, canary.seen_of_tests)):
        for message in seen:
            lines = {line["n"]: line for line in api.step_log(run["id"], message["step"])}
            assert "shown live; rows are not kept)" in lines[message["n"]]["text"]
    assert "(1 row shown live; rows are not kept)" in logs(canary.shows, 4)
    assert "Previewing inline node:" in logs(canary.shows, 4)


def test_what_changed_is_counted_and_not_shown(canary, native, api):
    for run in (canary.compared, native.compared):
        assert run["status"] == SUCCESS, logs(run)
        [people] = api.ui(f"runs/{run['id']}/compare-changes/")["models"]
        assert people["primary_key"] == ["word"]
        assert people["rows"]["changed"] == 1 and people["columns"]["changed"] == {"told": 1}


def all_that_is_told(api, runs):
    """To who comes later: states, logs, nodes, artifacts."""
    seen = b""
    for run in runs:
        seen += json.dumps(run).encode()
        for step in run["run_steps"]:
            seen += json.dumps(api.step_log(run["id"], step["index"])).encode()
        seen += json.dumps(api.ui(f"runs/{run['id']}/nodes")).encode()
        for path in api.get(f"runs/{run['id']}/artifacts/"):
            seen += api.request("GET", api.account_path(
                f"runs/{run['id']}/artifacts/{urllib.parse.quote(path)}")).body
    return seen


def test_who_comes_later_does_not(canary, api):
    seen = all_that_is_told(api, (canary.shows, canary.tests, canary.compared))
    assert b"run_results.json" in seen and b"rows are not kept" in seen
    assert not traces.holds(seen, canary.value)


def test_the_tests_that_failed_say_so(canary):
    text = logs(canary.tests)
    assert "FAIL 1 accepted_values" in text and "words" in text
    assert "differs from" in text and "rows are not kept" in text
    assert canary.value not in canary.tests["status_message"]


def test_no_file_holds_a_row_while_the_run_goes_on(canary):
    """Its workspace, dbt's own log and target folder, its /tmp."""
    found, looked_at = canary.found_meanwhile
    assert found == [] and looked_at > 500


def test_no_file_holds_a_row_afterwards(canary, appliance):
    """Database, write-ahead log, notifications, object store, logs, scratch places."""
    paths = list(canary.paths())
    for part in ("/postgres/pg_wal/", "/postgres/base/", "/store/objects/",
                 "/logs/app"):
        assert any(part in str(path) for path in paths), part
    assert traces.find(canary.value, paths)[0] == []
    assert not traces.holds(appliance.dump(), canary.value)


def test_no_process_may_leave_a_core_file(canary, appliance):
    for role in ("app", "gateway", "scheduler"):
        limits = pathlib.Path(f"/proc/{appliance.pid(role)}/limits").read_text()
        assert [line.split()[4:6] for line in limits.splitlines()
                if line.startswith("Max core file size")] == [["0", "0"]], role


def test_dbt_core_2_keeps_no_rows_either(native, api, appliance):
    assert native.shows["status"] == CANCELLED, logs(native.shows)
    assert [native.value in message["text"] for message in native.seen] == [True] * len(NATIVE_SHOWN_BY)
    assert [message["step"] for message in native.seen] == NATIVE_SHOWN_BY
    assert "(1 row shown live; rows are not kept)" in logs(native.shows, 4)
    assert native.tests["status"] == ERROR and "2 nodes failed" in native.tests["status_message"]
    runs = (native.shows, native.tests, native.compared)
    assert not traces.holds(all_that_is_told(api, runs), native.value)
    found, looked_at = native.found_meanwhile
    assert found == [] and looked_at > 500
    assert traces.find(native.value, native.paths())[0] == []
    assert not traces.holds(appliance.dump(), native.value)
