"""Rows that SQL returned, told apart from what dbt says about them.

They go to whoever watches the run and are kept nowhere (docs/adr/0014), so they leave an invocation by
a way of their own, and nothing that dbt writes to its logs and artifacts holds them:

- `dbt show` and whatever else fires ShowNode;
- the differences that a unit test found, which dbt makes a message of;
- a table that a macro prints (`run_query(…).print_table()`), `dbt seed --show` among them.

What a project prints as text, with log() and print(), is its own words and a line of its log.
"""

import functools
import inspect
import io
import json

ROW_EVENTS = frozenset(("ShowNode",))
"""Events whose text is rows."""

NOT_KEPT = "(rows shown live; rows are not kept)"
"""What stands for them in a message; roles/runner/shown_rows.cpp says the same of a log line."""

RECORDER_PREFIXES = ("DBT_RECORDER_", "DBT_ENGINE_RECORDER_")
"""dbt's own recorder writes every row that it sees to a file."""


def may_log(accepts):
    """A filter for one of dbt's loggers that holds back rows."""
    return lambda msg: msg.info.name not in ROW_EVENTS and accepts(msg)


def of_event(msg):
    """(what dbt says before them, the rows, how many) of a ShowNode."""
    text, preview = msg.info.msg, msg.data.preview
    if msg.data.output_format == "json":
        return "", text, len(json.loads(preview))
    about = text[: -len(preview)] if preview and text.endswith(preview) else ""
    return about.rstrip("\n"), preview.rstrip("\n"), _count(preview)


def _count(table):
    """Of a table as agate prints it: each row begins a line, below the names and a rule."""
    return max(0, sum(line.startswith("|") for line in table.split("\n")) - 2)


def divert(emit):
    """From here on rows go to `emit(about, rows, count)`; for one invocation's process."""
    _divert_unit_tests(emit)
    _divert_tables(emit)


def _divert_unit_tests(emit):
    import dbt.task.test

    if not hasattr(dbt.task.test, "UnitTestDiff"):
        return  # dbt 1.7 has none
    runner = dbt.task.test.TestRunner
    # A dbt that has moved it must fail here, and not let rows out.
    build = runner.build_unit_test_run_result

    @functools.wraps(build)
    def build_without_rows(self, test, result):
        if result.diff:
            rendered = result.diff.rendered.strip("\n")
            title, _, table = rendered.partition("\n")
            emit(f"Unit test {test.name}: {title}", table.strip("\n"), None)
            result.diff.rendered = f"{title}\n\n{NOT_KEPT}\n"
        return build(self, test, result)

    runner.build_unit_test_run_result = build_without_rows


def _divert_tables(emit):
    import agate

    def divert_one(name, write):
        original = getattr(agate.Table, name)
        signature = inspect.signature(original)

        @functools.wraps(original)
        def diverted(table, *args, **kwargs):
            call = signature.bind(table, *args, **kwargs)
            if "output" in call.arguments:
                return original(table, *args, **kwargs)
            output = io.StringIO()
            write(original, table, output, args, kwargs)
            return emit("", output.getvalue().rstrip("\n"), len(table.rows))

        setattr(agate.Table, name, diverted)

    def to_output(original, table, output, args, kwargs):
        original(table, *args, output=output, **kwargs)

    for name in ("print_table", "print_html", "print_bars"):
        divert_one(name, to_output)
    # These write to whatever sys.stdout is.
    divert_one("print_csv", lambda _, table, output, args, kw: table.to_csv(output, *args, **kw))
    divert_one("print_json", lambda _, table, output, args, kw: table.to_json(output, *args, **kw))
