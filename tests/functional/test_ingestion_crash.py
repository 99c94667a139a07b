"""The scheduler killed while it reads a run's artifacts: nothing of it is half known, and all of it later."""

import subprocess

import seed_project
from api import SUCCESS, logs
from repositories import SMALL, Projects
from test_discovery import known_of
from waiting import wait_until


class HeldState:
    """Somebody else changes what is known of an environment, until `let_go`."""

    def __init__(self, appliance, environment_id):
        self.psql = subprocess.Popen(appliance.psql_command() + ["-X", "-q"], stdin=subprocess.PIPE, text=True,
                                     cwd="/", **appliance.places.as_service())
        self.psql.stdin.write("BEGIN; SELECT 1 FROM environment_states "
                              f"WHERE environment_id = {environment_id} FOR UPDATE;\n")
        self.psql.stdin.flush()

    def let_go(self):
        self.psql.stdin.close()
        self.psql.wait(30)


def test_the_scheduler_killed_while_it_reads_a_run(own_appliance):
    appliance = own_appliance().start()
    appliance.load_sample()
    api, projects = appliance.api, Projects(appliance.shared)
    repository = projects.make(SMALL)
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"], repository,
                                      {"path": str(projects.warehouse())})
    job = api.create_job(seeded, steps=["dbt build"])
    first = api.run_job(job)
    assert first["status"] == SUCCESS, logs(first)
    before = known_of(api, seeded.environment_id, first["id"])

    held = HeldState(appliance, seeded.environment_id)
    second = api.run_job(job)
    assert second["status"] == SUCCESS, logs(second)

    def waits():
        return appliance.psql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                              "AND query LIKE '%environment_states%'")

    def results():
        return int(appliance.value("SELECT count(*) FROM node_results WHERE run_id = :run", run=second["id"]))

    wait_until(waits, "the reading has come to the state")
    appliance.kill_and_heal("scheduler")
    held.let_go()
    wait_until(lambda: not waits(), "what the dead one had begun is over")
    assert known_of(api, seeded.environment_id, first["id"]) == before
    assert results() == 0
    # What two minutes would do.
    appliance.psql("UPDATE pending_ingestions SET taken_until = now()")
    known_of(api, seeded.environment_id, second["id"])
    assert results() == 5
    assert appliance.psql("SELECT 1 FROM pending_ingestions") == []
