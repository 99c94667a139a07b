"""What a run changed beside production: counts and names of columns, on every kind of engine."""

import json

import pytest
import seed_project
from api import ERROR, SUCCESS, logs, names
from repositories import NATIVE

NUMBERS = "select 1 as id, 10 as amount, 'a' as note union all select 2, 20, 'b' union all select 3, 30, null"

PROJECT = {
    "dbt_project.yml": """
        name: small
        profile: small
        models: {small: {+materialized: table}}
        """,
    "models/keyed.sql": NUMBERS,
    "models/plain.sql": "select 1 as x union all select 2",
    "models/same.sql": "select 1 as id, 2 as y",
    "models/thin.sql": "{{ config(materialized='ephemeral') }} select 1 as id",
    "models/doubled.sql": "select 1 as id union all select 1",
    "models/schema.yml": """
        models:
          - name: keyed
            columns: [{name: id, data_tests: [unique, not_null]}]
          - name: same
            config: {meta: {primary_key: id}}
          - name: doubled
            config: {meta: {primary_key: id}}
        """,
}

CHANGED = {
    # Row 1 is gone, row 2 has another amount, row 3 is as it was, row 4 is new.
    "models/keyed.sql": """
        select 2 as id, 21 as amount, 'b' as note, true as extra
        union all select 3, 30, null, false union all select 4, 40, 'd', true
        """,
    "models/plain.sql": "select 'one' as x",
    "models/same.sql": "select 1 as id, 1 + 1 as y",
    "models/thin.sql": "{{ config(materialized='ephemeral') }} select 2 as id",
    "models/doubled.sql": "select 1 as id union all select 1 -- as before",
    "models/fresh.sql": "select 1 as id union all select 2",
}

BUILD = "dbt run --select state:modified+"


def comparison(api, run):
    return {model["name"]: model for model in api.ui(f"runs/{run['id']}/compare-changes/")["models"]}


@pytest.fixture
def pull_request(api, appliance):
    """pull_request(production, repository, …): a job that compares, once production has run."""
    def make(production, repository, files=CHANGED, secret_fields=None, steps=(BUILD,), schema="ci",
             version=None, **fields):
        more = {"dbt_version": version} if version else {}
        built = api.run_job(api.create_job(production, name="Nightly", steps=["dbt run"], **more))
        assert built["status"] == SUCCESS, logs(built)
        repository.commit(files)
        ci = seed_project.add_environment(appliance, production, "CI", schema, secret_fields)
        return api.create_job(ci, steps=steps, run_compare_changes=True, **more,
                              deferring_environment_id=production.environment_id, **fields)
    return make


def check(found):
    """What comes of CHANGED, whatever the warehouse."""
    assert {name: model["status"] for name, model in found.items()} == {
        "keyed": "changed", "plain": "changed", "same": "unchanged", "thin": "skipped",
        "doubled": "unchanged", "fresh": "new"}
    keyed = found["keyed"]
    assert keyed["primary_key"] == ["id"] and keyed["message"] == ""
    assert keyed["rows"] == {"added": 1, "removed": 1, "changed": 1, "unchanged": 1,
                             "before": 3, "after": 3}
    assert keyed["columns"] == {"added": ["extra"], "removed": [], "retyped": [],
                                "changed": {"amount": 1}}
    plain = found["plain"]
    assert plain["primary_key"] == [] and "No primary key is known" in plain["message"]
    assert plain["rows"] == {"added": None, "removed": None, "changed": None, "unchanged": None,
                             "before": 2, "after": 1}
    assert plain["columns"]["retyped"] == ["x"]
    assert found["same"]["rows"]["unchanged"] == 1
    assert "ephemeral" in found["thin"]["message"]
    assert "is not unique" in found["doubled"]["message"]
    assert found["fresh"]["rows"]["after"] == 2 and found["fresh"]["rows"]["before"] is None


def test_what_changed_is_counted(api, make_project, pull_request):
    production, repository = make_project(PROJECT)
    run = api.run_job(pull_request(production, repository, generate_docs=True),
                      github_pull_request_id=7)
    assert run["status"] == SUCCESS, logs(run)
    assert names(run)[3:] == [f"Invoke dbt with `{BUILD}`", "Compare changes",
                              "Invoke dbt with `dbt docs generate`"]
    check(comparison(api, run))
    text = logs(run, 5)
    assert "keyed: changed; 3 rows before, 3 now: 1 added, 1 removed, 1 changed, 1 unchanged; " \
           "columns added: extra; rows changed by column: amount (1)" in text, text
    assert "of job Nightly in environment Production. 6 models: 1 new, 2 changed, 2 unchanged, " \
           "1 skipped" in text
    assert "MILLWRIGHT_COMPARED" not in text and '"unique_id"' not in text
    # The project's own artifacts are the project's own.
    artifacts = api.get(f"runs/{run['id']}/artifacts/")
    assert "compare_changes.json" in artifacts
    manifest = api.request("GET", api.account_path(f"runs/{run['id']}/artifacts/manifest.json")).json
    assert not any("millwright_compare" in name for name in manifest["macros"])


def test_on_postgresql(api, make_project, pull_request, warehouse):
    fields, secret_fields = warehouse.credentials()
    files = {**PROJECT, "models/odd.sql": """
        select 1 as "Id", '{"a": 1}'::json as doc, array[1, 2] as list, point(1, 2) as place,
               'x'::varchar(10) as short, null::int as nothing, 1.5::numeric(8, 2) as price
        """, "models/odd.yml": """
        models: [{name: odd, config: {meta: {primary_key: Id}}}]
        """}
    production, repository = make_project(
        files, adapter="postgres", config=warehouse.config, schema="compare_prod", fields=fields,
        secret_fields=secret_fields)
    changed = {**CHANGED, "models/odd.sql": """
        select 1 as "Id", '{"a": 2}'::json as doc, array[1, 2] as list, point(1, 3) as place,
               'x'::varchar(20) as short, null::int as nothing, 1.5::numeric(8, 2) as price
        """}
    job = pull_request(production, repository, changed, secret_fields, schema="compare_ci")
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    found = comparison(api, run)
    odd = found.pop("odd")
    check(found)
    assert odd["primary_key"] == ["Id"]
    assert odd["columns"] == {"added": [], "removed": [], "retyped": ["short"],
                              "changed": {"doc": 1, "place": 1}}


def test_on_a_native_engine(api, make_project, pull_request):
    production, repository = make_project(PROJECT)
    run = api.run_job(pull_request(production, repository, version=NATIVE))
    assert run["status"] == SUCCESS, logs(run)
    check(comparison(api, run))


def test_only_what_is_asked_for_and_was_built(api, make_project, pull_request):
    production, repository = make_project(PROJECT)
    job = pull_request(production, repository, steps=[BUILD + " --exclude same"],
                       compare_changes_flags="--select state:modified --exclude plain fresh")
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    found = comparison(api, run)
    assert set(found) == {"keyed", "same", "thin", "doubled"}
    assert found["same"]["message"] == "This run has not built it."
    # A job that is edited changes no run that it has made, and a retry is of that run.
    repository.commit({"models/keyed.sql": "select broken"})
    failed = api.run_job(job)
    assert failed["status"] == ERROR
    api.post(f"jobs/{job}/", {"run_compare_changes": False})
    repository.commit(CHANGED)
    retried = api.wait_run(api.post(f"runs/{failed['id']}/retry/")["id"],
                           related=("run_steps", "debug_logs"))
    assert retried["status"] == SUCCESS, logs(retried)
    assert names(retried)[3:] == ["Invoke dbt with `dbt retry`", "Compare changes"]
    found = comparison(api, retried)
    # What the failed run had built is there, and compared.
    assert found["keyed"]["rows"]["changed"] == 1 and found["doubled"]["rows"]["after"] == 2


def test_what_fails_is_no_failure_of_the_run(api, make_project, pull_request):
    production, repository = make_project(PROJECT)
    job = pull_request(production, repository, compare_changes_flags="--select no_such_method:x")
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert run["run_steps"][4]["status"] == ERROR
    assert "no_such_method" in logs(run, 5)
    assert api.request("GET", f"/api/ui/accounts/{api.account_id}/runs/{run['id']}/compare-changes/"
                       ).status == 404


def test_a_model_that_cannot_be_compared_keeps_no_other_from_it(api, make_project, pull_request):
    """Production's view reads what is not there any more."""
    gone = {**PROJECT, "models/broken.sql": "{{ config(materialized='view') }} select 1 as id from gone.there",
            "models/broken.yml": "models: [{name: broken, config: {meta: {primary_key: id}}}]"}
    production, repository = make_project(
        {**gone, "dbt_project.yml": gone["dbt_project.yml"] +
         "on-run-start: ['create schema if not exists gone', 'create or replace table gone.there as select 1 as x']\n"})
    changed = {**CHANGED, "models/broken.sql": "select 1 as id",
               "dbt_project.yml": gone["dbt_project.yml"] + "on-run-start: ['drop table gone.there']\n"}
    run = api.run_job(pull_request(production, repository, changed))
    assert run["status"] == SUCCESS, logs(run)
    found = comparison(api, run)
    broken = found.pop("broken")
    check(found)
    assert broken["status"] == "skipped" and "log says why" in broken["message"]
    text = logs(run, 5)
    assert "broken could not be compared" in text and "there does not exist" in text, text


def test_without_anything_to_compare_with(api, small):
    run = api.run_job(api.create_job(small, run_compare_changes=True))
    assert run["status"] == SUCCESS, logs(run)
    assert names(run)[4] == "Compare changes"
    assert "There is nothing to compare with: the job defers to none" in logs(run, 5)
    assert "compare_changes.json" not in api.get(f"runs/{run['id']}/artifacts/")


def test_the_artifact_is_what_is_served(api, make_project, pull_request):
    production, repository = make_project({**PROJECT, "models/other.sql": "select 1 as id"})
    run = api.run_job(pull_request(production, repository))
    path = api.account_path(f"runs/{run['id']}/artifacts/compare_changes.json")
    assert json.loads(api.request("GET", path).body) == api.ui(f"runs/{run['id']}/compare-changes/")
