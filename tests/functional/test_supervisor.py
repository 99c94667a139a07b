"""`millwright up` and `down`: what is refused is refused in one clear line, and nothing is damaged."""

import os
import pathlib
import signal
import socket
import subprocess

import pytest
from api import CANCELLED, ERROR, SUCCESS, describe, logs
from repositories import SMALL, Projects
from seed_project import add_project
from waiting import PATIENCE_S, wait_until


def refused(appliance, *words):
    """Starts `up`, which must end by itself; returns its one line for people."""
    appliance.launch()
    code = appliance.process.wait(PATIENCE_S)
    output = appliance.output.read_text()
    said = [line for line in output.splitlines() if line and not line.startswith("{")]
    assert code not in (0, None) and code > 0, output
    assert len(said) == 1 and said[0].startswith("millwright: "), output
    for word in words:
        assert str(word) in said[0], said[0]
    return said[0]


def fingerprint(folder):
    """Names, owners, modes and contents below a folder."""
    return {str(path.relative_to(folder)): (path.stat().st_uid, path.stat().st_mode,
                                            path.read_bytes() if path.is_file() else None)
            for path in sorted(folder.rglob("*"))}


def own(places, path):
    if places.user:
        os.chown(path, places.user.pw_uid, places.user.pw_gid)


def test_a_taken_port(own_appliance):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        appliance = own_appliance(PORT=port)
        refused(appliance, f"port {port}", "in use", "--port")
    assert not appliance.data.exists()


@pytest.mark.parametrize("settings, words", [
    ({"PORT": "70000"}, ["MILLWRIGHT_PORT", "70000"]),
    ({"PORT": "https"}, ["MILLWRIGHT_PORT", "https"]),
    ({"BIND": "everywhere"}, ["MILLWRIGHT_BIND", "everywhere"]),
    ({"BIND": "203.0.113.7"}, ["MILLWRIGHT_BIND", "203.0.113.7"]),
    ({"RUN_DIR": "/tmp/" + "long" * 30}, ["MILLWRIGHT_RUN_DIR", "too long"]),
    ({"RUN_MEMORY_MB": "64"}, ["MILLWRIGHT_RUN_MEMORY_MB", "128", "64"]),
    ({"RUN_CPUS": "many"}, ["MILLWRIGHT_RUN_CPUS", "many"]),
    ({"RUN_PROCESSES": "3"}, ["MILLWRIGHT_RUN_PROCESSES", "32", "3"]),
    ({"REPOSITORY_CACHE": "sometimes"}, ["MILLWRIGHT_REPOSITORY_CACHE", "on or off", "sometimes"]),
    ({"POSTGRES_BIN": "/nowhere"}, ["/nowhere", "postgresql-15"]),
    ({"CONFIG": "/nowhere/millwright.conf"}, ["/nowhere/millwright.conf"]),
])
def test_settings_that_cannot_work(own_appliance, settings, words):
    refused(own_appliance(**settings), *words)


def test_a_config_file_with_a_word_that_is_no_setting(own_appliance):
    appliance = own_appliance()
    config = appliance.shared / "millwright.conf"
    config.write_text("# comment\nMILLWRIGHT_HOSTNAME=localhost\nMILLWRIGHT_PROT=1\n")
    config.chmod(0o644)
    appliance.settings["CONFIG"] = config
    refused(appliance, config, "line 3", "MILLWRIGHT_PROT")


def test_a_read_only_data_folder(own_appliance, places):
    appliance = own_appliance()
    appliance.data.mkdir()
    own(places, appliance.data)
    appliance.data.chmod(0o555)
    refused(appliance, appliance.data, "cannot be", "ermission denied")
    assert list(appliance.data.iterdir()) == []
    appliance.data.chmod(0o755)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it for another user")
def test_a_data_folder_of_somebody_else(own_appliance):
    appliance = own_appliance()
    appliance.data.mkdir()
    os.chown(appliance.data, 12345, 12345)
    refused(appliance, appliance.data, "12345", "--data-dir")
    assert appliance.data.stat().st_uid == 12345


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it for another user")
def test_a_data_folder_that_the_service_user_cannot_reach(own_appliance):
    appliance = own_appliance()
    closed = appliance.folder / "closed"
    closed.mkdir(mode=0o700)
    appliance.data = closed / "data"
    appliance.settings["DATA_DIR"] = appliance.data
    refused(appliance, closed, "may not enter")
    assert list(closed.iterdir()) == []


@pytest.mark.parametrize("files", [{"PG_VERSION": "15\n", "base": "x"}, {"PG_VERSION": "13\n"},
                                   {"letters.txt": "Dear aunt"}])
def test_a_foreign_postgresql(own_appliance, places, files):
    appliance = own_appliance()
    folder = appliance.data / "postgres"
    folder.mkdir(parents=True)
    for path in (appliance.data, folder):
        own(places, path)
        path.chmod(0o700)
    for name, content in files.items():
        (folder / name).write_text(content)
        own(places, folder / name)
    before = fingerprint(folder)
    refused(appliance, folder, "Millwright did not make", "nothing was changed")
    assert fingerprint(folder) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_full_disk(own_appliance):
    appliance = own_appliance()
    small = appliance.folder / "disk"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.strip()}")
    try:
        appliance.data = small / "data"
        appliance.settings["DATA_DIR"] = appliance.data
        refused(appliance, "full", "MiB")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)


def test_status_and_down_of_what_does_not_run(own_appliance):
    appliance = own_appliance()
    status = appliance.command("status")
    assert status.returncode == 3 and "not running" in status.stdout
    down = appliance.command("down")
    assert down.returncode == 0 and "not running" in down.stdout
    assert not appliance.data.exists()


def test_a_second_up_and_down(own_appliance):
    appliance = own_appliance()
    appliance.start()
    second = appliance.command("up")
    assert second.returncode == 1, second
    said = second.stderr.strip().splitlines()
    assert len(said) == 1 and str(appliance.process.pid) in said[0] and "already runs" in said[0], said
    assert appliance.command("status").returncode == 0
    pids = [process["pid"] for process in appliance.status()["processes"]]
    # What it promises: all is over within ten seconds.
    done = appliance.down(patience_s=10)
    assert done.returncode == 0 and "has stopped" in done.stdout, done
    assert appliance.process.returncode == 0
    assert not [pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(own_appliance, number):
    appliance = own_appliance().start()
    pids = [process["pid"] for process in appliance.status()["processes"]]
    appliance.process.send_signal(number)
    assert appliance.process.wait(PATIENCE_S) == 0
    assert not [pid for pid in pids if pathlib.Path(f"/proc/{pid}").exists()]
    assert not (appliance.data / "postgres" / "postmaster.pid").exists()


@pytest.fixture
def with_a_run(own_appliance):
    """An appliance with one run behind it: (appliance, project, run)."""
    appliance = own_appliance(LOG_FLUSH_SECONDS=3600).start()
    appliance.load_sample()
    api, projects = appliance.api, Projects(appliance.shared)
    seeded = add_project(appliance, api.account_id, projects.make(SMALL),
                         {"path": str(projects.warehouse())})
    run = api.run_job(api.create_job(seeded, name="Kept"))
    assert run["status"] == SUCCESS, logs(run)
    return appliance, seeded, run


def test_a_restart_keeps_everything(with_a_run):
    appliance, _, run = with_a_run
    api = appliance.api
    keys = fingerprint(appliance.data / "keys")
    assert appliance.down().returncode == 0
    appliance.start()
    again = api.run(run["id"], "run_steps", "debug_logs", "trigger")
    assert again["run_steps"] == run["run_steps"] and again["finished_at"] == run["finished_at"]
    assert api.get(f"runs/{run['id']}/artifacts/")
    assert fingerprint(appliance.data / "keys") == keys
    assert api.run_job(run["job_id"])["status"] == SUCCESS


def test_loading_the_sample_again_changes_only_the_sign_in(with_a_run):
    appliance, _, run = with_a_run
    before, old = appliance.sample, appliance.api
    after = appliance.load_sample()
    same = ("account_id", "project_id", "environment_id", "email")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    assert before["token"] != after["token"] and before["password"] != after["password"]
    # A token that a script uses is not taken away from it.
    assert old.run(run["id"])["status"] == appliance.api.run(run["id"])["status"] == SUCCESS


@pytest.fixture
def in_a_run(own_appliance):
    """in_a_run(model): an appliance in whose run this model is being built: (appliance, run's id)."""
    def start(model):
        appliance = own_appliance().start()
        appliance.load_sample()
        api, projects = appliance.api, Projects(appliance.shared)
        name, text = model(projects)
        seeded = add_project(appliance, api.account_id, projects.make({**SMALL, name: text}),
                             {"path": str(projects.warehouse())})
        run_id = api.trigger(api.create_job(seeded))

        def begun():
            assert not api.run(run_id)["is_complete"], describe(api.run(run_id, "run_steps"))
            nodes = api.ui(f"runs/{run_id}/nodes")["nodes"]
            return any(node["name"] == "lasts" and node["status"] == "started" for node in nodes)

        wait_until(begun, "the model is being built")
        return appliance, run_id
    return start


def stop_and_start(appliance, run_id):
    assert appliance.down(patience_s=10).returncode == 0
    assert appliance.run_processes(run_id) == []
    return appliance.start().api.wait_run(run_id)


def test_a_stop_in_the_middle_of_a_run(in_a_run):
    query = "select count(*) as n from range(100000000) a, range(100000000) b where a.range % 7 = b.range % 11"
    appliance, run_id = in_a_run(lambda projects: ("models/lasts.sql", query))
    run = stop_and_start(appliance, run_id)
    assert run["status"] == CANCELLED and "Millwright was stopped" in run["status_message"], describe(run)
    assert [step["status"] for step in run["run_steps"]] == [SUCCESS] * 3 + [CANCELLED]
    assert "manifest.json" in appliance.api.get(f"runs/{run_id}/artifacts/")


def test_a_stop_does_not_wait_for_a_model_that_will_not_end(in_a_run):
    """dbt cannot interrupt a Python model."""
    appliance, run_id = in_a_run(lambda projects: ("models/lasts.py", projects.gate().model()))
    run = stop_and_start(appliance, run_id)
    assert run["status"] in (CANCELLED, ERROR) and "Millwright" in run["status_message"], describe(run)


def test_a_role_that_keeps_crashing_is_started_ever_again(own_appliance):
    appliance = own_appliance().start()
    for _ in range(3):
        old = appliance.kill("gateway")
        wait_until(lambda old=old: appliance.pid("gateway") not in (None, old), "a new gateway")
    restarts = {each["role"]: each["restarts"] for each in appliance.status()["processes"]}
    assert restarts["gateway"] == 3 and restarts["app"] == 0
    appliance.load_sample()
    appliance.wait_up()


@pytest.mark.skipif(os.geteuid() != 0, reason="started by an ordinary user, all are that user's")
def test_started_as_root_nothing_stays_root(own_appliance, places):
    appliance = own_appliance().start()
    for process in appliance.status()["processes"]:
        status = pathlib.Path(f"/proc/{process['pid']}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
        assert uids == [str(places.user.pw_uid)] * 4, process
    assert {path.stat().st_uid for path in appliance.data.rglob("*")} == {places.user.pw_uid}
