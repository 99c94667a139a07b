"""`show` and `compile` as an editor would ask for them: in one session that stays, again and again.

Core 1: a session of the appliance's own warm host, spoken to as a worker does. Core 2 and Fusion: the
program, started anew each time, as Millwright does it; in the sandbox that costs some ten milliseconds more
(the steps in the table of sizes have it). Times are from the command to its end; the query is
`select 1`, so that they are all but our own.
"""

import json
import os
import socket
import statistics
import time
from pathlib import Path

import sized_project
from bench_appliance import Projects, wait_until
from command_line import CommandLine, duckdb_profile, open_to_all

COUNT = 15


class HostSession:
    def __init__(self, path, environment):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.stream = self.socket.makefile("rwb")
        self.environment = environment
        self.until("ready")
        self.send(type="confine", plan=None)
        self.until("confined")
        self.sent = 0

    def send(self, **command):
        self.stream.write(json.dumps(command).encode() + b"\n")
        self.stream.flush()

    def until(self, kind):
        while True:
            message = json.loads(self.stream.readline())
            if message["type"] == kind:
                return message

    def seconds(self, argv, cwd):
        started = time.monotonic()
        self.sent += 1
        self.send(type="invoke", id=str(self.sent), argv=argv, cwd=str(cwd), env=self.environment)
        ended = self.until("finished")
        assert ended["exit_code"] == 0, ended
        return time.monotonic() - started

    def close(self):
        self.stream.close()
        self.socket.close()


def warm_socket(appliance):
    """The host of the base set is the first that a scheduler starts."""
    run_dir = Path(appliance.status()["run_dir"])
    return wait_until(lambda: next(run_dir.glob("warm-*.sock"), None), "a warm host listens")


def measure(appliance, engines, sizes, report):
    results = {}
    for engine in engines:
        for models in sizes:
            repository = Projects(open_to_all(appliance.shared / f"session-{engine['family']}-{models}")).make(
                sized_project.files(models))
            folder = open_to_all(appliance.shared / f"session-line-{engine['family']}-{models}")
            line = CommandLine(engine["folder"], folder,
                               duckdb_profile("sized", folder / "warehouse.duckdb"))
            project = line.clone(repository.bare)
            line.dbt("build", cwd=project)
            os.system(f"chmod -R a+rwX '{folder}'")
            session = None
            if engine["family"] == "core1":
                session = HostSession(warm_socket(appliance), line.environment)
            one = sized_project.middle_model(models)
            for name, argv in (("show", ["show", "--inline", "select 1 as one"]),
                               ("compile", ["compile", "--select", one])):
                times = [session.seconds(argv, project) if session else line.dbt(*argv, cwd=project)[0]
                         for _ in range(COUNT)]
                title = f"{engine['title']}, {models} models, {name}"
                results[title] = {"p50_s": round(statistics.median(times), 3), "n": COUNT}
                report(f"session, {title}: p50 {statistics.median(times) * 1000:.0f} ms")
            if session:
                session.close()
    return results
