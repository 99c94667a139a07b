"""The linter before a run's own commands: what it looks at, what it says, what it decides."""

import shutil

import pytest
import seed_project
from api import CANCELLED, ERROR, SUCCESS, logs, names
from repositories import NATIVE, SMALL, Projects
from waiting import wait_until

GOOD = "select\n    id,\n    amount\nfrom {{ ref('numbers') }}\n"
BAD = "SELECT id, amount from {{ ref('numbers') }}\n"

PROJECT = {
    "dbt_project.yml": SMALL["dbt_project.yml"],
    "seeds/numbers.csv": SMALL["seeds/numbers.csv"],
    "models/good.sql": GOOD,
    "models/bad.sql": BAD,
    "models/deep/also_good.sql": "select\n    id,\n    {{ cents('amount') }} as amount\nfrom {{ ref('good') }}\n",
    "macros/cents.sql": "{% macro cents(column) %}{{ column }} / 100{% endmacro %}",
}


@pytest.fixture(scope="module", autouse=True)
def sqlfluff(places):
    if not list(places.engines.glob("sqlfluff-*/engine.json")):
        pytest.fail("SQLFluff is not installed: millwright engine install sqlfluff")


def test_findings_fail_the_run_before_anything_is_built(api, make_project):
    seeded, _ = make_project(PROJECT)
    run = api.run_job(api.create_job(seeded, run_lint=True))
    assert run["status"] == ERROR
    assert names(run)[3:] == ["Lint", "Invoke dbt with `dbt build`"]
    text = logs(run, 4)
    assert "All models are linted" in text and "Linting 3 files with SQLFluff 4." in text, text
    assert "models/bad.sql: " in text and "models/good.sql" not in text
    assert "line 1, column 19: CP01 Keywords must be consistently upper case. " \
           "(capitalisation.keywords)" in text, text
    assert run["status_message"].startswith("Lint: 3 files linted: "), run["status_message"]
    assert run["run_steps"][4]["status"] not in (SUCCESS, ERROR)
    assert api.get(f"runs/{run['id']}/artifacts/") == ["manifest.json"] or \
        "run_results.json" not in api.get(f"runs/{run['id']}/artifacts/")


def test_as_warnings_they_stop_nothing(api, make_project):
    seeded, _ = make_project(PROJECT)
    run = api.run_job(api.create_job(seeded, run_lint=True, errors_on_lint_failure=False))
    assert run["status"] == SUCCESS, logs(run)
    assert "models/bad.sql: " in logs(run, 4) and "as a warning" in logs(run, 4)
    assert run["run_steps"][3]["status"] == SUCCESS


def test_only_what_changed_is_linted(api, appliance, make_project):
    production, repository = make_project(PROJECT)
    built = api.run_job(api.create_job(production, name="Nightly"))
    assert built["status"] == SUCCESS, logs(built)
    ci = seed_project.add_environment(appliance, production, "CI", "ci")
    job = api.create_job(ci, run_lint=True, deferring_environment_id=production.environment_id,
                         steps=["dbt run --select state:modified"])
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert "No SQL model has changed." in logs(run, 4)
    repository.commit({"models/good.sql": GOOD + "where id > 1\n"})
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert "Linting 1 file with" in logs(run, 4)
    assert "1 file linted: no violations" in logs(run, 4)
    repository.commit({"models/fresh.sql": BAD})
    run = api.run_job(job)
    assert run["status"] == ERROR
    assert "models/fresh.sql: " in logs(run, 4) and "models/bad.sql" not in logs(run, 4)


def test_the_project_s_own_settings_count(api, make_project):
    """Those of the repository's top and of the folder, for a project in a subdirectory."""
    files = {f"shop/{name}": text for name, text in PROJECT.items()}
    files[".sqlfluff"] = "[sqlfluff]\nexclude_rules = LT01,LT09,CV06,CV09\n"
    files["shop/models/.sqlfluff"] = "[sqlfluff:rules:capitalisation.keywords]\ncapitalisation_policy = upper\n"
    files["shop/models/good.sql"] = "SELECT id FROM {{ ref('numbers') }}\n"
    files["shop/models/bad.sql"] = "SELECT id, amount FROM {{ ref('numbers') }}\n"
    files["shop/models/deep/also_good.sql"] = "select id FROM {{ ref('good') }}\n"
    seeded, _ = make_project(files, subdirectory="shop")
    run = api.run_job(api.create_job(seeded, run_lint=True))
    assert run["status"] == ERROR
    text = logs(run, 4)
    assert "shop/models/deep/also_good.sql: 1 finding" in text and "good.sql: 1" in text, text
    assert "3 files linted: 1 violation in 1 file" in text


def test_a_templater_that_is_not_there_is_said(api, make_project):
    seeded, _ = make_project({**PROJECT, "models/bad.sql": GOOD,
                              ".sqlfluff": "[sqlfluff]\ntemplater = dbt\ndialect = postgres\n"})
    run = api.run_job(api.create_job(seeded, run_lint=True))
    assert run["status"] == SUCCESS, logs(run)
    assert "ask for SQLFluff's templater `dbt`" in logs(run, 4)
    assert "no violations" in logs(run, 4)


def test_settings_that_are_wrong_are_said(api, make_project):
    seeded, _ = make_project({**PROJECT, ".sqlfluff": "[sqlfluff]\ndialect = klingon\n"})
    run = api.run_job(api.create_job(seeded, run_lint=True))
    assert run["status"] == ERROR
    assert "SQLFluff could not lint: " in run["status_message"], run["status_message"]


def test_code_that_a_project_brings_is_confined(api, appliance, make_project):
    """SQLFluff loads a project's Python, and what that can see is its log's last line."""
    key = appliance.data / "keys" / "master.key"
    spy = "import os\nraise RuntimeError('saw ' + str([os.path.exists(p) for p in " \
          f"({str(key)!r}, {str(appliance.data / 'postgres')!r}, '/workspace/repository')]))\n"
    seeded, _ = make_project({**PROJECT, "library/__init__.py": "", "library/spy.py": spy,
                              ".sqlfluff": "[sqlfluff:templater:jinja]\nlibrary_path = library\n"})
    run = api.run_job(api.create_job(seeded, run_lint=True))
    assert "saw [False, False, True]" in logs(run, 4), logs(run, 4)


def test_a_linter_that_does_not_end_is_ended(api, appliance, make_project):
    seeded, _ = make_project({**PROJECT, "library/__init__.py": "",
                              "library/slow.py": "import time\ntime.sleep(900)\n",
                              ".sqlfluff": "[sqlfluff:templater:jinja]\nlibrary_path = library\n"})
    run_id = api.trigger(api.create_job(seeded, run_lint=True))
    wait_until(lambda: any("Linting" in line["text"] for line in api.step_log(run_id, 4)),
               "the linter has begun")
    api.post(f"runs/{run_id}/cancel/")
    assert api.wait_run(run_id)["status"] == CANCELLED
    wait_until(lambda: not appliance.run_processes(run_id), "nothing of it is left")


def test_without_the_sandbox(own_appliance):
    appliance = own_appliance(SANDBOX="off").start()
    sample = appliance.load_sample()
    projects = Projects(appliance.shared)
    seeded = seed_project.add_project(appliance, sample["account_id"], projects.make(PROJECT),
                                      {"path": str(projects.warehouse())})
    run = appliance.api.run_job(appliance.api.create_job(seeded, run_lint=True))
    assert run["status"] == ERROR and "models/bad.sql: " in logs(run, 4), logs(run)


def test_on_a_native_engine(api, make_project):
    seeded, _ = make_project(PROJECT)
    run = api.run_job(api.create_job(seeded, run_lint=True, dbt_version=NATIVE))
    assert run["status"] == ERROR
    assert "models/bad.sql: " in logs(run, 4), logs(run)


def test_without_the_linter_the_step_says_how_to_get_it(own_appliance, places):
    [engine] = list(places.engines.glob("1.11.0-latest-base-*"))[:1]
    appliance = own_appliance()
    engines = appliance.folder / "engines"
    engines.mkdir()
    appliance.settings["ENGINES_DIR"] = engines
    shutil.copytree(engine, engines / engine.name, symlinks=True)
    appliance.start()
    sample = appliance.load_sample()
    projects = Projects(appliance.shared)
    seeded = seed_project.add_project(appliance, sample["account_id"], projects.make(PROJECT),
                                      {"path": str(projects.warehouse())})
    run = appliance.api.run_job(appliance.api.create_job(seeded, run_lint=True))
    assert run["status"] == ERROR
    assert "This installs it: millwright engine install sqlfluff" in run["status_message"]
    run = appliance.api.run_job(appliance.api.create_job(
        seeded, run_lint=True, errors_on_lint_failure=False))
    assert run["status"] == SUCCESS, logs(run)
    assert "millwright engine install sqlfluff" in logs(run, 4)
