"""The engines that are installed, as the benchmark needs them."""

import json
from pathlib import Path

TITLES = {"core1": "Core 1", "core2": "Core 2", "fusion": "Fusion"}


def installed(engines_dir):
    """Those with DuckDB, a family each: its newest."""
    found = {}
    for record in sorted(Path(engines_dir).glob("*/engine.json")):
        engine = json.loads(record.read_text())
        if "duckdb" not in engine["adapters"]:
            continue
        family = engine.get("family", "core1")
        found[family] = {"family": family, "version": engine["name"], "folder": record.parent,
                         "title": f"{TITLES.get(family, family)} ({engine['dbt_version']})"}
    return [found[family] for family in TITLES if family in found]
