"""Runs on dbt Core 2, a native program: as whole as those on dbt Core 1, and as confined."""

import pytest
import seed_project
from api import CANCELLED, ERROR, SUCCESS, logs
from repositories import ENDLESS, NATIVE, SMALL, Projects
from waiting import wait_until


@pytest.fixture
def native_job(api, make_project):
    """native_job(files, …): the id of a job on dbt Core 2."""
    def make(files=SMALL, **details):
        seeded, _ = make_project(files)
        return api.create_job(seeded, dbt_version=NATIVE, **details)
    return make


def nodes_of(api, run):
    return {node["name"]: node for node in api.ui(f"runs/{run['id']}/nodes")["nodes"]}


def test_a_run_is_whole(api, native_job):
    run = api.run_job(native_job(steps=["dbt build", "dbt ls --select total"], generate_docs=True))
    assert run["status"] == SUCCESS, logs(run)
    nodes = nodes_of(api, run)
    assert {"numbers", "doubled", "total"} <= set(nodes)
    assert nodes["total"]["status"] == "success" and nodes["total"]["execution_time"] is not None
    build, listing = run["run_steps"][3:5]
    assert "model main.total" in build["logs"] and "Execution Summary" in build["logs"]
    assert "small.total" in listing["logs"]
    # Times and levels are ours to write: nobody reads dbt's JSON.
    assert '"info"' not in build["logs"] and "invocation_id" not in build["logs"]
    artifacts = set(api.get(f"runs/{run['id']}/artifacts/"))
    assert {"manifest.json", "run_results.json", "catalog.json"} <= artifacts
    assert run["has_docs_generated"] is True


def test_what_went_wrong_is_said(api, native_job):
    files = {**SMALL, "models/broken.sql": "select no_such_column from {{ ref('doubled') }}",
             "models/after.sql": "select * from {{ ref('broken') }}",
             "models/alone.sql": "select 1 as amount union all select 2",
             "tests/none_is_small.sql": "select * from {{ ref('alone') }} where amount < 50"}
    run = api.run_job(native_job(files))
    assert run["status"] == ERROR
    nodes = nodes_of(api, run)
    assert nodes["broken"]["status"] == "error" and "no_such_column" in nodes["broken"]["message"]
    assert nodes["none_is_small"]["status"] == "fail"
    assert nodes["none_is_small"]["message"] == "Got 2 results, configured to fail if != 0"
    assert nodes["after"]["status"] == "skipped"
    step = run["run_steps"][3]
    assert "no_such_column" in step["logs"] and "<unknown>" not in step["logs"]
    assert "2 nodes failed" in run["status_message"], run["status_message"]


def test_a_usage_error_ends_the_step(api, native_job):
    run = api.run_job(native_job(steps=["dbt run --no-such-option"]))
    assert run["status"] == ERROR
    assert "unexpected argument '--no-such-option'" in logs(run, 4), logs(run)
    assert "--no-such-option" in run["status_message"], run["status_message"]


def test_a_run_is_cancelled(api, appliance, native_job):
    run_id = api.trigger(native_job({**SMALL, "models/endless.sql": ENDLESS}))
    wait_until(lambda: "endless" in {node["name"] for node in api.ui(f"runs/{run_id}/nodes")["nodes"]},
               "the model has begun")
    api.post(f"runs/{run_id}/cancel/")
    run = api.wait_run(run_id)
    assert run["status"] == CANCELLED, logs(run)
    wait_until(lambda: not appliance.run_processes(run_id), "nothing of it is left")


def looker(appliance):
    """A macro that tells which files of the appliance it can see, between brackets."""
    paths = (appliance.data / "keys" / "master.key", "/etc/shadow", f"/proc/{appliance.pid('app')}/cmdline")
    files = " union all ".join(f"select file from glob('{path}')" for path in paths)
    seen = f"select coalesce(string_agg(file, ' '), '') from ({files})"
    return {**SMALL, "macros/look.sql": f"""
        {{% macro look() %}}{{{{ log('[' ~ run_query("{seen}").rows[0][0] ~ ']', info=true) }}}}{{% endmacro %}}
        """}


def test_a_project_sees_nothing_of_the_appliance(api, appliance, native_job):
    run = api.run_job(native_job(looker(appliance), steps=["dbt run-operation look"]))
    assert run["status"] == SUCCESS, logs(run)
    assert "[]" in logs(run, 4), logs(run, 4)


def test_without_the_sandbox_the_same_project_sees_it(own_appliance):
    """The defence off: so the test above can fail."""
    appliance = own_appliance(SANDBOX="off").start()
    sample = appliance.load_sample()
    projects = Projects(appliance.shared)
    seeded = seed_project.add_project(appliance, sample["account_id"], projects.make(looker(appliance)),
                                      config={"path": str(projects.warehouse())})
    api = appliance.api
    run = api.run_job(api.create_job(seeded, steps=["dbt run-operation look"], dbt_version=NATIVE))
    assert "master.key" in logs(run, 4), logs(run)


def test_it_defers_to_what_production_has_built(api, appliance, make_project):
    production, repository = make_project()
    ci = seed_project.add_environment(appliance, production, "CI", "ci")
    built = api.run_job(api.create_job(production, dbt_version=NATIVE))
    assert built["status"] == SUCCESS, logs(built)
    repository.commit({"models/total.sql": "select sum(amount) + 1 as total from {{ ref('doubled') }}"})
    job = api.create_job(ci, dbt_version=NATIVE, steps=["dbt build --select state:modified+"],
                         deferring_environment_id=production.environment_id)
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert run["deferring_run_id"] == built["id"]
    assert set(nodes_of(api, run)) == {"total"}, logs(run)
