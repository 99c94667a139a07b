"""A job of the sample beside the command line, on the running appliance, and what that uses when idle."""

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench_appliance import Api
from command_line import CommandLine, duckdb_profile
from measure import children_of, pss_mib, ratio, summary, tree_of


def run_job(api, job_id):
    """One run through the API; returns (trigger to end, trigger to first node)."""
    started = time.monotonic()
    run_id = api.trigger(job_id, cause="benchmark")
    first_node = None
    while True:
        if first_node is None and api.ui(f"runs/{run_id}/nodes")["nodes"]:
            first_node = time.monotonic()
        run = api.run(run_id)
        if run["is_complete"]:
            break
        time.sleep(0.02)
    ended = time.monotonic()
    if not run["is_success"]:
        sys.exit(f"run {run_id} ended as {run['status_humanized']}: {run['status_message']}")
    return ended - started, (first_node or ended) - started


def find_job(api, demo):
    name = "Benchmark: dbt build"
    for job in api.get("jobs/", limit=100):
        if job["name"] == name:
            return job["id"]
    body = {
        "name": name,
        "project_id": demo["project_id"],
        "environment_id": demo["environment_id"],
        "execute_steps": ["dbt build"],
        "settings": {"threads": 4, "target_name": "default"},
    }
    return api.post("jobs/", body)["id"]


def idle_memory(data_dir):
    status = json.loads((Path(data_dir) / "status.json").read_text())
    memory = {}
    for process in status["processes"]:
        if process["role"] == "supervisor":
            memory["supervisor"] = pss_mib(process["pid"]) or 0
        else:
            memory[process["role"]] = sum(pss_mib(pid) or 0 for pid in tree_of(process["pid"]))
        if process["role"] == "scheduler":
            memory["of it, warm hosts"] = sum(pss_mib(pid) or 0 for pid in children_of(process["pid"]))
    return {role: round(value, 1) for role, value in memory.items()}


def measure(demo_file, data_dir, engine, repeat, report):
    demo = json.loads(demo_file.read_text())
    api = Api(demo["url"], demo["certificate"], demo["account_id"], demo["token"])
    job_id = find_job(api, demo)
    results = {"idle_memory_mib": idle_memory(data_dir)}
    scratch = Path(tempfile.mkdtemp(prefix="bench-warehouse-"))
    line = CommandLine(engine["folder"], scratch / "line", duckdb_profile("shop", scratch / "shop.duckdb"))
    repository = data_dir / "git" / "shop.git"
    totals, builds, first_nodes, jobs, job_first_nodes = [], [], [], [], []
    try:
        for turn in range(repeat + 1):
            total, build, first_node = line.build_from_nothing(repository)
            job, job_first = run_job(api, job_id)
            if turn == 0:  # warms both sides
                continue
            for values, value in zip((totals, builds, first_nodes, jobs, job_first_nodes),
                                     (total, build, first_node, job, job_first)):
                values.append(value)
            report(f"sample {turn}/{repeat}: command line {total:.1f} s, job {job:.1f} s")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return results | {
        "command line: clone, deps, build": summary(totals),
        "command line: build alone": summary(builds),
        "job: trigger to end": summary(jobs),
        "command line: to first node": summary(first_nodes),
        "job: trigger to first node": summary(job_first_nodes),
        "job / command line": ratio(jobs, totals),
        "job / build alone": ratio(jobs, builds),
        "first node: job / command line": ratio(job_first_nodes, first_nodes),
    }
