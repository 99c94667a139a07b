"""dbt at 30, 300 and 3,000 models: its cold command line beside Millwright, for each engine.

Two pairs for each command, and both are told because they answer two questions:

    run    clone, `dbt deps` and the command on the command line | a job from its trigger to its end,
           as the API tells both
    step   the command alone, in a checkout that it has parsed before | that step of the job

`start` is the time until dbt says its first word: of the process, and of the step.
"""

from datetime import datetime

import sized_project
from bench_appliance import Projects, run_to_end, seed_project
from command_line import CommandLine, duckdb_profile, open_to_all
from measure import ratio, summary

DBT_STEP = 4  # after clone, profile and deps


def commands_for(models):
    one = sized_project.middle_model(models)
    return {
        "build": ["build"],
        "one model": ["run", "--select", one],
        "show": ["show", "--inline", "select 1 as one"],
        "compile": ["compile", "--select", one],
    }


def as_step(argv):
    return "dbt " + " ".join(f"'{word}'" if " " in word else word for word in argv)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def seconds_of(what, begun="started_at"):
    return (moment(what["finished_at"]) - moment(what[begun])).total_seconds()


def step_times(api, run):
    """(seconds of the step, seconds until dbt's first word in it)"""
    step = run["run_steps"][DBT_STEP - 1]
    spoken = moment(api.step_log(run["id"], DBT_STEP)[0]["ts"])
    return seconds_of(step), (spoken - moment(step["started_at"])).total_seconds()


class Size:
    def __init__(self, appliance, engine, models):
        self.appliance, self.engine, self.models = appliance, engine, models
        self.projects = Projects(open_to_all(appliance.shared / f"{engine['family']}-{models}"))
        self.repository = self.projects.make(sized_project.files(models))
        self.seeded = seed_project.add_project(
            appliance, appliance.sample["account_id"], self.repository,
            config={"path": str(self.projects.warehouse())})
        self.line = CommandLine(engine["folder"], appliance.shared / f"line-{engine['family']}-{models}",
                                duckdb_profile("sized", self.projects.warehouse()))

    def measure(self, repeat, report):
        """`repeat` turns after one that has an empty warehouse and an unparsed project and is not counted;
        with none, it alone is counted: the build is a first one on both sides."""
        found = {}
        api, bare = self.appliance.api, self.repository.bare
        for name, argv in commands_for(self.models).items():
            job = api.create_job(self.seeded, name=f"{name} {self.models}", steps=[as_step(argv)],
                                 dbt_version=self.engine["version"])
            times = {key: [] for key in ("line", "line_step", "line_start", "run", "step", "start")}
            for turn in range(repeat + 1):
                line = self.line.from_nothing(bare, *argv)
                line_step, line_start = self.line.dbt(*argv, cwd=self.line.folder / "project")
                run = run_to_end(api, job)
                if turn == 0 and repeat > 0:
                    continue
                step, start = step_times(api, run)
                for key, value in zip(times, (line, line_step, line_start, seconds_of(run, "created_at"), step, start)):
                    times[key].append(value)
            found[name] = {key: summary(values) for key, values in times.items()} | {
                "run / command line": ratio(times["run"], times["line"]),
                "step / command line": ratio(times["step"], times["line_step"]),
                "start / command line": ratio(times["start"], times["line_start"]),
            }
            report(f"{self.engine['title']}, {self.models} models, {name}: "
                   f"run {found[name]['run']['median_s']:.2f} s to {found[name]['line']['median_s']:.2f} s "
                   f"({found[name]['run / command line']}), "
                   f"step {found[name]['step']['median_s']:.2f} s to "
                   f"{found[name]['line_step']['median_s']:.2f} s ({found[name]['step / command line']}), "
                   f"start {found[name]['start']['median_s']:.2f} s to "
                   f"{found[name]['line_start']['median_s']:.2f} s")
        return found


def measure(appliance, engines, sizes, repeat, report):
    results = {}
    for engine in engines:
        for models in sizes:
            # A build of thousands takes five minutes on either side.
            turns = repeat if models < 1000 else 0
            results[f"{engine['title']}, {models} models"] = Size(appliance, engine, models).measure(
                turns, report)
    return results
