"""One running appliance with a data folder of its own."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile

from api import Api, ApiDown
from waiting import PATIENCE_S, wait_until

ROLES = ("postgres", "app", "scheduler", "gateway")

PASSED_ON = ("PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "MILLWRIGHT_USER")


def make_folder(parent, name, mode=0o755):
    folder = pathlib.Path(parent) / name
    folder.mkdir()
    folder.chmod(mode)
    return folder


class Appliance:
    """`millwright up` as a child of the tests. `settings` are MILLWRIGHT_… keys without that."""

    def __init__(self, places, **settings):
        self.places = places
        # Not in pytest's folder, which the service user may not enter.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="millwright-test-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        # Where repositories, warehouses and gates lie: both users write there.
        self.shared = make_folder(self.folder, "shared", 0o777)
        self.settings = {
            "DATA_DIR": self.data, "SHARE_DIR": places.share, "ENGINES_DIR": places.engines,
            # Gates and warehouses of the tests.
            "SANDBOX_FOLDERS": self.shared, "BIND": "127.0.0.1", "PORT": 0, "SCHEDULER_POLL_SECONDS": 1, **settings,
        }
        self.process = None
        self.sample = None
        self.output = self.folder / "up.log"

    # ---- its life

    def environment(self):
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return env | {f"MILLWRIGHT_{key}": str(value) for key, value in self.settings.items()}

    def command(self, *args, **more):
        """A command of the program in this appliance's environment, to its end."""
        return subprocess.run([self.places.program, *args], env=self.environment(), text=True,
                              capture_output=True, timeout=PATIENCE_S, cwd="/", **more)

    def launch(self):
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(
                [self.places.program, "up"], env=self.environment(), stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, cwd="/")
        return self

    def start(self):
        self.launch()
        wait_until(self._is_ready, self._why_not_ready)
        # The same port after a restart, as in real life.
        self.settings["PORT"] = self.status()["url"].rsplit(":", 1)[1]
        return self

    def _is_ready(self):
        assert self.process.poll() is None, f"`up` ended: {self._why_not_ready()}"
        status = self.status()
        return status["state"] == "ready" and status["pids"]["supervisor"] == self.process.pid

    def _why_not_ready(self):
        return f"ready; its output ends:\n{self.output.read_text()[-3000:]}"

    def down(self, patience_s=PATIENCE_S):
        """`millwright down`; the supervisor is our child, so it is ours to reap."""
        done = subprocess.run([self.places.program, "down"], env=self.environment(), text=True,
                              capture_output=True, timeout=patience_s, cwd="/")
        self.process.wait(patience_s)
        return done

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)
        if os.environ.get("MILLWRIGHT_TEST_KEEP"):
            print(f"kept: {self.folder}")
            return
        run_dir = self.status().get("run_dir")
        self._clear_away_groups()
        for folder in filter(None, (run_dir, self.folder)):
            shutil.rmtree(folder, ignore_errors=True)

    # ---- what runs

    def status(self):
        try:
            return json.loads((self.data / "status.json").read_text())
        except FileNotFoundError:
            return {"state": "absent", "pids": {"supervisor": None}, "processes": []}

    def pid(self, role):
        return self.status()["pids"].get(role)

    def worker_pid(self, run_id):
        """The process that executes the run, as the executor has noted it."""
        for note in (pathlib.Path(self.status()["run_dir"]) / "workers").glob("*.json"):
            try:
                record = json.loads(note.read_text())
            except FileNotFoundError:
                continue
            if record["kind"] == "run" and record["id"] == run_id:
                return record["pid"]
        return None

    def warm_hosts(self):
        """Those that serve: children of the scheduler, as their sessions are not."""
        scheduler, found = str(self.pid("scheduler")), []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                arguments = (process / "cmdline").read_bytes().split(b"\0")
                parent = (process / "stat").read_text().rsplit(")", 1)[1].split()[1]
            except OSError:
                continue
            if b"--listen" in arguments and parent == scheduler:
                socket = arguments[arguments.index(b"--listen") + 1]
                if os.path.exists(socket):
                    found.append(int(process.name))
        return found

    def run_processes(self, run_id):
        """Everything that still works in the run's workspace: dbt, git, the engine's host."""
        # With the appliance's own folder: others, of other tests, have a run of that number too.
        place = re.escape(f"/{self.folder.name}/{self.data.name}/workspaces/run-{run_id}")
        workspace = re.compile(place + "(/|$)")
        # As the process itself sees it, confined.
        bound = re.compile(place + " /workspace ")
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if workspace.search(os.readlink(process / "cwd")) or bound.search(
                        (process / "mountinfo").read_text()):
                    found.append(int(process.name))
            except OSError:
                continue
        return found

    def kill(self, role):
        """SIGKILL; returns the pid that is gone."""
        pid = self.pid(role)
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_and_heal(self, role):
        """Kills a role, and waits until another process has taken its place and answers."""
        old = self.kill(role)
        wait_until(lambda: self.pid(role) not in (None, old), f"a new {role} after {old}")
        self.wait_up()

    def wait_up(self):
        """Until the API answers through the gateway, with the database behind it."""
        def answers():
            try:
                return self.api.request("GET", "/api/v2/accounts/").status == 200
            except ApiDown:
                return False
        wait_until(answers, "the API answers")

    # ---- the groups that limit its runs

    def group_places(self):
        """The folder below which runs have their groups, and its controllers, a hierarchy each."""
        try:
            file = pathlib.Path(self.status()["run_dir"]) / "limits.json"
            return json.loads(file.read_text())["places"]
        except (KeyError, FileNotFoundError):
            return []

    def group_of(self, controller, run_id):
        """The run's group, or None when it has none."""
        for place in self.group_places():
            if controller in place["controllers"]:
                return next(pathlib.Path(place["folder"]).glob(f"run-{run_id}.*"), None)
        return None

    def groups(self):
        """Of all runs, in all hierarchies."""
        return [group for place in self.group_places()
                for group in pathlib.Path(place["folder"]).glob("run-*")]

    def _clear_away_groups(self):
        """What may be left by one that was killed, and the folder that only root can remove."""
        for place in self.group_places():
            folder = pathlib.Path(place["folder"])
            for group in [*folder.glob("*"), folder, folder.parent]:
                if group.is_dir():
                    try:
                        group.rmdir()
                    except OSError:
                        continue

    # ---- its users

    def load_sample(self):
        done = self.command("admin", "sample")
        assert done.returncode == 0, done.stderr
        self.sample = json.loads(done.stdout)
        return self.sample

    @property
    def url(self):
        return self.status()["url"]

    @property
    def certificate(self):
        return self.data / "keys" / "tls.crt"

    @property
    def api(self):
        return Api(self.url, self.certificate, self.sample["account_id"], self.sample["token"])

    # ---- its database

    def psql_command(self, program="psql"):
        bin_dir = self.settings.get("POSTGRES_BIN", "/usr/lib/postgresql/15/bin")
        return [f"{bin_dir}/{program}", "--host", self.status()["run_dir"], "--dbname", "millwright"]

    def psql(self, sql, **variables):
        """Rows of text of the last statement. Variables are `:'name'` in the SQL."""
        command = self.psql_command() + ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        done = subprocess.run(command, input=sql, text=True, capture_output=True, cwd="/",
                              timeout=PATIENCE_S, **self.places.as_service())
        assert done.returncode == 0, done.stderr
        return [line.split("|") for line in done.stdout.splitlines() if line]

    def value(self, sql, **variables):
        return self.psql(sql, **variables)[0][0]

    def dump(self):
        command = self.psql_command("pg_dump")
        return subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE_S,
                              cwd="/", **self.places.as_service()).stdout

    def stored_object(self, key):
        """What the object store keeps under this key, as it lies there."""
        return (self.data / "store" / "objects" / f"{key}.obj").read_bytes()

    def files(self, *folders):
        """Regular files below these folders of the data folder."""
        for folder in folders:
            yield from (path for path in (self.data / folder).rglob("*") if path.is_file())
