#!/usr/bin/env python3
"""Measures Millwright beside dbt's own command line; see bench/README.md."""

import argparse
import json
import os
import platform
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

PROFILE = """shop:
  target: default
  outputs:
    default:
      type: duckdb
      path: {path}
      schema: analytics
      threads: 4
"""


class Api:
    def __init__(self, demo):
        self.demo = demo
        self.tls = ssl.create_default_context(cafile=demo["certificate"])

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.demo["url"] + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Token {self.demo['token']}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=30, context=self.tls) as response:
            answer = json.load(response)
        return answer.get("data", answer)

    def account(self, rest, method="GET", body=None, kind="v2"):
        return self.call(method, f"/api/{kind}/accounts/{self.demo['account_id']}/{rest}", body)


def machine_facts():
    cpu = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory_kib = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 1024 / 1024, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def find_engine(engines_dir):
    for marker in sorted(Path(engines_dir).glob("*/engine.json")):
        if (marker.parent / "bin" / "dbt").exists():
            return marker.parent
    sys.exit(f"no dbt engine in {engines_dir}: run `make up` first")


def run_command_line(engine, repository, warehouse):
    """One whole run by dbt's own command line; returns (total, build alone, to first node)."""
    work = Path(tempfile.mkdtemp(prefix="bench-"))
    environment = {
        "PATH": f"{engine}/bin:/usr/bin:/bin",
        "HOME": str(work),
        "LANG": "C.UTF-8",
        "DBT_PROFILES_DIR": str(work),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    # In a file: git hides what its environment says from the process that serves a local clone.
    (work / ".gitconfig").write_text("[safe]\n\tdirectory = *\n")
    (work / "profiles.yml").write_text(PROFILE.format(path=warehouse))
    project = work / "project"
    try:
        started = time.monotonic()
        subprocess.run(
            ["git", "clone", "-q", "--depth", "1", f"file://{repository}", project],
            env=environment, check=True,
        )
        subprocess.run(
            [engine / "bin/dbt", "deps"],
            cwd=project, env=environment, check=True, stdout=subprocess.DEVNULL,
        )
        build_started = time.monotonic()
        first_node = None
        build = subprocess.Popen(
            [engine / "bin/dbt", "--no-use-colors", "build"],
            cwd=project, env=environment, stdout=subprocess.PIPE, text=True,
        )
        for line in build.stdout:
            if first_node is None and " START " in line:
                first_node = time.monotonic()
        if build.wait() != 0:
            sys.exit("dbt build failed on the command line")
        ended = time.monotonic()
        return ended - started, ended - build_started, first_node - started
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run_job(api, job_id):
    """One run through the API; returns (trigger to end, trigger to first node)."""
    started = time.monotonic()
    run_id = api.account(f"jobs/{job_id}/run/", "POST", {"cause": "benchmark"})["id"]
    first_node = None
    while True:
        if first_node is None:
            nodes = api.account(f"runs/{run_id}/nodes/", kind="ui")["nodes"]
            if nodes:
                first_node = time.monotonic()
        run = api.account(f"runs/{run_id}/")
        if run["is_complete"]:
            break
        time.sleep(0.02)
    ended = time.monotonic()
    if not run["is_success"]:
        sys.exit(f"run {run_id} ended as {run['status_humanized']}: {run['status_message']}")
    return ended - started, (first_node or ended) - started


def bench_job(api):
    name = "Benchmark: dbt build"
    for job in api.account("jobs/?limit=100"):
        if job["name"] == name:
            return job["id"]
    body = {
        "name": name,
        "project_id": api.demo["project_id"],
        "environment_id": api.demo["environment_id"],
        "execute_steps": ["dbt build"],
        "settings": {"threads": 4, "target_name": "default"},
    }
    return api.account("jobs/", "POST", body)["id"]


def pss_mib(pid):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        return None
    return None


def tree_of(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    if children.exists():
        for child in children.read_text().split():
            found += tree_of(int(child))
    return found


def idle_memory(data_dir):
    status = json.loads((Path(data_dir) / "status.json").read_text())
    memory = {}
    for process in status["processes"]:
        if process["role"] == "supervisor":
            memory["supervisor"] = pss_mib(process["pid"])
        else:
            parts = [pss_mib(pid) or 0 for pid in tree_of(process["pid"])]
            memory[process["role"]] = sum(parts)
    return {role: round(value, 1) for role, value in memory.items() if value is not None}


def summary(values):
    return {
        "median_s": round(statistics.median(values), 3),
        "min_s": round(min(values), 3),
        "max_s": round(max(values), 3),
        "n": len(values),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo-file", type=Path, default=Path("var/demo.json"))
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    api = Api(json.loads(options.demo_file.read_text()))
    engine = find_engine(options.data_dir / "engines")
    repository = options.data_dir / "git" / "shop.git"
    job_id = bench_job(api)

    results = {"machine": machine_facts(), "idle_memory_mib": idle_memory(options.data_dir)}
    scratch = Path(tempfile.mkdtemp(prefix="bench-warehouse-"))
    warehouse = scratch / "shop.duckdb"
    print("warming both sides: one run each, not counted")
    run_command_line(engine, repository, warehouse)
    run_job(api, job_id)

    totals, builds, cli_first, jobs, job_first = [], [], [], [], []
    for turn in range(options.repeat):
        total, build, first = run_command_line(engine, repository, warehouse)
        totals.append(total)
        builds.append(build)
        cli_first.append(first)
        job, first = run_job(api, job_id)
        jobs.append(job)
        job_first.append(first)
        print(f"  {turn + 1}/{options.repeat}: command line {total:.1f} s, job {job:.1f} s")
    shutil.rmtree(scratch, ignore_errors=True)

    results["command_line_clone_deps_build"] = summary(totals)
    results["command_line_build_alone"] = summary(builds)
    results["job_trigger_to_end"] = summary(jobs)
    results["command_line_to_first_node"] = summary(cli_first)
    results["job_trigger_to_first_node"] = summary(job_first)
    results["ratios"] = {
        "job / command line (clone, deps, build)": round(
            statistics.median(jobs) / statistics.median(totals), 3),
        "job / dbt build alone": round(statistics.median(jobs) / statistics.median(builds), 3),
        "first node: job / command line": round(
            statistics.median(job_first) / statistics.median(cli_first), 3),
    }
    for name, value in results.items():
        print(f"{name}: {json.dumps(value)}")
    out = Path(__file__).parent / "results" / f"{datetime.now():%Y%m%d-%H%M%S}.json"
    out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
