"""One dbt invocation, in the process that the host forked for it.

`run` never returns: it confines the process, replaces environment and streams, calls dbt and
leaves through os._exit with dbt's own exit code. Frames to the host are lines of JSON on one pipe:
{"event": {…}} as dbt logs, {"output": "…"} for what dbt prints to stdout on purpose, {"rows": "…"} for
what SQL returned (host_rows.py), and one last {"result": {"exit_code": …, "error": …}}.
"""

import atexit
import gc
import io
import json
import os
import resource
import signal
import sys
import threading
import time
import traceback
from datetime import timezone

import host_prctl
import host_rows
from host_text import PIECE_BYTES_MAX

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_UNHANDLED = 2

# Written to stdout without a time stamp, whatever the log level: the command's own output.
PRINT_EVENTS = frozenset(("PrintEvent", "CompiledNode"))

LEVELS = {"debug": 10, "test": 10, "info": 20, "warn": 30, "error": 40}


class FrameWriter:
    """Writes whole lines to the host, from any of dbt's threads.

    A KeyboardInterrupt between two partial writes would tear a line, so SIGINT that arrives
    while this thread writes is raised when the line is complete.
    """

    def __init__(self, fd):
        self._fd = fd
        self._lock = threading.Lock()
        self._writing_in_main = False
        self._interrupted = False

    def install_signal_handler(self):
        signal.signal(signal.SIGINT, self._on_sigint)

    def _on_sigint(self, _signum, _frame):
        if self._writing_in_main:
            self._interrupted = True
        else:
            raise KeyboardInterrupt

    def write(self, frame):
        data = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
        view = memoryview(data.encode("utf-8", "replace") + b"\n")
        in_main = threading.current_thread() is threading.main_thread()
        if in_main:
            self._writing_in_main = True
        try:
            with self._lock:
                while view:
                    view = view[os.write(self._fd, view) :]
        except BrokenPipeError:
            # The host is gone; the kernel is about to end this process too.
            pass
        finally:
            if in_main:
                self._writing_in_main = False
        if in_main and self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt


class EventBridge:
    """dbt's event callback: turns each event into the fields that the protocol names."""

    def __init__(self, writer):
        self._writer = writer
        self._fields = {}
        # dbt's console logger, which is replaced by this bridge; it decides what a terminal
        # would show (--quiet, --log-level, --log-cache-events). None: nothing.
        self._console = None
        # It also makes the lines, in a format that the user asked for (--log-format json).
        self._formats = False
        self._console_known = False

    def install(self, requires, get_event_manager):
        """Takes the place of dbt's console logger, before and at each of its logger set-ups."""
        set_up = requires.setup_event_logger

        def set_up_without_console(flags, callbacks=()):
            set_up(flags, list(callbacks))
            manager = get_event_manager()
            self._console_known = True
            self._formats = flags.LOG_FORMAT not in ("default", "text")
            for logger in manager.loggers:
                if logger.name == "stdout_log":
                    self._console = logger
            manager.loggers = [x for x in manager.loggers if x is not self._console]
            for logger in manager.loggers:
                logger.filter = host_rows.may_log(logger.filter)

        requires.setup_event_logger = set_up_without_console
        get_event_manager().callbacks = [self]

    def __call__(self, msg):
        info = msg.info
        if info.name in host_rows.ROW_EVENTS:
            if self._on_console(msg, LEVELS["error"]):
                about, rows, count = host_rows.of_event(msg)
                if self._formats:
                    about, rows = "", self._console.create_line(msg)
                self.rows(about, rows, count)
            return
        if info.name in PRINT_EVENTS:
            if self._on_console(msg, LEVELS["error"]):
                self._output(self._console.create_line(msg) if self._formats else info.msg)
            return
        data = msg.data
        names = self._field_names(data)
        execution_time = data.execution_time if "execution_time" in names else None
        node = None
        if "node_info" in names and data.node_info.unique_id:
            node = _node(data.node_info)
            if "run_result" in names:
                execution_time = data.run_result.execution_time
                node["message"] = _piece(data.run_result.message)[0] or None
        total = "total" if "total" in names else "num_models" if "num_models" in names else None
        level = "debug" if info.level == "test" else info.level
        text, size = _piece(info.msg)
        console = self._on_console(msg, LEVELS.get(level, LEVELS["info"]))
        if self._formats and console:
            self._output(self._console.create_line(msg))
        event = {
            "name": info.name,
            "level": level,
            "ts": _timestamp(info.ts),
            "thread": info.thread,
            "msg": text,
            "bytes": size,
            "console": console and not self._formats,
            "node": node,
            "index": data.index if "index" in names else None,
            "total": getattr(data, total) if total else None,
            "execution_time": execution_time,
        }
        self._writer.write({"event": event})

    def rows(self, about, rows, count):
        text, size = _piece(rows)
        self._writer.write({"rows": text, "bytes": size, "about": _piece(about)[0], "count": count})

    def _output(self, text):
        for line in text.split("\n"):
            piece, size = _piece(line)
            self._writer.write({"output": piece, "bytes": size})

    def _on_console(self, msg, level):
        if not self._console_known:
            return level >= LEVELS["info"]
        console = self._console
        return bool(console and level >= LEVELS[console.level.value] and console.filter(msg))

    def _field_names(self, data):
        descriptor = data.DESCRIPTOR
        names = self._fields.get(descriptor.full_name)
        if names is None:
            names = frozenset(descriptor.fields_by_name)
            self._fields[descriptor.full_name] = names
        return names


def _piece(text):
    """(what a frame may hold of `text`, the length of the whole in bytes)."""
    data = text.encode("utf-8", "replace")
    if len(data) > PIECE_BYTES_MAX:
        text = data[:PIECE_BYTES_MAX].decode("utf-8", "ignore")
    return text, len(data)


def _timestamp(ts):
    when = ts.ToDatetime(tzinfo=timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _utc(text):
    """dbt's node times are UTC without saying so."""
    return text + "Z" if text and not text.endswith("Z") else text or None


def _node(node_info):
    return {
        "unique_id": node_info.unique_id,
        "resource_type": node_info.resource_type,
        "name": node_info.node_name,
        "relation": node_info.node_relation.relation_name or None,
        "materialized": node_info.materialized or None,
        "status": node_info.node_status or None,
        "started_at": _utc(node_info.node_started_at),
        "finished_at": _utc(node_info.node_finished_at),
        "message": None,
    }


def run(request, host_pid, frames_fd, output_fd, ready_fd, private_fds):
    """The child's whole life. `private_fds` are the host's own descriptors."""
    exit_code, error = EXIT_UNHANDLED, None
    writer = FrameWriter(frames_fd)
    try:
        _confine(host_pid, private_fds)
        writer.install_signal_handler()
        _redirect(output_fd)
        os.write(ready_fd, b"1")
        os.close(ready_fd)
        _adopt_environment(request["env"], request["cwd"])
        # A manifest is tens of thousands of objects that stay: looking through them again and
        # again finds no garbage.
        gc.set_threshold(200_000, 20, 100)
        exit_code, error = _invoke(request["argv"], writer)
        _finish_threads_and_exit_handlers()
    except KeyboardInterrupt:
        exit_code, error = EXIT_UNHANDLED, "Interrupted"
    except BaseException as problem:  # noqa: B902: whatever it is, the host must hear of it
        traceback.print_exc()
        exit_code, error = EXIT_UNHANDLED, _describe(problem)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _flush_streams()
        writer.write({"result": {"exit_code": exit_code, "error": error and _piece(error)[0]}})
    finally:
        os._exit(exit_code)


def _confine(host_pid, private_fds):
    os.setsid()
    host_prctl.set_parent_death_signal(signal.SIGKILL)
    if os.getppid() != host_pid:
        os._exit(EXIT_UNHANDLED)  # the host ended before the kernel was asked to watch it
    host_prctl.rule_out_new_privileges()
    # An invocation reads its own /proc, and the worker where its folder is.
    host_prctl.set_others_may_look(True)
    # A core file would hold warehouse rows and credentials.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.set_wakeup_fd(-1)
    for signum in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(signum, signal.SIG_DFL)
    # As the interpreter does by default: a write to a closed pipe is an exception.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    for fd in private_fds:
        os.close(fd)


def _redirect(output_fd):
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.close(output_fd)
    sys.stdin = sys.__stdin__ = open(0, "r", encoding="utf-8", closefd=False)
    for fd, name in ((1, "stdout"), (2, "stderr")):
        raw = open(fd, "wb", buffering=0, closefd=False)
        # Line by line, so that a crash loses nothing that was printed before it.
        stream = io.TextIOWrapper(
            io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _adopt_environment(env, cwd):
    os.environ.clear()
    os.environ.update(
        (name, value)
        for name, value in env.items()
        if not name.startswith(host_rows.RECORDER_PREFIXES)
    )
    # Nothing about a site leaves it, unless its operator says so in the environment.
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    time.tzset()
    os.chdir(cwd)

    import dbt.clients.registry as registry
    import dbt.version as version

    # dbt reads this one variable when it is imported, which the host did long ago.
    registry.DEFAULT_REGISTRY_BASE_URL = (
        os.environ.get("DBT_PACKAGE_HUB_URL") or "https://hub.getdbt.com/"
    )
    # `dbt --version` would ask the package index for newer versions.
    version.get_latest_version = lambda *_args, **_kwargs: None


def _invoke(argv, writer):
    """Calls dbt's command line and returns (exit code, error text or None)."""
    import click
    from dbt.cli import requires
    from dbt.cli.exceptions import ExceptionExit, ResultExit
    from dbt.cli.main import cli

    bridge = EventBridge(writer)
    bridge.install(requires, _event_manager_getter())
    host_rows.divert(bridge.rows)
    sys.argv = ["dbt", *argv]
    # The command line itself rather than dbtRunner, which does the same but throws away the
    # text of usage errors and calls the program 'cli' in them.
    context = {"manifest": None, "callbacks": [bridge], "dbt_runner_command_args": list(argv)}
    try:
        outcome = cli.main(args=list(argv), prog_name="dbt", standalone_mode=False, obj=context)
    except ResultExit:
        return EXIT_FAILED, None
    except ExceptionExit as problem:
        return EXIT_UNHANDLED, _describe(problem.exception)
    except click.Abort:
        return EXIT_FAILED, "Aborted!"
    except click.ClickException as problem:
        text = io.StringIO()
        problem.show(file=text)
        print(text.getvalue(), end="", file=sys.stderr)
        return problem.exit_code, click.unstyle(text.getvalue()).strip()
    except SystemExit as problem:
        code = problem.code if isinstance(problem.code, int) else EXIT_UNHANDLED
        return code, f"dbt left with exit code {code}" if code else None
    # `--help` and `--version` leave click with an exit code instead of a result.
    return (outcome, None) if isinstance(outcome, int) else (EXIT_OK, None)


def _event_manager_getter():
    try:
        from dbt_common.events.event_manager_client import get_event_manager
    except ModuleNotFoundError:  # dbt 1.7
        import dbt.events.functions as functions

        return lambda: functions.EVENT_MANAGER
    return get_event_manager


def _describe(problem):
    if isinstance(problem, KeyboardInterrupt):
        return "Interrupted"
    return str(problem) or type(problem).__name__


def _finish_threads_and_exit_handlers():
    """What the interpreter does when a program ends; dbt-duckdb closes its database here."""
    threading._shutdown()
    atexit._run_exitfuncs()


def _flush_streams():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
