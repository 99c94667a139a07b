"""The web application in a real browser: what its first page weighs, when it can be used with 100,000 runs in the database,
how smoothly a log is followed that grows fast, and how long a graph of 3,000 nodes takes to be drawn."""

import time
from contextlib import contextmanager

import bench_appliance
import million_runs
import sized_project
from bench_appliance import Projects, run_to_end, seed_project, wait_until
from browser import Visitor, launch
from playwright.sync_api import expect, sync_playwright
from repositories import NATIVE, SMALL

RUNS, JOBS = 100_000, 1_000
NODES = 3_000
LINES = 150_000
TURNS = 5
FOLLOWED_S = 8
LONG_LOG, LONG_LINE = 300_000, 260

# In blocks: Jinja's sandbox takes no range beyond 100,000.
CHATTER = """
{% macro chatter(lines) %}{% for block in range(lines // 1000) %}{% for number in range(1000) %}{{
  log('line number ' ~ block ~ '.' ~ number ~ ' of some sixty characters, as logs have', info=True)
}}{% endfor %}{% endfor %}{% endmacro %}
"""

# Notes, from the start of each page, when the main thread was busy for more than 50 ms.
LONG_TASKS = """
window.busyUntil = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.busyUntil = Math.max(window.busyUntil, task.startTime + task.duration);
}).observe({ type: 'longtask', buffered: true });
"""

USABLE = """() => new Promise((done) => {
  const look = () => {
    const found = usable();
    if (found) done(found); else requestAnimationFrame(look);
  };
  const usable = () => {
  const row = document.querySelector('[role=row][data-place] a');
  if (!row) return null;
  window.firstRow ??= performance.now();
  const at = Math.max(window.firstRow, window.busyUntil);
  return performance.now() - at > 500 ? { first_row_ms: window.firstRow, usable_ms: at } : null;
  };
  look();
})"""

FRAMES = """(seconds) => new Promise((done) => {
  const began = performance.now();
  let frames = 0, longest = 0, last = began;
  const next = (now) => {
    frames += 1; longest = Math.max(longest, now - last); last = now;
    if (now - began < seconds * 1000) requestAnimationFrame(next);
    else done({ per_second: frames / ((now - began) / 1000), longest_ms: longest });
  };
  requestAnimationFrame(next);
})"""

# Upwards from the end, a screen with each frame, which has to be read again and again.
SCROLLED = """() => new Promise((done) => {
  const log = document.querySelector('[role=log]');
  const began = performance.now();
  let frames = 0, longest = 0, last = began;
  const next = (now) => {
    frames += 1; longest = Math.max(longest, now - last); last = now;
    log.scrollTop -= log.clientHeight;
    if (now - began < 5000) requestAnimationFrame(next);
    else done({ scrolled_per_second: Math.round(frames / 5), longest_ms: Math.round(longest) });
  };
  requestAnimationFrame(next);
})"""

# From the last answer that it is made of until there is something on the canvas.
DRAWN = """() => new Promise((done) => {
  const look = () => {
    const found = drawn();
    if (found !== null) done(found); else requestAnimationFrame(look);
  };
  const drawn = () => {
  const canvas = document.querySelector('main canvas');
  if (!canvas || canvas.width === 0) return null;
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let painted = 0;
  for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) painted += 1;
  if (painted < 100) return null;
  const answers = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/graphql'));
  return performance.now() - Math.max(...answers.map(({ responseEnd }) => responseEnd));
  };
  look();
})"""


@contextmanager
def visitor_of(appliance):
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        visitor = Visitor(chromium, appliance).have_session()
        visitor.page.add_init_script(LONG_TASKS)
        try:
            yield visitor
        finally:
            visitor.close()
            chromium.close()


def usable(visitor):
    turns = []
    for _ in range(TURNS):
        visitor.page.goto("about:blank")
        visitor.page.goto(visitor.list_path())
        turns.append(visitor.page.evaluate(USABLE))
    turns.sort(key=lambda turn: turn["usable_ms"])
    return {name: round(value) for name, value in turns[len(turns) // 2].items()}


def following(appliance, visitor, projects):
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"],
                                      projects.make({**SMALL, "macros/chatter.sql": CHATTER}),
                                      {"path": str(projects.warehouse())})
    job = appliance.api.create_job(seeded, steps=[f"dbt run-operation chatter --args '{{lines: {LINES}}}'"])
    run = appliance.api.run(appliance.api.trigger(job))
    visitor.open_run(run)
    expect(visitor.log).to_contain_text("line number", timeout=120_000)
    before = lines_of(appliance, run)
    figures = visitor.page.evaluate(FRAMES, FOLLOWED_S)
    came = lines_of(appliance, run) - before
    appliance.api.request("POST", f"/api/v2/accounts/{appliance.api.account_id}/runs/{run['id']}/cancel/")
    wait_until(lambda: appliance.api.run(run["id"])["is_complete"], "the run ends")
    return {"lines_per_second": round(came / FOLLOWED_S), "frames_per_second": round(figures["per_second"], 1),
            "longest_frame_ms": round(figures["longest_ms"])}


def long_log(appliance, visitor, projects):
    """A log of 100 MB of a run that is over: until its end is seen, and how smoothly it is scrolled then."""
    files = {**SMALL, "macros/chatter.sql": CHATTER.replace("as logs have", "as logs have " + "x" * LONG_LINE)}
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"], projects.make(files),
                                      {"path": str(projects.warehouse())})
    job = appliance.api.create_job(seeded, steps=[f"dbt run-operation chatter --args '{{lines: {LONG_LOG}}}'"])
    run = run_to_end(appliance.api, job)
    turns = []
    for _ in range(TURNS):
        visitor.page.goto("about:blank")
        visitor.open_run(run)
        expect(visitor.log).to_contain_text("line number", timeout=120_000)
        started = time.monotonic()
        visitor.page.get_by_role("button", name="Go to the end").click()
        expect(visitor.log).to_contain_text(f"line number {LONG_LOG // 1000 - 1}.999", timeout=120_000)
        turns.append({"end_ms": round(1000 * (time.monotonic() - started)), **visitor.page.evaluate(SCROLLED)})
    turns.sort(key=lambda turn: turn["longest_ms"])
    return {"megabytes": round(LONG_LOG * (LONG_LINE + 90) / 1e6), "lines": LONG_LOG, **turns[TURNS // 2]}


def lines_of(appliance, run):
    return int(appliance.value(
        "SELECT coalesce(max(first_line), 0) FROM run_log WHERE run_id = :run AND step_index >= 3", run=run["id"]))


def graph(appliance, visitor, projects):
    seeded = seed_project.add_project(appliance, appliance.sample["account_id"],
                                      projects.make(sized_project.files(NODES)), {"path": str(projects.warehouse())})
    run_to_end(appliance.api, appliance.api.create_job(seeded, steps=["dbt parse"], dbt_version=NATIVE))
    wait_until(lambda: not appliance.psql("SELECT 1 FROM pending_ingestions"), "the run is read")
    turns = []
    for _ in range(TURNS):
        visitor.page.goto("about:blank")
        visitor.page.goto(f"/explore/{visitor.account}/environments/{seeded.environment_id}/lineage")
        turns.append(visitor.page.evaluate(DRAWN))
    turns.sort()
    return {"nodes": NODES, "drawn_ms": round(turns[len(turns) // 2])}


def measure(places, report):
    with bench_appliance.running_appliance(places) as appliance:
        million_runs.fill(appliance, RUNS, JOBS)
        projects = Projects(appliance.shared)
        with visitor_of(appliance) as visitor:
            figures = {"first_page_kb": visitor.weight_of(visitor.open_list), "runs": RUNS, "runs_page": usable(visitor)}
            report(f"first page {figures['first_page_kb']} kB; with {RUNS} runs {figures['runs_page']}")
            figures["following"] = following(appliance, visitor, projects)
            report(f"following a log: {figures['following']}")
            figures["long_log"] = long_log(appliance, visitor, projects)
            report(f"a long log: {figures['long_log']}")
            figures["graph"] = graph(appliance, visitor, projects)
            report(f"graph: {figures['graph']}")
    return figures
