"""What a run may use: memory, processor time, processes; and that nothing of it stays."""

import json
import os
import signal
import subprocess

import pytest
import seed_project
from api import CANCELLED, ERROR, RUNNING, SUCCESS, describe, logs
from appliance import Appliance
from repositories import NATIVE, SMALL, Projects
from waiting import wait_until

HOG = """
    def model(dbt, session):
        dbt.config(materialized='table')
        taken = []
        while len(taken) < 200:
            taken.append(bytearray(16 << 20))
        return session.sql('select 1 as id')
    """
"""Takes memory until it is ended, of 3 GB at most."""

WAITS_FOR_A_HOG = """
    import os

    def model(dbt, session):
        dbt.config(materialized='table')
        heard, said = os.pipe()
        if os.fork() == 0:
            taken = []
            while len(taken) < 200:
                taken.append(bytearray(16 << 20))
            os._exit(0)
        # Both ends are ours as well, so nobody ever ends this wait.
        os.read(heard, 1)
        return session.sql('select 1 as id')
    """
"""Waits for ever for a process that needs too much."""

COUNTS_FORKS = """
    import os
    import signal
    import time

    def model(dbt, session):
        dbt.config(materialized='table')
        children = []
        try:
            while len(children) < 500:
                child = os.fork()
                if child == 0:
                    time.sleep(600)
                    os._exit(0)
                children.append(child)
        finally:
            print(f'forked {len(children)}')
            for child in children:
                os.kill(child, signal.SIGKILL)
        return session.sql('select 1 as id')
    """

BOMB = """
    import os

    def model(dbt, session):
        dbt.config(materialized='table')
        while True:
            try:
                os.fork()
            except OSError:
                pass
        return session.sql('select 1 as id')
    """


def need_limits(appliance):
    """Skips where the machine has none for us, with the product's own reason."""
    missing = appliance.status()["limits"]["not_enforced"]
    if not missing:
        return
    # Root, and version 1 for all: there is no reason then.
    options = [set(line.split(" - ")[1].split()[-1].split(","))
               for line in open("/proc/self/mountinfo") if " - cgroup " in line]
    controllers = set().union(*(each for each in options if "rw" in each))
    assert os.geteuid() != 0 or not {"memory", "cpu", "pids"} <= controllers, missing
    pytest.skip(f"runs cannot be limited on this machine: {missing}")


@pytest.fixture(autouse=True)
def limits_here(request):
    if "appliance" in request.fixturenames:
        need_limits(request.getfixturevalue("appliance"))


def with_model(text):
    return {**SMALL, "models/greedy.py": text}


def seed(appliance, projects, files):
    return seed_project.add_project(appliance, appliance.sample["account_id"],
                                    projects.make(files),
                                    config={"path": str(projects.warehouse())})


def wait_for_no_group(appliance, run_id):
    # A run's end is told first; its group goes once the worker has ended.
    wait_until(lambda: not [group for group in appliance.groups()
                            if group.name.startswith(f"run-{run_id}.")],
               f"the groups of run {run_id} are gone")


# ---- memory


@pytest.mark.parametrize("model", [HOG, WAITS_FOR_A_HOG])
def test_a_run_that_needs_too_much_memory(api, appliance, make_project, gated, model):
    seeded, gate = gated
    beside = api.trigger(api.create_job(seeded))
    api.wait_at(gate, beside)
    greedy = api.create_job(make_project(with_model(model))[0], execution={"memory_limit_mb": 400})
    run = api.run_job(greedy)
    assert run["status"] == ERROR, logs(run)
    words = "This run exceeded its job's run memory limit: it may use 400 MB"
    assert words in run["status_message"] and "memory_limit_mb" in run["status_message"]
    assert words in logs(run, 4)
    assert "killed by signal" not in run["status_message"]
    wait_for_no_group(appliance, run["id"])
    gate.open()
    went_on = api.wait_run(beside)
    assert went_on["status"] == SUCCESS, describe(went_on)


def test_a_native_engine_that_needs_too_much_memory(api, appliance, make_project):
    # A list that DuckDB cannot spill to disk, of two gigabytes at most.
    files = {**SMALL, "models/greedy.sql": "select list(i) as l from range(200000000) t(i)"}
    job = api.create_job(make_project(files)[0], dbt_version=NATIVE,
                         execution={"memory_limit_mb": 400})
    run = api.run_job(job)
    assert run["status"] == ERROR, logs(run)
    assert "This run exceeded its job's run memory limit: it may use 400 MB" in run["status_message"]
    wait_for_no_group(appliance, run["id"])


def test_the_account_s_limit_is_the_operator_s_to_set(api, appliance, make_project):
    account = seed_project.add_account(appliance, "Small")
    set_it = ["admin", "limits", "--account", str(account.account_id)]
    refused = appliance.command(*set_it, "--memory-mb", "64")
    assert refused.returncode == 1 and "--memory-mb must be 0 (no limit) or from 128" in refused.stderr
    assert "no account 999" in appliance.command("admin", "limits", "--account", "999").stderr
    done = appliance.command(*set_it, "--memory-mb", "400", "--cpus", "1.5")
    assert json.loads(done.stdout) == {"memory_mb": 400, "cpus": 1.5, "processes": 0}, done.stderr
    assert json.loads(appliance.command(*set_it).stdout)["memory_mb"] == 400

    theirs = api.of_account(account.account_id, account.token)
    seeded, _ = make_project(with_model(HOG), account_id=account.account_id)
    # The job asks for more than it gets.
    run = theirs.run_job(theirs.create_job(seeded, execution={"memory_limit_mb": 4000}))
    assert run["status"] == ERROR, logs(run)
    message = run["status_message"]
    assert "This run exceeded your account's run memory limits: it may use 400 MB" in message
    assert f"millwright admin limits --account {account.account_id} --memory-mb" in message


def test_a_run_below_its_limits_goes_well(api, make_project):
    job = api.create_job(make_project()[0], execution={
        "memory_limit_mb": 1000, "cpu_limit": 1.5, "process_limit": 200})
    run = api.run_job(job)
    assert run["status"] == SUCCESS, logs(run)
    assert "limit" not in logs(run)


# ---- processor time


def test_a_run_has_so_much_processor_time(api, appliance, gated):
    seeded, gate = gated
    run_id = api.trigger(api.create_job(seeded, execution={"cpu_limit": 0.5}))
    api.wait_at(gate, run_id)
    group = appliance.group_of("cpu", run_id)
    v1, v2 = group / "cpu.cfs_quota_us", group / "cpu.max"
    assert (v1 if v1.exists() else v2).read_text().split()[0] == "50000"
    gate.open()
    assert api.wait_run(run_id)["status"] == SUCCESS


# ---- processes


def test_a_run_that_needs_too_many_processes(api, appliance, make_project):
    job = api.create_job(make_project(with_model(COUNTS_FORKS))[0], execution={"process_limit": 64})
    run = api.run_job(job)
    assert run["status"] == ERROR, logs(run)
    assert "limit of 64 processes and threads" in run["status_message"]
    assert "process_limit" in run["status_message"]
    [line] = [line for line in logs(run, 4).splitlines() if "forked " in line]
    assert 0 < int(line.split()[-1]) < 64
    wait_for_no_group(appliance, run["id"])


def test_a_fork_bomb_is_held(api, appliance, make_project):
    job = api.create_job(make_project(with_model(BOMB))[0], execution={"process_limit": 64})
    run_id = api.trigger(job)
    api.wait_run(run_id, until=(RUNNING,))

    def refused():
        group = appliance.group_of("pids", run_id)
        return group and int((group / "pids.events").read_text().split()[1]) > 100

    wait_until(refused, "the bomb meets its limit")
    assert int((appliance.group_of("pids", run_id) / "pids.current").read_text()) <= 64
    beside = api.run_job(api.create_job(make_project()[0]))
    assert beside["status"] == SUCCESS, logs(beside)
    api.post(f"runs/{run_id}/cancel/")
    assert api.wait_run(run_id)["status"] == CANCELLED
    wait_for_no_group(appliance, run_id)


# ---- who is in the group


@pytest.mark.parametrize("settings", [{}, {"WARM_HOSTS": 0}, {"SANDBOX": "off"}])
def test_all_that_a_run_starts_is_in_its_group(own_appliance, limits_of, settings):
    appliance = limits_of(own_appliance(**settings))
    projects = Projects(appliance.shared)
    gate = projects.gate()
    seeded = seed(appliance, projects, {**SMALL, "models/waits.py": gate.model()})
    run_id = appliance.api.trigger(appliance.api.create_job(seeded))
    appliance.api.wait_at(gate, run_id)
    worker = appliance.worker_pid(run_id)
    for controller in ("memory", "cpu", "pids"):
        door = appliance.group_of(controller, run_id) / "cgroup.procs"

        def all_inside():
            # Twice: what dbt starts may have ended in between.
            outside = [set(appliance.run_processes(run_id)) - {worker}
                       - {int(pid) for pid in door.read_text().split()} for _ in range(2)]
            return not outside[0] & outside[1]

        assert all_inside(), controller
        inside = {int(pid) for pid in door.read_text().split()}
        assert inside and worker not in inside
    gate.open()
    assert appliance.api.wait_run(run_id)["status"] == SUCCESS
    assert appliance.groups() == []


# ---- nothing stays


@pytest.fixture
def limits_of():
    """start(appliance), or the reason why it cannot limit runs here."""
    def start(appliance):
        appliance.start().load_sample()
        need_limits(appliance)
        return appliance
    return start


class Middle:
    """An appliance with a run in its middle, and the run's group."""

    def __init__(self, appliance):
        self.appliance, self.api = appliance, appliance.api
        projects = Projects(appliance.shared)
        gate = projects.gate()
        self.seeded = seed(appliance, projects, {**SMALL, "models/waits.py": gate.model()})
        self.gate = gate
        self.run_id = self.api.trigger(self.api.create_job(self.seeded))
        self.api.wait_at(gate, self.run_id)
        self.group = appliance.group_of("memory", self.run_id)
        assert self.group and (self.group / "cgroup.procs").read_text()


def test_nothing_stays_of_a_worker_that_was_killed(own_appliance, limits_of):
    act = Middle(limits_of(own_appliance(LEASE_SECONDS=6)))
    os.kill(act.appliance.worker_pid(act.run_id), signal.SIGKILL)
    assert act.api.wait_run(act.run_id)["status"] == ERROR
    wait_until(lambda: act.appliance.groups() == [], "the run's groups are gone")


def test_nothing_stays_of_a_supervisor_that_was_killed(own_appliance, limits_of):
    act = Middle(limits_of(own_appliance(LEASE_SECONDS=6)))
    os.kill(act.appliance.process.pid, signal.SIGKILL)
    act.appliance.process.wait()
    act.appliance.start()
    assert act.appliance.status()["limits"]["not_enforced"] == {}, "the tree is taken over"
    wait_until(lambda: act.appliance.groups() == [], "the run's groups are gone")
    act.gate.open()
    assert act.api.run_job(act.api.create_job(act.seeded))["status"] == SUCCESS


def test_nothing_stays_of_worker_and_scheduler_killed_together(own_appliance, limits_of):
    act = Middle(limits_of(own_appliance(LEASE_SECONDS=6)))
    worker = act.appliance.worker_pid(act.run_id)
    os.kill(act.appliance.pid("scheduler"), signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    act.appliance.kill_and_heal("scheduler")
    wait_until(lambda: act.appliance.groups() == [], "the run's groups are gone")


def test_nothing_stays_when_everything_is_killed_at_once(own_appliance, limits_of):
    act = Middle(limits_of(own_appliance(LEASE_SECONDS=6)))
    supervisor = act.appliance.process.pid
    pids = {process["pid"] for process in act.appliance.status()["processes"]} - {supervisor}
    # Held, so that it starts nothing anew.
    os.kill(supervisor, signal.SIGSTOP)
    for pid in [*pids, act.appliance.worker_pid(act.run_id), supervisor]:
        os.kill(pid, signal.SIGKILL)
    act.appliance.process.wait()
    assert act.group.is_dir(), "nobody was there to remove it"
    act.appliance.start()
    wait_until(lambda: act.appliance.groups() == [], "the run's groups are gone")
    assert act.api.wait_run(act.run_id)["status"] == ERROR


def test_down_takes_the_groups_away(own_appliance, limits_of):
    appliance = Middle(limits_of(own_appliance())).appliance
    places = [place["folder"] for place in appliance.group_places()]
    assert places and all(os.path.isdir(place) for place in places)
    assert appliance.down().returncode == 0
    assert not [place for place in places if os.path.exists(place)]


# ---- where there are none


class ReadOnly(Appliance):
    """Where the hierarchies are mounted read-only, as containers have them."""

    def launch(self):
        mounts = [line.split()[4] for line in open("/proc/self/mountinfo")
                  if line.split(" - ")[1].split()[0] in ("cgroup", "cgroup2")]
        shut = "".join(f"mount -o remount,bind,ro {mount}; " for mount in mounts)
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-euc", f'{shut}exec "$0" up', self.places.program],
                env=self.environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd="/")
        return self


@pytest.fixture(scope="module")
def read_only(places):
    if not places.user:
        pytest.skip("only root can mount the hierarchies read-only")
    appliance = ReadOnly(places, RUN_MEMORY_MB=900)
    try:
        appliance.start().load_sample()
        appliance.projects = Projects(appliance.shared)
        yield appliance
    finally:
        appliance.close()


def test_limits_that_cannot_be_enforced_are_said(read_only):
    missing = read_only.status()["limits"]["not_enforced"]
    assert "is mounted read-only, as in a container" in missing["memory"]
    table = read_only.command("status").stdout
    assert f"Runs cannot be limited by memory: {missing['memory']}." in table
    assert "MILLWRIGHT_RUN_MEMORY_MB cannot be enforced here" in read_only.output.read_text()

    run = read_only.api.run_job(read_only.api.create_job(
        seed(read_only, read_only.projects, SMALL), execution={"cpu_limit": 1, "process_limit": 100}))
    assert run["status"] == SUCCESS, logs(run)
    told = logs(run, 1)
    assert "memory limit of 900 MB, which this installation sets, is not enforced" in told
    assert "limit of 1 CPUs, which its job sets, is not enforced" in told
    # Those the sandbox holds back.
    assert "processes" not in told


def test_the_sandbox_holds_back_processes_without_a_group(read_only):
    api = read_only.api
    seeded = seed(read_only, read_only.projects, with_model(COUNTS_FORKS))
    job = api.create_job(seeded, execution={"process_limit": 64})
    run = api.run_job(job)
    assert run["status"] == ERROR, logs(run)
    [line] = [line for line in logs(run, 4).splitlines() if "forked " in line]
    assert 0 < int(line.split()[-1]) < 64
