"""An appliance of the benchmark's own, made of the tests' parts: nothing else on the machine is touched.

Program, share and engines are those of MILLWRIGHT_TEST_… (scripts/bench sets them).
"""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "functional"))

import seed_project  # noqa: E402
from api import SUCCESS, Api  # noqa: E402
from appliance import Appliance  # noqa: E402
from places import Places  # noqa: E402
from postgres_warehouse import PostgresWarehouse  # noqa: E402
from repositories import Projects  # noqa: E402
from waiting import wait_until  # noqa: E402

__all__ = ["Api", "Places", "PostgresWarehouse", "Projects", "run_to_end", "running_appliance", "seed_project",
           "wait_until"]

RUN_SLOTS = 60
LOOK_S = 0.5


@contextmanager
def running_appliance(places, **settings):
    appliance = Appliance(places, MAX_RUNS=RUN_SLOTS, **settings)
    try:
        appliance.start().load_sample()
        appliance.psql("UPDATE accounts SET run_slots = :slots WHERE id = :account",
                       slots=RUN_SLOTS, account=appliance.sample["account_id"])
        yield appliance
    finally:
        appliance.close()


def run_to_end(api, job_id):
    """A run that must succeed, with its steps and their logs. It is asked for rarely: whoever looks on
    takes time of the machine's two cores, and nobody looks on a command line."""
    run_id = api.trigger(job_id)
    while not api.run(run_id)["is_complete"]:
        time.sleep(LOOK_S)
    run = api.run(run_id, "run_steps", "debug_logs")
    if run["status"] != SUCCESS:
        sys.exit(f"run {run['id']} failed: {run['status_message']}\n{run['run_steps'][-1]['logs']}")
    return run
