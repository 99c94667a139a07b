"""Engines of a live appliance: who uses one, and that it stays as long as somebody does."""

import fcntl

import pytest
from repositories import SMALL


@pytest.mark.parametrize("name", ["latest", "1.11.0-latest", "compatible"])
def test_an_engine_that_an_environment_uses_is_not_removed(appliance, small, name):
    refused = appliance.command("engine", "remove", name)
    assert refused.returncode == 1
    assert "is in use by" in refused.stderr and 'environment "' in refused.stderr, refused.stderr
    listing = appliance.command("engine", "list", name)
    assert "installed  base" in listing.stdout, listing.stdout


def test_a_job_with_a_version_of_its_own_keeps_that_engine(appliance, api, small):
    job = api.create_job(small, name="Old dbt", dbt_version="1.9.0-latest")
    run = api.run_job(job)
    assert run["status"] == 20
    assert "millwright engine install 1.9.0-latest" in run["status_message"], run["status_message"]


def test_a_run_holds_its_engine(api, appliance, make_project, projects, places):
    gate = projects.gate()
    seeded, _ = make_project({**SMALL, "models/waits.py": gate.model(after="total")})
    run_id = api.trigger(api.create_job(seeded, name="Holds"))
    api.wait_at(gate, run_id)
    records = list(places.engines.glob("1.11.0-latest-base-*/engine.json"))

    def free():
        """Whether a removal could have each of them for itself."""
        for record in records:
            with open(record, "rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True

    assert records and not free()
    gate.open()
    api.wait_run(run_id)
