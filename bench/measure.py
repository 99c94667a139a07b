"""What a benchmark needs to say honestly what it saw: times, memory, the machine."""

import os
import platform
import statistics
import time
from datetime import datetime, timezone
from pathlib import Path


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
        "load_at_start": os.getloadavg()[0],
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def timed(work):
    """(seconds, what `work` returned)"""
    started = time.monotonic()
    outcome = work()
    return time.monotonic() - started, outcome


def summary(values):
    return {
        "median_s": round(statistics.median(values), 3),
        "min_s": round(min(values), 3),
        "max_s": round(max(values), 3),
        "n": len(values),
    }


def ratio(ours, theirs):
    return round(statistics.median(ours) / statistics.median(theirs), 2)


def pss_mib(pid):
    """A process's memory with its share of what it shares; None when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def children_of(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def tree_of(pid):
    found = [pid]
    for child in children_of(pid):
        found += tree_of(child)
    return found


def table(rows, heads):
    """Lines of a Markdown table."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
