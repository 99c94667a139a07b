"""Memory of many one-model runs at once: fifty in Millwright beside twelve of the command line.

The model sleeps in the warehouse, a PostgreSQL, so that all are there at the same time. Counted are
PSS, shares of shared pages, of whatever the runs started: workers, sessions, dbt; and the warm hosts.
"""

import subprocess
import time

from bench_appliance import PostgresWarehouse, Projects, run_to_end, seed_project
from command_line import CommandLine, open_to_all
from measure import pss_mib, tree_of

SLEEP_S = 30


def files(models):
    made = {"dbt_project.yml": "name: many\nprofile: many\nmodels: {many: {+materialized: table}}\n"}
    for number in range(models):
        made[f"models/m{number:02}.sql"] = f"select {number} as id, pg_sleep({SLEEP_S})::text as slept"
    return made


def profile(warehouse):
    return f"""many:
  target: default
  outputs:
    default: {{type: postgres, host: 127.0.0.1, port: {warehouse.port}, user: {warehouse.USER},
               password: "{warehouse.password}", dbname: {warehouse.DATABASE}, schema: many, threads: 4}}
"""


def sleeping(warehouse):
    return int(warehouse.rows("select count(*) from pg_stat_activity where query like '%pg_sleep%' "
                              "and query not like '%pg_stat_activity%' and state = 'active'")[0])


def peak(pids, warehouse, until_sleeping, done):
    """The most memory seen while they run, and how many slept at most."""
    most, together = 0, 0
    while not done():
        together = max(together, sleeping(warehouse))
        # Reading the memory of hundreds of processes takes its time: only when all are there.
        if together >= until_sleeping:
            most = max(most, sum(pss_mib(pid) or 0 for pid in pids()))
        time.sleep(0.5)
    return round(most), together


def cold(engine, folder, warehouse, repository, count):
    lines = [CommandLine(engine["folder"], open_to_all(folder / f"cold{n}"), profile(warehouse))
             for n in range(count)]
    for line in lines:
        line.clone(repository)
    processes = [
        subprocess.Popen([line.engine / "bin/dbt", "run", "--select", f"m{n:02}"],
                         cwd=line.folder / "project", env=line.environment,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for n, line in enumerate(lines)]
    memory = peak(lambda: [pid for each in processes for pid in tree_of(each.pid)], warehouse, count,
                  lambda: all(each.poll() is not None for each in processes))
    assert all(each.returncode == 0 for each in processes), "a cold command line failed"
    return memory


def ours(appliance, engine, warehouse, repository, count):
    fields, secret_fields = warehouse.credentials()
    seeded = seed_project.add_project(
        appliance, appliance.sample["account_id"], repository, adapter="postgres", schema="many",
        config=warehouse.config, fields=fields, secret_fields=secret_fields)
    api = appliance.api
    jobs = [api.create_job(seeded, name=f"many {n}", steps=[f"dbt run --select m{n:02}"],
                           dbt_version=engine["version"]) for n in range(count)]
    # The first parses the project and makes the schema.
    run_to_end(api, jobs[0])
    runs = [api.trigger(job) for job in jobs]
    over = set()

    def done():
        over.update(run["id"] for run in api.get("runs/", limit=100, order_by="-id") if run["is_complete"])
        return set(runs) <= over

    # Workers, warm hosts and sessions are all children of the scheduler, whoever they call parent.
    memory = peak(lambda: tree_of(appliance.pid("scheduler"))[1:], warehouse, count, done)
    failed = [run for run in runs if not api.run(run)["is_success"]]
    assert not failed, f"runs failed: {failed}"
    return memory


def measure(appliance, places, engine, report, count=50, cold_count=12):
    warehouse = PostgresWarehouse(appliance.shared / "many-warehouse", places, connections=300)
    try:
        # So that the runs, all at once, do not race to make it.
        warehouse.rows("create schema many")
        repository = Projects(open_to_all(appliance.shared / "many")).make(files(count))
        cold_mib, cold_together = cold(engine, appliance.shared, warehouse, repository.bare, cold_count)
        our_mib, our_together = ours(appliance, engine, warehouse, repository, count)
    finally:
        warehouse.close()
    report(f"{engine['title']}: {our_together} runs at once in {our_mib} MiB, "
           f"{cold_together} cold command lines in {cold_mib} MiB")
    return {"runs": our_together, "runs_mib": our_mib, "cold": cold_together, "cold_mib": cold_mib,
            "memory / cold": round(our_mib / cold_mib, 2)}
