"""Engine host for dbt Core 1.x: imports dbt once and forks a child for each invocation.

Started by the interpreter of an engine's folder:

    <engine>/bin/python -I host.py                   cold: one session, on stdin and stdout
    <engine>/bin/python -I host.py --listen SOCKET   warm: a session for each connection;
                                                     with --merge-memory the kernel may merge
                                                     equal pages of them (KSM)

A session is lines of JSON both ways; no line is longer than FRAME_BYTES_MAX. Its first command says
how it is confined; `plan` is that of infra/sandbox, or null to stay as it is.

    -> {"type":"confine","plan":{…}|null}
    <- {"type":"confined","pid":76}
    -> {"type":"invoke","id":"3","argv":["build"],"cwd":"…","env":{…},"secrets":["…"]}
    -> {"type":"cancel","id":"3","grace_ms":5000}
    <- {"type":"ready","dbt_version":"1.11.16","adapters":{"duckdb":"1.11.1"},"pid":1}
    <- {"type":"started","id":"3","pid":77}
    <- {"type":"event","id":"3","name":…,"level":…,"ts":…,"thread":…,"msg":…,"console":true,
        "node":{…}|null,"index":…|null,"total":…|null,"execution_time":…|null}
    <- {"type":"output","id":"3","text":"one line of the command's own output"}
    <- {"type":"rows","id":"3","about":"Previewing node 'x':","text":"| id |\n…","count":5|null}
    <- {"type":"finished","id":"3","exit_code":0,"error":null,"signal":null}
    <- {"type":"error","id":"3"|null,"error":"why a command was refused"}

`env` is the child's whole environment. `secrets` (optional) and every DBT_ENV_SECRET* value are
replaced by asterisks in whatever leaves the host, however they are spelled (host_text.py). `console` tells whether dbt would have written
the event to a terminal. Messages keep the colours that dbt gives them (DBT_USE_COLORS=false or
--no-use-colors turns them off, as on dbt's command line). `rows` are what SQL returned, which is
to be kept nowhere (host_rows.py); no other message holds any. `exit_code` is dbt's own: 0 success,
1 a node or check failed, 2 anything else; with `signal` set when a signal ended the child.

When stdin ends, or the parent process does, the children are killed and the host exits.
"""

import gc
import json
import os
import resource
import sys

# The host's folder may be shared and read-only, the engine's is compiled already.
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import host_confine  # noqa: E402
import host_heap  # noqa: E402
import host_prctl  # noqa: E402
import host_preload  # noqa: E402
import host_rehearsal  # noqa: E402
import host_warm  # noqa: E402
from host_loop import READ_BYTES, Host  # noqa: E402
from host_text import FRAME_BYTES_MAX, LineReader  # noqa: E402

REHEARSED = "MILLWRIGHT_REHEARSED"
"""Set while the host starts itself anew, because its rehearsal was not clean."""


def _send_line(fd, message):
    view = memoryview(json.dumps(message, separators=(",", ":")).encode() + b"\n")
    while view:
        view = view[os.write(fd, view) :]


def serve(commands_fd, messages_fd, ready):
    """One session, from its greeting to the end of its commands."""
    try:
        _serve(commands_fd, messages_fd, ready)
    except (BrokenPipeError, ConnectionResetError):
        pass  # who asked for the session has gone, and wants nothing any more


def _serve(commands_fd, messages_fd, ready):
    _send_line(messages_fd, {**ready, "pid": os.getpid()})
    commands = LineReader(FRAME_BYTES_MAX)
    lines = []
    while not lines:
        data = os.read(commands_fd, READ_BYTES)
        if not data:
            return
        lines = list(commands.feed(data))
    try:
        plan = _plan_of(lines[0][0])
        pid, confined = os.getpid(), plan is not None
        if confined:
            library = host_confine.load_library()
            pid = host_confine.confine(plan, {commands_fd, messages_fd}, library)
    except host_confine.Refused as problem:
        _send_line(messages_fd, {"type": "error", "id": None, "error": str(problem)})
        return
    # Of nothing but a namespace of its own may it end everything.
    first = confined and os.getpid() == 1
    # Before it is said that the session stands: from then on signals are the host's to handle.
    host = Host(commands_fd, messages_fd, commands, first)
    _send_line(messages_fd, {"type": "confined", "pid": pid})
    host.run(lines[1:])


def _plan_of(line):
    try:
        command = json.loads(line)
        if command["type"] == "confine" and isinstance(command["plan"], (dict, type(None))):
            return command["plan"]
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise host_confine.Refused('the first command must be "confine", with a "plan"')


def _threads():
    return len(os.listdir("/proc/self/task"))


def _let_memory_be_merged():
    try:
        host_prctl.let_memory_be_merged()
    except OSError as problem:  # before Linux 6.4, or without KSM
        print(f"memory is not merged: {problem}", file=sys.stderr, flush=True)


def main():
    # From here on only this module can write to the real stdout; a stray print, while dbt is
    # imported, lands on stderr.
    messages_fd = os.dup(1)
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    listens = sys.argv[1:2] == ["--listen"]
    dbt_version, adapters = host_preload.preload()
    if listens and REHEARSED not in os.environ:
        os.environ[REHEARSED] = "no"
        host_rehearsal.rehearse(adapters)
        if _threads() != 1:
            # Whatever it left behind would not survive a fork: begin again, without.
            print("the rehearsal left threads behind", file=sys.stderr, flush=True)
            os.dup2(messages_fd, 1)
            os.execv(sys.executable, sys.orig_argv)
    os.environ.pop(REHEARSED, None)
    if _threads() != 1:
        sys.exit(f"importing dbt started {_threads() - 1} thread(s): its children could hang")
    # The imported modules stay in shared pages: the collector never touches them again.
    gc.collect()
    if listens:
        host_heap.fill()
        if sys.argv[3:] == ["--merge-memory"]:
            _let_memory_be_merged()
    gc.freeze()
    ready = {"type": "ready", "dbt_version": dbt_version, "adapters": adapters}
    if listens:
        warm = host_warm.WarmHost(sys.argv[2], lambda fd: serve(fd, os.dup(fd), ready))
        _send_line(messages_fd, {**ready, "pid": os.getpid()})
        print(f"warm host ends: {warm.run()}", file=sys.stderr, flush=True)
    else:
        serve(0, messages_fd, ready)


if __name__ == "__main__":
    main()
