"""How long it takes until what a run left is known, for a project with a manifest of some 50 MB, and whether the
API notices."""

import sys
import threading
import time
from datetime import datetime, timezone

import sized_project
from bench_appliance import Projects, run_to_end, seed_project, wait_until
from repositories import NATIVE

MODELS = 20_000


def measure(appliance, report):
    projects = Projects(appliance.shared)
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"],
                                      projects.make(sized_project.files(MODELS)), {"path": str(projects.warehouse())})
    job = appliance.api.create_job(seeded, steps=["dbt parse"], dbt_version=NATIVE)
    taken = {}
    for turn in ("a first one", "an unchanged one"):
        with Asking(appliance) as asking:
            run = run_to_end(appliance.api, job)
            ended = datetime.fromisoformat(run["finished_at"])
            wait_until(lambda: not appliance.psql("SELECT 1 FROM pending_ingestions"), "the run is read")
            seconds = (datetime.now(timezone.utc) - ended).total_seconds()
        taken[turn] = {"seconds": round(seconds, 2), "beside": asking.figures}
        report(f"a manifest of {size_of(appliance, run)} MB, {turn}: read in {seconds:.1f} s; beside it {asking.figures}")
    known = int(appliance.value("SELECT count(*) FROM environment_nodes WHERE resource_type = 'model'"))
    if known != MODELS:
        sys.exit(f"{known} models are known of {MODELS}")
    return {"models": MODELS, "manifest_mb": size_of(appliance, run), "read": taken}


def size_of(appliance, run):
    size = appliance.value("SELECT max(size_bytes) FROM artifacts WHERE run_id = :run AND path = 'manifest.json'",
                           run=run["id"])
    return round(int(size) / 1e6, 1)


class Asking:
    """Somebody who asks for a run fifty times a second meanwhile."""

    def __init__(self, appliance):
        self.appliance, self.figures, self.over = appliance, None, threading.Event()
        self.thread = threading.Thread(target=self._ask)

    def _ask(self):
        api, times = self.appliance.api, []
        while not self.over.wait(0.02):
            began = time.monotonic()
            api.get("runs/", limit=5)
            times.append(time.monotonic() - began)
        times.sort()
        self.figures = {"requests": len(times), "p50_ms": round(1000 * times[len(times) // 2], 1),
                        "p99_ms": round(1000 * times[int(len(times) * 0.99)], 1)}

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
