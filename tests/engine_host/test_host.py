"""What a dbt command looks like from outside: events, output, exit codes, errors."""

import datetime
import re

from conftest import events, outputs


def test_ready_names_the_versions(host):
    assert re.fullmatch(r"1\.\d+\.\d+", host.ready["dbt_version"])
    assert set(host.ready["adapters"]) == {"duckdb", "postgres"}
    assert host.ready["pid"] == host.process.pid


def test_build_streams_every_node(host, shop):
    finished, messages = host.run(["build"], shop)
    assert finished == {**finished, "exit_code": 0, "error": None, "signal": None}
    assert messages[0]["type"] == "started" and messages[0]["pid"] != host.process.pid

    results = [e for e in events(messages) if e["name"].endswith("Result") and e["node"]]
    assert sorted(e["node"]["name"] for e in results) == [
        "not_null_orders_id",
        "orders",
        "raw_orders",
        "totals",
        "unique_orders_id",
    ]
    assert {e["total"] for e in results} == {5}
    assert {e["index"] for e in results} == {1, 2, 3, 4, 5}
    assert all(e["execution_time"] > 0 for e in results)

    model = next(e for e in events(messages, "LogModelResult") if e["node"]["name"] == "totals")
    assert model["level"] == "info" and model["console"] is True
    assert model["node"]["unique_id"] == "model.shop.totals"
    assert model["node"]["resource_type"] == "model"
    assert model["node"]["materialized"] == "table"
    assert model["node"]["relation"] == '"warehouse"."main"."totals"'
    assert model["node"]["status"] == "success"
    assert "OK created sql table model main.totals" in model["msg"]
    for stamp in (model["ts"], model["node"]["started_at"], model["node"]["finished_at"]):
        assert datetime.datetime.fromisoformat(stamp).tzinfo is not None

    start = next(e for e in events(messages, "LogStartLine") if e["node"]["name"] == "totals")
    assert start["node"]["status"] == "started" and start["execution_time"] is None
    assert messages.index(start) < messages.index(model)


def test_colours_are_dbts_own_and_can_be_turned_off(host, shop):
    _, coloured = host.run(["seed"], shop)
    assert any("\x1b[32m" in e["msg"] for e in events(coloured))
    _, plain = host.run(["seed"], shop, env={"DBT_USE_COLORS": "false"})
    assert not any("\x1b[" in e["msg"] for e in events(plain) if e["console"])


def test_console_flag_follows_the_commands_own_options(host, shop):
    _, messages = host.run(["seed"], shop)
    assert not any(e["console"] for e in events(messages) if e["level"] == "debug")
    _, quiet = host.run(["--quiet", "seed"], shop)
    assert events(quiet) and not any(e["console"] for e in events(quiet))
    _, debug = host.run(["--debug", "seed"], shop)
    assert any(e["console"] for e in events(debug) if e["level"] == "debug")


def test_what_the_relation_cache_does_is_said_when_it_is_asked_for(host, shop):
    _, usual = host.run(["seed"], shop)
    assert not events(usual, "CacheAction") and not events(usual, "CacheDumpGraph")
    _, asked = host.run(["--debug", "--log-cache-events", "seed"], shop)
    assert any(e["console"] for e in events(asked, "CacheAction"))


def test_failing_model_is_exit_code_1(host, shop):
    shop.write("models/broken.sql", "select no_such_column from {{ ref('orders') }}")
    shop.write("models/after.sql", "select * from {{ ref('broken') }}")
    finished, messages = host.run(["build"], shop)
    assert (finished["exit_code"], finished["signal"]) == (1, None)
    broken = next(e for e in events(messages, "NodeFinished") if e["node"]["name"] == "broken")
    assert broken["node"]["status"] == "error"
    assert "no_such_column" in broken["node"]["message"]
    assert broken["execution_time"] > 0
    assert any("no_such_column" in e["msg"] for e in events(messages) if e["level"] == "error")
    skipped = [e for e in events(messages) if e["node"] and e["node"]["name"] == "after"]
    assert skipped[-1]["node"]["status"] == "skipped"


def test_failing_test_is_exit_code_1(host, shop):
    shop.write("tests/never.sql", "select * from {{ ref('orders') }}")
    finished, messages = host.run(["build"], shop)
    assert finished["exit_code"] == 1
    result = next(e for e in events(messages, "LogTestResult") if e["node"]["name"] == "never")
    assert result["node"]["status"] == "fail" and "FAIL 2" in result["msg"]


def test_compilation_error_is_exit_code_2_with_its_text(host, shop):
    shop.write("models/broken.sql", "select * from {{ ref('nowhere') }}")
    finished, messages = host.run(["build"], shop)
    assert finished["exit_code"] == 2
    assert "Compilation Error" in finished["error"]
    assert "depends on a node named 'nowhere' which was not found" in finished["error"]
    shown = events(messages, "MainEncounteredError")
    assert shown[0]["level"] == "error" and "nowhere" in shown[0]["msg"]


def test_missing_profile_field_is_exit_code_2(host, shop):
    shop.write(
        "profiles.yml",
        "shop: {target: dev, outputs: {dev: {type: postgres, host: x, port: 1, "
        "user: u, dbname: d, schema: s}}}\n",
    )
    finished, _ = host.run(["build"], shop)
    assert finished["exit_code"] == 2
    assert "'password' is a required property" in finished["error"]


def test_missing_package_is_exit_code_2(host, shop):
    shop.write("packages.yml", "packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.3.0\n")
    finished, _ = host.run(["build"], shop)
    assert finished["exit_code"] == 2
    assert "dbt deps" in finished["error"]


def test_no_project_is_exit_code_2(host, tmp_path):
    finished, messages = host.run(["build"], tmp_path)
    assert finished["exit_code"] == 2
    assert "dbt_project.yml" in finished["error"]
    assert "dbt_project.yml" in str([m.get("msg") or m.get("text") for m in messages])


def test_unknown_option_prints_what_the_command_line_would(host, shop):
    finished, messages = host.run(["build", "--no-such-option"], shop)
    assert finished["exit_code"] == 2
    text = "\n".join(outputs(messages))
    assert text.startswith("Usage: dbt build [OPTIONS]\nTry 'dbt build --help' for help.\n")
    assert "No such option" in text and "--no-such-option" in text
    assert finished["error"] == text


def test_unknown_command(host, shop):
    finished, messages = host.run(["frobnicate"], shop)
    assert finished["exit_code"] == 2
    assert "No such command 'frobnicate'" in finished["error"]
    assert "No such command 'frobnicate'" in "\n".join(outputs(messages))


def test_missing_folder(host, tmp_path):
    finished, _ = host.run(["build"], tmp_path / "nowhere")
    assert finished["exit_code"] == 2
    assert "nowhere" in finished["error"]


def test_ls_writes_plain_output(host, shop):
    finished, messages = host.run(["ls", "--resource-type", "model"], shop)
    assert finished["exit_code"] == 0
    assert outputs(messages) == ["shop.orders", "shop.totals"]
    assert not events(messages, "PrintEvent")
    _, quiet = host.run(["--quiet", "ls", "--resource-type", "model"], shop)
    assert outputs(quiet) == ["shop.orders", "shop.totals"]


def test_json_log_format_stays_dbts_own(host, shop):
    _, messages = host.run(["--log-format", "json", "ls"], shop)
    assert any(line.startswith('{"data": ') for line in outputs(messages))
    assert not any(e["console"] for e in events(messages))


def test_version_asks_no_package_index(host, shop):
    finished, messages = host.run(["--version"], shop)
    assert finished["exit_code"] == 0
    text = "\n".join(outputs(messages))
    assert f"installed: {host.ready['dbt_version']}" in text
    assert "could not be determined" in text


def test_nothing_is_tracked(host, shop):
    _, messages = host.run(["ls"], shop)
    arguments = events(messages, "MainReportArgs")[0]["msg"]
    assert "'send_anonymous_usage_stats': 'False'" in arguments
    assert not any("Sending event" in e["msg"] for e in events(messages))


def test_two_invocations_at_once(host, shop, tmp_path):
    from conftest import Project

    other = Project(tmp_path / "other").write("models/only.sql", "select 1 as id")
    first = host.invoke(["build"], shop)
    second = host.invoke(["build"], other)
    finished_second, of_second = host.finish(second)
    finished_first, of_first = host.finish(first)
    assert (finished_first["exit_code"], finished_second["exit_code"]) == (0, 0)
    names = lambda ms: {e["node"]["name"] for e in events(ms) if e["node"]}  # noqa: E731
    assert names(of_second) == {"only"}
    assert "orders" in names(of_first) and "only" not in names(of_first)


def test_environment_is_the_invocations_own(host, shop):
    shop.macro("{{ print('A=' ~ env_var('A', 'none') ~ ' B=' ~ env_var('B', 'none')) }}")
    operation = ["run-operation", "do_it"]
    _, first = host.run(operation, shop, env={"A": "1"})
    _, second = host.run(operation, shop, env={"B": "2"})
    assert outputs(first) == ["A=1 B=none"]
    assert outputs(second) == ["A=none B=2"]


def test_dbt_options_and_package_hub_come_from_the_invocations_environment(host, shop):
    _, messages = host.run(["ls"], shop, env={"DBT_TARGET_PATH": "elsewhere"})
    assert (shop.folder / "elsewhere" / "manifest.json").exists()
    shop.write("packages.yml", "packages:\n  - package: a/b\n    version: 1.0.0\n")
    finished, messages = host.run(
        ["deps"], shop, env={"DBT_PACKAGE_HUB_URL": "http://127.0.0.1:1/", "NO_PROXY": "*"}
    )
    assert finished["exit_code"] == 2
    assert "127.0.0.1" in finished["error"]


def test_log_times_follow_no_time_zone_of_the_host(host, shop):
    _, messages = host.run(["ls"], shop, env={"TZ": "Asia/Tokyo"})
    stamp = datetime.datetime.fromisoformat(events(messages)[0]["ts"])
    now = datetime.datetime.now(datetime.timezone.utc)
    assert abs((now - stamp).total_seconds()) < 300


def test_secrets_never_leave(host, shop):
    secret, password = "hunter2-secret", 'pass"word\nline-two-of-it'
    shop.python_model(
        "noisy",
        "import os, sys\n"
        "print('stdout', os.environ['DBT_ENV_SECRET_TOKEN'])\n"
        "print('line-two-of-it', file=sys.stderr)\n"
        "raise ValueError('error ' + os.environ['DBT_ENV_SECRET_TOKEN'])",
    )
    shop.macro("{{ log('from a macro: hunter2-secret', info=true) }}")
    more = {"env": {"DBT_ENV_SECRET_TOKEN": secret}, "secrets": [password]}
    finished, messages = host.run(["run", "--select", "noisy"], shop, **more)
    assert finished["exit_code"] == 1
    _, logged = host.run(["run-operation", "do_it"], shop, **more)
    everything = str(messages) + str(logged) + str(finished)
    assert secret not in everything and "line-two-of-it" not in everything
    assert "stdout *****" in outputs(messages)
    assert "error *****" in str(events(messages))
    assert any(e["msg"] == "from a macro: *****" for e in events(logged))


def test_huge_lines_are_cut_with_a_mark(host, shop):
    mebibyte = 1024 * 1024
    shop.macro("{{ log('é' * 3000000, info=true) }}{{ print('y' * 3000000) }}")
    finished, messages = host.run(["run-operation", "do_it"], shop)
    assert finished["exit_code"] == 0
    logged = next(e["msg"] for e in events(messages) if e["msg"].startswith("éé"))
    printed = next(text for text in outputs(messages) if text.startswith("yy"))
    assert logged.endswith(" … [cut: 6000000 bytes in all]")
    assert printed.endswith(" … [cut: 3000000 bytes in all]")
    assert all(len(text.encode()) < mebibyte + 100 for text in (logged, printed))


def test_huge_raw_output_and_bytes_that_are_no_text(host, shop):
    shop.python_model(
        "noisy",
        "import os\nos.write(1, b'z' * 3000000 + b'\\n' + b'\\xff\\x00bad\\r\\nlast')",
    )
    finished, messages = host.run(["run", "--select", "noisy"], shop)
    assert finished["exit_code"] == 0
    lines = outputs(messages)
    assert lines[0].startswith("zzz") and lines[0].endswith(" … [cut: 3000000 bytes in all]")
    assert lines[1:] == ["\ufffd\ufffdbad", "last"]


def test_a_cut_leaves_no_half_of_a_secret(host, shop):
    secret = "0123456789abcdef" * 4
    # Replacing the first half's secrets makes the text shorter than a line, so the end of what
    # was kept, inside a secret, would be seen.
    shop.python_model("noisy", f"print(('{secret}' * 33000 + 'w' * 7) * 2)")
    _, messages = host.run(["run", "--select", "noisy"], shop, secrets=[secret])
    line = outputs(messages)[0]
    assert "[cut: " in line and "0123" not in line


def test_more_output_than_anyone_reads_waits_for_its_reader(host, shop):
    shop.macro("{% for i in range(24) %}{{ print('w' * 900000) }}{% endfor %}")
    host.pause_reading()
    ident = host.invoke(["run-operation", "do_it"], shop)
    # A second command gets through although nothing is read.
    other = host.invoke(["ls"], shop)
    host.resume_reading()
    finished, messages = host.finish(ident)
    assert finished["exit_code"] == 0
    assert [len(text) for text in outputs(messages)] == [900000] * 24
    assert host.finish(other)[0]["exit_code"] == 0

