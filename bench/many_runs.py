"""Memory of many one-model runs at once: fifty in Millwright beside twelve of the command line.

The model sleeps in the warehouse, a PostgreSQL, so that all are there at the same time. Counted is what
the machine has less of while all sleep than after their end, and what waits for them all the time: the
scheduler and its warm hosts. The fifty run twice: as they are, and with MERGE_MEMORY, which needs a
minute or two to find what they hold alike; hence the most and the last that was seen.
"""

import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from bench_appliance import PostgresWarehouse, Projects, run_to_end, running_appliance, seed_project
from command_line import CommandLine, open_to_all
from measure import pss_mib, tree_of

SLEEP_S = 120
SETTLED_S = 5
MERGING = Path("/sys/kernel/mm/ksm")


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


def available_mib():
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) / 1024
    raise LookupError("MemAvailable")


def memory_of(warehouse, until_sleeping, done):
    """What they take while all sleep, in MiB: the most, and the last; and how many slept at most."""
    seen, together = [], 0
    while not done():
        now = sleeping(warehouse)
        together = max(together, now)
        if now >= until_sleeping:
            seen.append(available_mib())
        time.sleep(0.5)
    time.sleep(SETTLED_S)  # what has ended is given back
    after = available_mib()
    return round(after - min(seen)), round(after - seen[-1]), together


@contextmanager
def merging_as_before():
    """The kernel's switches are the machine's: put back what an appliance has turned on."""
    switches = [MERGING / name for name in ("run", "pages_to_scan") if MERGING.exists()]
    before = [switch.read_text() for switch in switches]
    try:
        yield
    finally:
        for switch, text in zip(switches, before, strict=True):
            switch.write_text(text)


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
    memory = memory_of(warehouse, count, lambda: all(each.poll() is not None for each in processes))
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

    most, last, together = memory_of(warehouse, count, done)
    # Warm hosts are children of the scheduler.
    waiting = round(sum(pss_mib(pid) or 0 for pid in tree_of(appliance.pid("scheduler"))))
    failed = [run for run in runs if not api.run(run)["is_success"]]
    assert not failed, f"runs failed: {failed}"
    return most + waiting, last + waiting, together


def measure(places, engine, report, count=50, cold_count=12):
    with running_appliance(places) as appliance:
        warehouse = PostgresWarehouse(appliance.shared / "many-warehouse", places, connections=300)
        try:
            # So that the runs, all at once, do not race to make it.
            warehouse.rows("create schema many")
            repository = Projects(open_to_all(appliance.shared / "many")).make(files(count))
            cold_mib, _, cold_together = cold(engine, appliance.shared, warehouse, repository.bare, cold_count)
            plain = ours(appliance, engine, warehouse, repository, count)
            with merging_as_before(), running_appliance(places, MERGE_MEMORY="on") as merging:
                merged = ours(merging, engine, warehouse, repository, count)
        finally:
            warehouse.close()
    report(f"{engine['title']}: {cold_together} cold command lines in {cold_mib} MiB")
    found = {"cold": cold_together, "cold_mib": cold_mib}
    for name, (most, last, together) in {"runs": plain, "runs merged": merged}.items():
        report(f"{engine['title']}: {together} {name} at once in {most} MiB at most, {last} in the end")
        found |= {name: together, f"{name}, most, mib": most, f"{name}, last, mib": last,
                  f"{name}, last / cold": round(last / cold_mib, 2)}
    return found
