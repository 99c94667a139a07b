"""Runs that fail: the step shows its own words, the run a truthful state and one clear line."""

import os
import shutil

import pytest


def fails(double, step, *words):
    """The step failed with these words in its log and in the run's message; the rest was skipped."""
    statuses = double.statuses()
    assert statuses[step - 1] == 20, double.summary()
    assert statuses[: step - 1] == [10] * (step - 1)
    assert statuses[step:] == [30] * (len(statuses) - step)
    assert double.finish["status"] == 20
    for word in words:
        assert word in double.text(step), double.text(step)
    assert double.finish["status_message"].startswith(double.steps[step]["name"])
    assert words[0] in double.finish["status_message"], double.finish
    return double


def test_a_failing_test(runner, project):
    project.commit({"models/orders.sql": "select 1 as id union all select 1"})
    double = fails(runner.run(steps=["dbt build", "dbt docs generate"], generate_docs=True), 4,
                   "Got 1 result, configured to fail if != 0", "Failure in test unique_orders_id")
    assert "run_results.json" in double.artifacts[4]
    assert not double.artifacts.get(5) and "started_at" in double.steps[5]
    assert double.steps[5]["started_at"] is None


def test_a_compilation_error(runner, project):
    project.commit({"models/orders.sql": "select * from {{ ref('nowhere') }}"})
    fails(runner.run(), 4, "depends on a node named 'nowhere' which was not found", "Compilation Error")


def test_bad_sql(runner, project):
    project.commit({"models/orders.sql": "select nonsense_column as id"})
    double = fails(runner.run(), 4, "Binder Error", "Runtime Error in model orders", "nonsense_column")
    customers = double.nodes[repr((4, "model.shop.customers"))]
    assert customers[-1]["status"] == "skipped"


def test_a_missing_package(runner, project):
    project.commit({"packages.yml": "packages:\n  - local: ../nowhere\n"})
    fails(runner.run(), 3, "nowhere")


def test_a_missing_profile_field(runner):
    fails(runner.run(profile__connection={}), 2, "path", "connection \"Warehouse\"")


def test_a_broken_project_file(runner, project):
    project.commit({"dbt_project.yml": "name: [\n"})
    fails(runner.run(), 2, "dbt_project.yml is not valid YAML")


def test_a_missing_project_file_names_the_subdirectory(runner, project):
    project.commit({"dbt_project.yml": None})
    fails(runner.run(), 2, "no dbt_project.yml at its top")
    project.commit({"sub/readme.md": "x"})
    fails(runner.run(repository__dbt_project_subdirectory="sub"), 2, '"sub"', "no dbt_project.yml")
    fails(runner.run(repository__dbt_project_subdirectory="nope"), 2, '"nope"', "no folder")
    fails(runner.run(repository__dbt_project_subdirectory="../.."), 2, "not inside the repository")


def test_a_step_that_is_not_dbt_s(runner):
    double = fails(runner.run(steps=["rm -rf /", "dbt build"]), 4, "dbt")
    assert double.statuses() == [10, 10, 10, 20, 30]


def test_an_option_that_dbt_does_not_have(runner):
    fails(runner.run(steps=["dbt build --no-such-option"]), 4, "No such option", "--no-such-option")


def test_a_dbt_version_that_is_not_there(runner):
    double = fails(runner.run(dbt_version="0.19.0"), 3, "0.19.0")
    assert "1.11" in double.text(3)


@pytest.mark.parametrize(
    "repository, sentence, git_s_words",
    [
        ({"git_branch": "nope"}, 'has no branch "nope"', "Remote branch nope not found"),
        ({"git_sha": "0123456789012345678901234567890123456789"},
         'has no commit "0123456789012345678901234567890123456789"', "fatal:"),
        ({"git_sha": "abc1234"}, 'has no commit "abc1234"', "fatal:"),
        ({"remote_url": "file:///nowhere/shop.git"}, "no git repository at this URL", "fatal:"),
        ({"remote_url": "https://127.0.0.1:1/shop.git"}, "host cannot be reached", "fatal:"),
        ({"remote_url": "ext::sh -c date"}, "transport that is not allowed", "not allowed"),
        ({"remote_url": "--upload-pack=date"}, "no git repository at this URL", "fatal:"),
    ],
)
def test_a_repository_that_cannot_be_fetched(runner, repository, sentence, git_s_words):
    spec = runner.spec()
    spec["repository"].update(repository)
    double = fails(runner.run(spec), 1, sentence)
    assert git_s_words in double.text(1)


def test_an_empty_repository(runner, project, short_folder):
    shutil.rmtree(project.bare)
    project._git("init", "--quiet", "--bare", str(project.bare), cwd=short_folder)
    fails(runner.run(), 1, "The repository is empty")


def test_a_password_in_the_url_stays_secret(runner):
    url = "https://me:pa55-w0rd@127.0.0.1:1/shop.git"
    double = fails(runner.run(repository__remote_url=url), 1, "host cannot be reached")
    assert "pa55" not in double.everything() and "pa55" not in runner.started[-1].log()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository to someone else")
def test_a_repository_of_another_user(runner, project):
    for folder, _, files in os.walk(project.bare):
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            os.chown(path, 65534, 65534)
    assert runner.run().finish["status"] == 10


def test_a_duckdb_file_in_use(runner, project):
    """The holder is a run of this very machine: a model that waits until the test is over."""
    project.commit({"models/slow.sql": "select count(*) as n from range(100000000000) where range % 7 = 3"})
    slow = runner.start(steps=["dbt run --select slow"])
    slow.double.wait(lambda d: repr((4, "model.shop.slow")) in d.nodes)
    other = runner.spec(steps=["dbt run --select orders"])
    other["run_id"] = 42
    other["profile"]["extended_attributes"] = {"retries": {"connect_attempts": 1}}
    double = fails(runner_in(runner, slow, other), 4, "in use by run 41 of this Millwright",
                   "Could not set lock on file", "a file of its own")
    assert double.finish["status"] == 20
    slow.double.cancel = "This run was cancelled by a test."
    assert slow.end() == 0


def runner_in(runner, neighbour, spec):
    """A run beside another: they share a machine's data folder."""
    worker = runner.start(spec, data=neighbour.data)
    assert worker.end() == 0, worker.log()
    return worker.double


DEFERRAL = {"target": "environment Production", "run_id": 7, "job_name": "Nightly",
            "environment_name": "Production", "finished_at": "2026-01-01T00:00:00Z",
            "artifacts": ["manifest.json"]}


def test_a_run_whose_deferred_artifacts_are_gone(runner):
    fails(runner.run(deferral=DEFERRAL), 2,
          "manifest.json of run 7, which this run defers to, cannot be had")


def test_a_deferred_manifest_of_a_newer_dbt(runner):
    newer = b'{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v99.json"}}'
    worker = runner.start(deferral=DEFERRAL)
    worker.double.other_artifacts = {(7, "manifest.json"): newer}
    assert worker.end() == 0
    double = fails(worker.double, 4, "Expected a schema version of", "v99.json")
    assert "--defer --state /workspace/deferred" in double.steps[4]["invocation"]


def test_a_lock_that_the_app_does_not_take(runner, project):
    project.commit({"packages.yml": "packages:\n  - local: beside\n",
                    "beside/dbt_project.yml": "name: beside\nversion: 1.0.0\n"})
    worker = runner.start(steps=["dbt parse"])
    worker.double.refuse_artifacts_with = 413
    assert worker.end() == 0
    assert worker.double.finish["status"] == 10, worker.double.summary()
    assert "package-lock.yml could not be saved" in worker.double.text(3)
    # And one that is not there any more costs a resolution.
    double = runner.run(retry={"run_id": 7, "step_index": 4, "git_sha": "",
                               "artifacts": ["package-lock.yml"]}, steps=["dbt parse"])
    assert double.finish["status"] == 10, double.summary()
    assert "Updating lock file" in double.text(3) and "package-lock.yml" in double.artifacts[3]
