"""The API with a million runs in its database, beside the same queries through a Django REST application
(peers/django_rest): how many requests a core answers in a second, and how long they take at a steady rate."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import bench_appliance
import million_runs
from measure import table, tree_of

PEER = Path(__file__).parent / "peers" / "django_rest"
TICKS = os.sysconf("SC_CLK_TCK")
# Distinct requests of a kind, over and over.
TARGETS = 5000
IN_FLIGHT = 8
STEADY = 1000
PEER_STEADY = 50
STEADY_TURNS = 5


class Requests:
    """What is asked, for a server and a token."""

    def __init__(self, history, base, token):
        self.history, self.base, self.token = history, f"{base}/api/v2/accounts/{history['account']}/", token
        self.random = random.Random(7)

    def get(self, path):
        # Only one of the two packs its answers where a client would take them so.
        header = {"Authorization": [f"Token {self.token}"], "Accept-Encoding": ["identity"]}
        return {"method": "GET", "url": self.base + path, "header": header}

    def get_run(self):
        return self.get(f"runs/{self.random.randint(*self.history['runs'])}/")

    def newest(self):
        return self.get("runs/?order_by=-id&limit=20")

    def of_a_job(self):
        return self.get(f"runs/?job_definition_id={self.random.choice(self.history['jobs'])}&order_by=-id&limit=20")

    def failed_of_a_project(self):
        project = self.random.choice(self.history["projects"])
        return self.get(f"runs/?project_id={project}&status=20&order_by=-finished_at&limit=20")

    def by_time(self):
        return self.get("runs/?order_by=-created_at&limit=100")

    def deep(self):
        return self.get(f"runs/?limit=20&offset={self.random.randint(0, 20000)}")

    def trigger(self):
        job = self.random.choice(self.history["jobs"])
        target = self.get(f"jobs/{job}/run/")
        target["header"]["Content-Type"] = ["application/json"]
        # In base64, as vegeta wants it: {"cause": "load"}
        return target | {"method": "POST", "body": "eyJjYXVzZSI6ICJsb2FkIn0="}

    def mixed(self):
        """What orchestrators do most is to ask how a run is going."""
        kinds = [self.get_run, self.newest, self.of_a_job, self.failed_of_a_project, self.trigger]
        return self.random.choices(kinds, [70, 8, 8, 8, 6])[0]()


KINDS = {
    "get run": "get_run", "20 newest runs": "newest", "20 newest of a job": "of_a_job",
    "20 failed of a project, by end": "failed_of_a_project", "100 by creation": "by_time",
    "20 from deep within": "deep", "trigger": "trigger",
}


def vegeta():
    found = shutil.which("vegeta", path=f"{os.environ['PATH']}:{Path(__file__).parent.parent}/build/tools/vegeta")
    if not found:
        sys.exit("the load comes from vegeta: scripts/bench installs it")
    return found


def attack(folder, make, rate, seconds, workers):
    targets = folder / "targets"
    targets.write_text("".join(json.dumps(make()) + "\n" for _ in range(TARGETS)))
    answers = folder / "answers"
    limits = [f"-rate={rate}", f"-max-workers={workers}", f"-workers={min(workers, 8)}",
              f"-connections={workers}", f"-duration={seconds}s"]
    subprocess.run([vegeta(), "attack", "-format=json", f"-targets={targets}", f"-output={answers}",
                    "-insecure", "-http2=false", *limits], check=True)
    done = subprocess.run([vegeta(), "report", "-type=json", str(answers)], check=True, capture_output=True)
    report = json.loads(done.stdout)
    bad = {code: count for code, count in report["status_codes"].items() if code != "200"}
    return {"requests": report["requests"], "per_second": round(report["throughput"], 1), "bad": bad,
            "p50_ms": report["latencies"]["50th"] / 1e6, "p99_ms": report["latencies"]["99th"] / 1e6}


def cpu_seconds(pid, without=None):
    """Of a process and all below it, those that have ended, too; but for what is below another."""
    total = 0
    for pid in set(tree_of(pid)) - set(tree_of(without) if without else []):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


@contextmanager
def peer_server(appliance, folder):
    tools = Path(__file__).parent.parent / "build" / "tools" / "peer-django"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "PEER_DATABASE_HOST": appliance.status()["run_dir"], "PYTHONDONTWRITEBYTECODE": "1"}
    command = [tools / "bin" / "gunicorn", "peer.wsgi", "--chdir", PEER, "--workers", "2", "--threads", "4",
               "--worker-class", "gthread", "--keep-alive", "60", "--bind", f"127.0.0.1:{port}",
               "--worker-tmp-dir", "/dev/shm", "--log-level", "warning", "--no-control-socket"]
    with open(folder / "peer.log", "wb") as log:
        process = subprocess.Popen(command, env=env, cwd="/", stdout=log, stderr=log,
                                   **appliance.places.as_service())
    try:
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


class QuickRuns:
    """Ends what is queued, ten times a second, as if it had run: without it the queue of a load that triggers
    would be longer than any that there is. In one session, as starting a program for it each time took the load's cores."""

    SQL = ("UPDATE runs SET status = 10, started_at = now(), finished_at = now(), log_flushed_at = now() "
           "WHERE status = 1 \\watch 0.1\n")

    def __init__(self, appliance):
        self.appliance = appliance

    def __enter__(self):
        self.process = subprocess.Popen([*self.appliance.psql_command(), "-X", "-q", "-o", "/dev/null"], text=True,
                                        stdin=subprocess.PIPE, cwd="/", **self.appliance.places.as_service())
        self.process.stdin.write(self.SQL)
        self.process.stdin.flush()

    def __exit__(self, *_):
        assert self.process.poll() is None, "runs are no longer ended"
        self.process.terminate()
        self.process.wait()


class Side:
    def __init__(self, appliance, folder, history, url, server_pid):
        self.appliance, self.folder, self.server_pid = appliance, folder, server_pid
        self.requests = Requests(history, url, appliance.sample["token"])

    def attack(self, kind, rate, seconds, workers=IN_FLIGHT):
        database = self.appliance.pid("postgres")
        make = getattr(self.requests, kind)
        with QuickRuns(self.appliance):
            attack(self.folder, make, rate, 2, workers)
            before = cpu_seconds(self.server_pid, database), cpu_seconds(database)
            figures = attack(self.folder, make, rate, seconds, workers)
            server, base = cpu_seconds(self.server_pid, database) - before[0], cpu_seconds(database) - before[1]
        count = figures["requests"]
        return figures | {"server_ms": round(1000 * server / count, 3), "database_ms": round(1000 * base / count, 3),
                          "per_core": round(count / (server + base), 1)}


def measure(places, runs, jobs, seconds, report):
    settings = {"API_REQUESTS_PER_MINUTE": 0, "RUN_RETENTION_DAYS": 36500, "WARM_HOSTS": 0}
    with bench_appliance.running_appliance(places, **settings) as appliance:
        started = time.monotonic()
        history = million_runs.fill(appliance, runs, jobs)
        # Nothing is to run: no dbt beside what is measured.
        appliance.psql("UPDATE accounts SET run_slots = 0, queue_limit = 1000000")
        report(f"{runs} runs of {jobs} jobs written in {time.monotonic() - started:.0f} s")
        ours = Side(appliance, appliance.shared, history, appliance.url, appliance.pid("supervisor"))
        with peer_server(appliance, appliance.shared) as (peer_pid, peer_url):
            bench_appliance.wait_until(lambda: answers(peer_url), "the peer answers")
            peer = Side(appliance, appliance.shared, history, peer_url, peer_pid)
            rows = {}
            for title, kind in KINDS.items():
                rows[title] = {"ours": ours.attack(kind, 0, seconds), "peer": peer.attack(kind, 0, seconds)}
                report(line_of(title, rows[title]))
            turns = [ours.attack("mixed", STEADY, seconds * 3, 200) for _ in range(STEADY_TURNS)]
            steady = {"ours": sorted(turns, key=lambda turn: turn["p99_ms"])[STEADY_TURNS // 2],
                      "ours_p99_ms": [round(turn["p99_ms"], 1) for turn in turns],
                      "peer": peer.attack("mixed", PEER_STEADY, seconds * 3, 200)}
            report(f"mixed, {STEADY}/s, the middle one of {steady['ours_p99_ms']} ms: {steady['ours']}")
            report(f"mixed, peer, {PEER_STEADY}/s: {steady['peer']}")
    for line in table([cells(title, row) for title, row in rows.items()],
                      ["request", "ours /core", "peer /core", "ratio", "ours /s", "peer /s", "ours p99 ms", "peer p99 ms"]):
        report(line)
    return {"runs": runs, "jobs": jobs, "in_flight": IN_FLIGHT, "kinds": rows, "steady": steady}


def cells(title, row):
    ours, peer = row["ours"], row["peer"]
    return [title, ours["per_core"], peer["per_core"], round(ours["per_core"] / peer["per_core"], 1),
            ours["per_second"], peer["per_second"], round(ours["p99_ms"], 1), round(peer["p99_ms"], 1)]


def line_of(title, row):
    return f"{title}: " + "; ".join(
        f"{side} {figures['per_core']}/core (server {figures['server_ms']} ms, database {figures['database_ms']} ms), "
        f"p99 {figures['p99_ms']:.1f} ms{', BAD ' + str(figures['bad']) if figures['bad'] else ''}"
        for side, figures in row.items())


def answers(url):
    host, port = url.removeprefix("http://").split(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
        return True
    except OSError:
        return False
