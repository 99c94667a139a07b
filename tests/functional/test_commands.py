"""dbt's commands with their options, as jobs have them, and the packages that they need."""

import os
import re

from api import ERROR, SUCCESS, logs, statuses
from repositories import SMALL, Repository, raw_sources

FILES = {
    **SMALL,
    "snapshots/history.sql": """
        {% snapshot history %}
        {{ config(unique_key='id', strategy='check', check_cols=['amount'], target_schema='main') }}
        select * from {{ ref('numbers') }}
        {% endsnapshot %}
        """,
    "models/sources.yml": raw_sources(),
    "selectors.yml": """
        selectors:
          - name: nightly
            definition: {method: fqn, value: total}
        """,
    "models/spoken.sql": "select {{ var('factor', 1) }} as factor, '{{ var('word', '-') }}' as word",
    "macros/greet.sql": "{% macro greet(who, n=1) %}{{ print('greets ' ~ who.name ~ ' ' ~ n) }}{% endmacro %}",
}

# The command, and what its log must say.
COMMANDS = [
    ("dbt seed --full-refresh", "PASS=1 "),
    ("dbt build --select \"doubled total\"", "PASS=4 "),
    ("dbt run --empty --select total", "PASS=1 "),
    ("dbt run --sample '3 days' --select total", "PASS=1 "),
    ("dbt run --selector nightly", "PASS=1 "),
    ("dbt snapshot", "PASS=1 "),
    ("dbt source freshness", "PASS freshness of raw.numbers"),
    ("dbt ls --resource-type model --output name", "doubled\nspoken\ntotal"),
    ("dbt compile --select total", "Compiled node 'total'"),
    ("dbt compile --select spoken --vars '{\"factor\": 3, \"word\": \"a b\"}'",
     "select 3 as factor, 'a b' as word"),
    ("dbt show --select spoken --vars '{\"factor\": 3}'", "(1 row shown live; rows are not kept)"),
    ("dbt run-operation greet --args '{who: {name: \"Ann B\"}, n: 2}'", "greets Ann B 2"),
    ("dbt run-operation greet --args '{\"who\": {\"name\": \"C\\u00e9line\"}}'", "greets Céline 1"),
    ("dbt run-operation greet --args \"{who: {name: Bob}, n: 3}\"", "greets Bob 3"),
    ("dbt docs generate --select total", "Catalog written"),
    ("dbt clone --state target --select total", ""),
]


def lines(api, run, step):
    return [line["text"] for line in api.step_log(run["id"], step, level="info")]


def test_every_command_of_a_job(api, make_project):
    seeded, _ = make_project(FILES)
    run = api.run_job(api.create_job(seeded, steps=[command for command, _ in COMMANDS]))
    assert statuses(run) == [SUCCESS] * (3 + len(COMMANDS)), logs(run)
    for step, (command, words) in enumerate(COMMANDS, start=4):
        text = "\n".join(lines(api, run, step))
        assert words in text, f"{command}\n{text}"


PINNED = "packages:\n  - git: {url}\n    revision: {revision}\n"


class Package(Repository):
    """A dbt package whose macro says a word. It belongs to who fetches it, as git wants it."""

    def __init__(self, folder, user, word):
        self.user = user
        super().__init__(folder, {"dbt_project.yml": "name: words\nversion: 1.0.0\n"})
        self.say(word)

    def say(self, word):
        self._belongs_to(os.getuid())
        self.commit({"macros/word.sql": f"{{% macro word() %}}'{word}'{{% endmacro %}}"})
        self._belongs_to(self.user.pw_uid if self.user else os.getuid())

    def _belongs_to(self, uid):
        for path in (self.bare, *self.bare.rglob("*")):
            os.chown(path, uid, -1)


def test_packages_that_are_named_exactly_are_installed_once(api, make_project, projects, places):
    package = Package(projects.folder / "package-of-one", places.user, "one")
    pinned = PINNED.format(url=package.url, revision=package.git("rev-parse", "HEAD"))
    seeded, repository = make_project({
        **SMALL, "packages.yml": pinned, "models/said.sql": "select {{ words.word() }} as word"})
    job = api.create_job(seeded, steps=["dbt compile --select said"])
    first = api.run_job(job)
    assert first["status"] == SUCCESS, logs(first)
    assert "Installed from revision" in logs(first, 3)
    # Not even its address is asked: the repository is gone.
    package.remove()
    second = api.run_job(job)
    assert second["status"] == SUCCESS and "select 'one' as word" in logs(second, 4), logs(second)
    assert re.fullmatch(r"1 package from the cache \(lock digest [0-9a-f]{12}\)", lines(api, second, 3)[0])
    assert second["run_steps"][2]["name"] == "Invoke dbt with `dbt deps`"
    # Another project does not get them.
    other, _ = make_project({**SMALL, "packages.yml": pinned})
    run = api.run_job(api.create_job(other, steps=["dbt parse"]))
    assert run["status"] == ERROR and statuses(run)[2] == ERROR, logs(run)


def test_a_retry_has_the_packages_of_the_run_that_failed(api, make_project, projects, places):
    package = Package(projects.folder / "package-before", places.user, "before")
    seeded, repository = make_project({
        **SMALL, "packages.yml": PINNED.format(url=package.url, revision="main"),
        "models/said.sql": "select {{ words.word() }} as word, broken"})
    job = api.create_job(seeded, steps=["dbt run --select said"])
    failed = api.run_job(job)
    assert failed["status"] == ERROR and failed["can_retry"], logs(failed)
    assert "package-lock.yml" in api.get(f"runs/{failed['id']}/artifacts/", step=3)
    package.say("after")
    repository.commit({"models/said.sql": "select {{ words.word() }} as word"})
    retry = api.wait_run(api.post(f"runs/{failed['id']}/retry/")["id"],
                         related=("run_steps", "debug_logs"))
    assert retry["status"] == SUCCESS, logs(retry)
    assert "1 package from the cache" in logs(retry, 3)
    sql = api.request("GET", api.account_path(
        f"runs/{retry['id']}/artifacts/compiled/small/models/said.sql")).body
    assert b"before" in sql
    # Any other run takes the branch as it is now.
    run = api.run_job(job)
    assert run["status"] == SUCCESS and "Installed from revision" in logs(run, 3), logs(run)


def test_a_project_without_packages_needs_no_dbt_for_it(api, done_run):
    assert lines(api, done_run, 3) == ["Warning: No packages were found in packages.yml"]
