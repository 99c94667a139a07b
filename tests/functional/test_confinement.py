"""What a dbt project, which is a program, may see and do on the appliance's machine."""

import json

import pytest
import seed_project
from api import ERROR, SUCCESS, logs
from repositories import SMALL, Projects
from waiting import wait_until


def looker(paths):
    """A Python model that prints which of these it can see, and the processes that it sees."""
    return f"""
        import json
        import os

        def model(dbt, session):
            dbt.config(materialized='table')
            seen = [path for path in {[str(path) for path in paths]!r} if os.path.lexists(path)]
            pids = [int(name) for name in os.listdir('/proc') if name.isdigit()]
            print('seen ' + json.dumps([seen, pids]))
            return session.sql('select 1 as id')
        """


def secrets_of(appliance):
    """Places of the appliance that no project may see."""
    run_dir = appliance.status()["run_dir"]
    return [appliance.data / "keys" / "master.key", appliance.data / "postgres" / "PG_VERSION", appliance.data / "repository_cache",
            appliance.data / "store", appliance.data / "logs", appliance.data / "status.json",
            f"{run_dir}/app.sock", f"{run_dir}/internal.sock", f"{run_dir}/.s.PGSQL.5432",
            "/etc/shadow", "/sys/kernel"]


def what_it_saw(run):
    assert run["status"] == SUCCESS, logs(run)
    [line] = [line for line in logs(run, 4).splitlines() if "seen [" in line]
    return json.loads(line[line.index("seen ") + 5:])


def test_a_project_sees_nothing_of_the_appliance(api, appliance, make_project):
    files = {**SMALL, "models/looks.py": looker(secrets_of(appliance))}
    seen, pids = what_it_saw(api.run_job(api.create_job(make_project(files)[0])))
    assert seen == []
    assert not {appliance.pid("app"), appliance.pid("scheduler")} & set(pids) and len(pids) < 10


def test_without_the_sandbox_the_same_project_sees_it(own_appliance):
    """The defence off: so the test above can fail."""
    appliance = own_appliance(SANDBOX="off").start()
    sample = appliance.load_sample()
    projects = Projects(appliance.shared)
    repository = projects.make({**SMALL, "models/looks.py": looker(secrets_of(appliance))})
    seeded = seed_project.add_project(appliance, sample["account_id"], repository,
                                      config={"path": str(projects.warehouse())})
    seen, pids = what_it_saw(appliance.api.run_job(appliance.api.create_job(seeded)))
    assert str(appliance.data / "keys" / "master.key") in seen and appliance.pid("app") in pids


def test_a_run_sees_no_other_run(api, appliance, make_project, gated):
    seeded, gate = gated
    first = api.trigger(api.create_job(seeded))
    api.wait_at(gate, first)
    workspaces = appliance.data / "workspaces"
    paths = [workspaces / f"run-{first}", workspaces / f"run-{first}" / "profiles"]
    files = {**SMALL, "models/looks.py": looker(paths)}
    seen, _ = what_it_saw(api.run_job(api.create_job(make_project(files)[0])))
    assert seen == []
    gate.open()
    assert api.wait_run(first)["status"] == SUCCESS


@pytest.mark.parametrize("place, words", [
    ("keys/x.duckdb", "the appliance's own data folder"),
    ("x.duckdb", "the appliance's own data folder"),
])
def test_a_warehouse_may_not_lie_among_the_appliance_s_files(api, appliance, make_project, place,
                                                           words):
    seeded, _ = make_project(config={"path": str(appliance.data / place)})
    run = api.run_job(api.create_job(seeded))
    assert run["status"] == ERROR and words in run["status_message"], logs(run)
    assert words in logs(run, 2)
    assert not (appliance.data / place).exists()


def test_what_a_run_has_started_ends_with_it(api, appliance, make_project):
    beat = appliance.shared / "beat"
    files = {**SMALL, "models/leaves.py": f"""
        import os
        import subprocess
        import time

        def model(dbt, session):
            dbt.config(materialized='table')
            loop = "while :; do echo x >> {beat}; sleep 0.02; done"
            subprocess.Popen(['sh', '-c', loop], start_new_session=True)
            while not os.path.exists('{beat}'):
                time.sleep(0.01)
            return session.sql('select 1 as id')
        """}
    run = api.run_job(api.create_job(make_project(files)[0]))
    assert run["status"] == SUCCESS, logs(run)
    wait_until(lambda: not appliance.run_processes(run["id"]), "its processes are gone")
    before = beat.stat().st_size
    # A whole run later it has not grown.
    assert api.run_job(api.create_job(make_project()[0]))["status"] == SUCCESS
    assert beat.stat().st_size == before


def test_the_second_run_of_an_environment_does_not_parse_again(api, make_project):
    seeded, repository = make_project()
    job_id = api.create_job(seeded)
    first, second = api.run_job(job_id), api.run_job(job_id)
    assert first["status"] == second["status"] == SUCCESS
    words = "Unable to do partial parsing"
    assert words in logs(first, 4) and words not in logs(second, 4)
    repository.commit({"models/more.sql": "select 1 as id"})
    third = api.run_job(job_id)
    assert third["status"] == SUCCESS and words not in logs(third, 4)
    assert "more" in logs(third, 4)
