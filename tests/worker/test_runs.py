"""Runs that go well, and what they leave behind."""

import json

from api_double import ApiDouble


def test_a_run_reports_steps_log_nodes_and_artifacts(runner, project):
    double = runner.run(generate_docs=True)
    assert [double.steps[i]["name"] for i in sorted(double.steps)] == [
        "Clone git repository",
        "Create profile from connection Warehouse",
        "Invoke dbt with `dbt deps`",
        "Invoke dbt with `dbt build`",
        "Invoke dbt with `dbt docs generate`",
    ]
    assert double.statuses() == [10] * 5, double.summary()
    assert all(s["started_at"].endswith("Z") and s["finished_at"] for s in double.steps.values())
    assert double.finish == {
        "status": 10, "status_message": "", "artifacts_saved": True,
        "has_docs_generated": True, "has_sources_generated": False,
    }
    head = project._git("rev-parse", "HEAD")
    assert double.progress == {"git_sha": head, "git_branch": "main", "used_repo_cache": False}
    assert "Cloning into 'repository'" in double.text(1)
    assert head in double.text(1)
    assert 'profile "shop"' in double.text(2)
    assert "PASS=4" in double.text(4)
    assert "On model.shop.orders" not in double.text(4)
    assert "On model.shop.orders" in double.text(4, ("debug",))
    build, docs = double.artifacts[4], double.artifacts[5]
    assert {"manifest.json", "run_results.json", "compiled/shop/models/orders.sql",
            "run/shop/models/orders.sql"} <= set(build)
    assert json.loads(build["run_results.json"])["args"]["which"] == "build"
    assert {"catalog.json", "index.html", "manifest.json"} <= set(docs)
    assert not any("partial_parse" in name for name in build)


def test_every_step_is_announced_before_the_first_begins(runner):
    double = runner.run()
    first = double.step_history[:4]
    assert [(s["index"], s["status"]) for s in first] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    changes = [(s["index"], s["status"]) for s in double.step_history[4:]]
    assert changes == [(1, 3), (1, 10), (2, 3), (2, 10), (3, 3), (3, 10), (4, 3), (4, 10)]


def test_nodes_start_and_finish(runner):
    double = runner.run()
    orders = double.nodes[repr((4, "model.shop.orders"))]
    assert [n["status"] for n in orders] == ["started", "success"]
    assert orders[0]["total"] == 4 and orders[1]["index"] == orders[0]["index"]
    assert orders[1]["execution_time"] > 0 and orders[1]["finished_at"].endswith("Z")
    tests = [n[-1] for n in double.nodes.values() if n[-1]["resource_type"] == "test"]
    assert [n["status"] for n in tests] == ["pass", "pass"]


def test_the_job_s_branch_commit_and_subdirectory(runner, project):
    files = {f"deep/er/{name}": text for name, text in project.FILES.items()}
    other = project.commit({**files, "dbt_project.yml": None}, branch="feature/x")
    double = runner.run(repository__git_branch="feature/x",
                        repository__dbt_project_subdirectory="deep/er")
    assert double.progress == {"git_sha": other, "git_branch": "feature/x", "used_repo_cache": False}
    assert double.finish["status"] == 10
    # The commit wins, also a shortened one, also one that no branch ends in.
    first = project._git("rev-list", "--max-parents=0", "HEAD")
    project.commit({"models/broken.sql": "{{ nonsense"})
    for sha in (first, first[:10]):
        double = runner.run(repository__git_sha=sha)
        assert double.progress == {"git_sha": first, "git_branch": "main", "used_repo_cache": False}
        assert double.finish["status"] == 10, double.summary()


def test_the_environment_is_the_run_s_own(runner, project):
    project.commit({
        "macros/show.sql": "{% macro show() %}{% for n in ['DBT_REGION', 'DBT_ENV', 'DBT_CLOUD_RUN_ID', "
        "'HOME', 'MILLWRIGHT_DATA_DIR', 'MILLWRIGHT_TOKEN_FD', 'DBT_CLOUD_GIT_SHA'] %}"
        "{{ print(n ~ '=' ~ env_var(n, 'unset')) }}{% endfor %}{% endmacro %}",
    })
    double = runner.run(steps=["dbt run-operation show"], environment_variables={"DBT_REGION": "eu"})
    text = double.text(4)
    assert "DBT_REGION=eu" in text and "DBT_ENV=prod" in text and "DBT_CLOUD_RUN_ID=41" in text
    assert "MILLWRIGHT_DATA_DIR=unset" in text and "MILLWRIGHT_TOKEN_FD=unset" in text
    assert "DBT_CLOUD_GIT_SHA=unset" in text
    assert "HOME=/workspace/home" in text


def test_freshness_comes_first_and_its_failure_is_not_the_run_s(runner, project):
    project.commit({
        "models/sources.yml": "sources:\n  - name: raw\n    schema: main\n    tables:\n"
        "      - name: events\n        config: {loaded_at_field: at, freshness: {error_after: "
        "{count: 1, period: day}}}\n",
        "models/events.sql": "select timestamp '2020-01-01' as at",
    })
    assert runner.run(steps=["dbt run --select events"]).finish["status"] == 10
    double = runner.run(run_generate_sources=True)
    assert double.steps[4]["name"] == "Invoke dbt with `dbt source freshness`"
    assert double.statuses() == [10, 10, 10, 20, 10], double.summary()
    assert double.finish["status"] == 10 and double.finish["has_sources_generated"] is True
    assert "sources.json" in double.artifacts[4]


def test_docs_that_fail_do_not_fail_the_run(runner, project):
    # Only `docs generate` compiles an analysis: build and run never look at it.
    project.commit({"analyses/broken.sql": "{{ exceptions.raise_compiler_error('no docs today') if "
                                           "execute and flags.WHICH == 'generate' }}"})
    double = runner.run(generate_docs=True)
    assert double.statuses() == [10, 10, 10, 10, 20], double.summary()
    assert double.finish["status"] == 10 and double.finish["has_docs_generated"] is False
    assert "no docs today" in double.text(5)


def test_a_project_without_a_profile_gets_one(runner, project):
    project.commit({"dbt_project.yml": "name: shop\n"})
    assert runner.run().finish["status"] == 10


def test_secrets_never_leave_the_worker(runner, project):
    project.commit({
        "macros/leak.sql": "{% macro leak() %}{{ log(var('word'), info=true) }}"
        "{{ print(var('word')) }}{{ exceptions.raise_compiler_error(var('word')) }}{% endmacro %}",
    })
    double = runner.run(
        steps=["dbt run-operation leak --vars '{word: pa55-w0rd-of-warehouse}'"],
        profile__extended_attributes={"settings": {"http_proxy_password": "pa55-w0rd-of-warehouse"}},
        environment_variables={"DBT_ENV_SECRET_KEY": "env-s3cret-value"},
    )
    assert double.finish["status"] == 20
    sent = double.everything()
    # The command itself is what the user wrote; nothing else repeats the word.
    sent = sent.replace("{word: pa55-w0rd-of-warehouse}", "")
    assert "pa55-w0rd" not in sent and "env-s3cret" not in sent
    assert "*****" in double.text(4)
    log = runner.started[-1].log()
    assert "pa55-w0rd" not in log and "env-s3cret" not in log and ApiDouble.TOKEN not in log


def test_artifacts_that_the_app_refuses_are_named(runner):
    worker = runner.start()
    worker.double.refuse_artifacts_with = 413
    assert worker.end() == 0
    assert worker.double.finish["status"] == 10, worker.double.summary()
    assert worker.double.finish["artifacts_saved"] is False
    assert "could not be saved" in worker.double.text(4)
