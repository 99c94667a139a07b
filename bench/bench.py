#!/usr/bin/env python3
"""Measures Millwright beside dbt's own command line; see bench/README.md."""

import argparse
import json
from datetime import datetime
from pathlib import Path

import engines
from measure import machine_facts

PARTS = ("sample", "sizes", "session", "many", "load", "ingestion", "web")


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo-file", type=Path, default=Path("var/demo.json"))
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--engines-dir", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--sizes", nargs="+", type=int, default=[30, 300, 3000])
    parser.add_argument("--runs", type=int, default=1_000_000, help="of the part load")
    parser.add_argument("--jobs", type=int, default=10_000, help="of the part load")
    parser.add_argument("--seconds", type=int, default=10, help="of each measurement of the part load")
    parser.add_argument("--engine", nargs="+", choices=list(engines.TITLES), default=list(engines.TITLES))
    return parser.parse_args()


def with_appliance(options, chosen, results, report):
    import api_load
    import bench_appliance
    import ingestion
    import many_runs
    import session
    import sizes
    import web_app

    places = bench_appliance.Places()
    if set(options.only) & {"sizes", "session"}:
        with bench_appliance.running_appliance(places) as appliance:
            if "sizes" in options.only:
                results["sizes"] = sizes.measure(appliance, chosen, options.sizes, options.repeat, report)
            if "session" in options.only:
                results["session"] = session.measure(appliance, chosen, options.sizes, report)
    if "many" in options.only:
        core1 = [engine for engine in chosen if engine["family"] == "core1"]
        results["many"] = many_runs.measure(places, core1[0], report)
    if "ingestion" in options.only:
        with bench_appliance.running_appliance(places) as appliance:
            results["ingestion"] = ingestion.measure(appliance, report)
    if "web" in options.only:
        results["web"] = web_app.measure(places, report)
    if "load" in options.only:
        results["load"] = api_load.measure(places, options.runs, options.jobs, options.seconds, report)


def main():
    options = parse_options()
    chosen = [each for each in engines.installed(options.engines_dir) if each["family"] in options.engine]
    results = {"machine": machine_facts(), "engines": [each["title"] for each in chosen]}

    def report(line):
        print(line, flush=True)

    if "sample" in options.only:
        import sample_job

        results["sample"] = sample_job.measure(options.demo_file, options.data_dir, chosen[0],
                                               options.repeat, report)
    if set(options.only) - {"sample"}:
        with_appliance(options, chosen, results, report)
    print(json.dumps(results, indent=2))
    out = Path(__file__).parent / "results" / f"{datetime.now():%Y%m%d-%H%M%S}.json"
    out.write_text(json.dumps(results, indent=2) + "\n")
    print(f"written to {out}")


if __name__ == "__main__":
    main()
