"""The loop of a session: reads commands, runs each invocation in a child, passes on what that says.

The protocol is in host.py, a child's life in host_child.py.
"""

import json
import os
import select
import signal
import time

import host_child
import host_prctl
from host_text import FRAME_BYTES_MAX, PIECE_BYTES_MAX, LineReader
from host_text import Scrubber, clip, printable

CANCEL_GRACE_S = 5.0
DRAIN_S = 2.0
"""How long a pipe that something still holds open may stay silent after the child's end."""
OUTBOX_BYTES_MAX = 4 * 1024 * 1024
"""With this much unread by the parent process, children are not read from: they wait."""
READ_BYTES = 64 * 1024

LEVELS = ("debug", "info", "warn", "error")
NODE_KEYS = (
    *("unique_id", "resource_type", "name", "relation", "materialized", "status"),
    *("started_at", "finished_at", "message"),
)


class Invocation:
    """A running child and what it has sent so far."""

    def __init__(self, request, pid, frames_fd, output_fd):
        self.id = request["id"]
        self.pid = pid
        self.scrub = Scrubber(request["env"], request.get("secrets") or ())
        self.readers = {
            frames_fd: LineReader(FRAME_BYTES_MAX),
            output_fd: LineReader(PIECE_BYTES_MAX),
        }
        self.frames_fd = frames_fd
        self.result = None
        self.wait_status = None
        self.kill_at = None
        self.drain_until = None

    def outcome(self):
        """(exit code, error, signal) from how the process ended and what it said before."""
        if os.WIFSIGNALED(self.wait_status):
            signum = os.WTERMSIG(self.wait_status)
            name = signal.Signals(signum).name if signum in list(signal.Signals) else "unknown"
            hint = "; it may have run out of memory" if signum == signal.SIGKILL else ""
            if self.kill_at is not None:
                hint = " after a request to cancel"
            error = f"dbt was ended by signal {signum} ({name}){hint}"
            return host_child.EXIT_UNHANDLED, error, signum
        code = os.WEXITSTATUS(self.wait_status)
        if self.result and self.result.get("exit_code") == code:
            return code, self.result.get("error"), None
        error = f"dbt ended with exit code {code} before it had a result"
        return code or host_child.EXIT_UNHANDLED, error, None


class Host:
    """The loop of a session: one thread, every descriptor in one poll.

    `commands` is the reader of what has come so far. As the `first` process of a pid namespace it
    inherits what invocations leave behind, and ends it with them.
    """

    def __init__(self, commands_fd, messages_fd, commands, first=False):
        self._commands_fd = commands_fd
        self._messages_fd = messages_fd
        self._commands = commands
        self._first = first
        self._outbox = bytearray()
        self._by_id = {}
        self._by_fd = {}
        self._stopping = False
        self._parent_pid = os.getppid()
        self._wake_r, self._wake_w = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        os.set_blocking(messages_fd, False)
        signal.set_wakeup_fd(self._wake_w, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_sigterm)
        signal.signal(signal.SIGHUP, self._on_sighup)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if not first:
            host_prctl.set_parent_death_signal(signal.SIGHUP)

    def _on_sigterm(self, *_):
        self._stopping = True

    def _on_sighup(self, *_):
        # The kernel sends it when the *thread* that started the host ends, too.
        if os.getppid() != self._parent_pid:
            self._stopping = True

    def run(self, lines=()):
        """Until the commands end; `lines` have been read already."""
        try:
            self._obey(lines)
            while not self._stopping:
                self._turn()
        finally:
            for invocation in self._by_id.values():
                _kill_group(invocation.pid, signal.SIGKILL)

    def _turn(self):
        poll = select.poll()
        poll.register(self._wake_r, select.POLLIN)
        poll.register(self._commands_fd, select.POLLIN)
        # POLLERR alone still comes when the parent closes its end.
        poll.register(self._messages_fd, select.POLLOUT if self._outbox else 0)
        congested = len(self._outbox) > OUTBOX_BYTES_MAX
        if not congested:
            for fd in self._by_fd:
                poll.register(fd, select.POLLIN)
        for fd, events in poll.poll(self._timeout_ms(congested)):
            if fd == self._wake_r:
                _drain(self._wake_r)
            elif fd == self._commands_fd:
                self._read_commands()
            elif fd == self._messages_fd:
                self._stopping = self._stopping or bool(events & select.POLLERR)
                self._write_messages()
            elif fd in self._by_fd:
                self._read_child(self._by_fd[fd], fd)
        self._reap()
        self._keep_deadlines(congested)

    def _timeout_ms(self, congested):
        deadlines = [i.kill_at for i in self._by_id.values() if i.kill_at is not None]
        if not congested:
            deadlines += [i.drain_until for i in self._by_id.values() if i.drain_until is not None]
        if not deadlines:
            return None
        return max(0, int((min(deadlines) - time.monotonic()) * 1000) + 1)

    # ── commands ────────────────────────────────────────────────────────────────────────────

    def _read_commands(self):
        try:
            data = os.read(self._commands_fd, READ_BYTES)
        except BlockingIOError:
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._stopping = True
            return
        self._obey(self._commands.feed(data))

    def _obey(self, lines):
        for line, total in lines:
            if total > FRAME_BYTES_MAX:
                self._refuse(None, f"a command of {total} bytes is longer than {FRAME_BYTES_MAX}")
            elif line.strip():
                self._command(line)

    def _command(self, line):
        try:
            command = json.loads(line)
            kind, ident = command["type"], command["id"]
        except (ValueError, TypeError, KeyError, RecursionError):
            self._refuse(None, 'a command is one line of JSON with "type" and "id"')
            return
        if kind == "invoke":
            problem = _invoke_problem(command) or (
                "this id is in use" if ident in self._by_id else None
            )
            if problem:
                self._refuse(ident if isinstance(ident, str) else None, problem)
            else:
                self._invoke(command)
        elif kind == "cancel":
            # An unknown id is an invocation that ended meanwhile.
            if isinstance(ident, str) and ident in self._by_id:
                self._cancel(self._by_id[ident], command.get("grace_ms"))
        else:
            self._refuse(ident if isinstance(ident, str) else None, "unknown type of command")

    def _refuse(self, ident, why):
        self._send({"type": "error", "id": ident, "error": why})

    def _invoke(self, request):
        frames_r, frames_w = os.pipe()
        output_r, output_w = os.pipe()
        ready_r, ready_w = os.pipe()
        host_pid = os.getpid()
        private = [self._messages_fd, self._wake_r, self._wake_w, *self._by_fd]
        private += [frames_r, output_r, ready_r]
        try:
            pid = os.fork()
        except OSError as problem:
            for fd in (frames_r, frames_w, output_r, output_w, ready_r, ready_w):
                os.close(fd)
            self._finished(request["id"], 2, f"no process could be started: {problem}", None)
            return
        if pid == 0:
            host_child.run(request, host_pid, frames_w, output_w, ready_w, private)
        for fd in (frames_w, output_w, ready_w):
            os.close(fd)
        # Until the child leads its own process group, a cancel would not find it.
        os.read(ready_r, 1)
        os.close(ready_r)
        invocation = Invocation(request, pid, frames_r, output_r)
        self._by_id[invocation.id] = invocation
        for fd in invocation.readers:
            self._by_fd[fd] = invocation
        self._send({"type": "started", "id": invocation.id, "pid": pid})

    def _cancel(self, invocation, grace_ms):
        if invocation.kill_at is None and invocation.wait_status is None:
            valid = isinstance(grace_ms, (int, float)) and grace_ms >= 0
            grace_s = grace_ms / 1000 if valid else CANCEL_GRACE_S
            invocation.kill_at = time.monotonic() + grace_s
            _kill_group(invocation.pid, signal.SIGINT)

    # ── children ────────────────────────────────────────────────────────────────────────────

    def _read_child(self, invocation, fd):
        data = os.read(fd, READ_BYTES)
        reader = invocation.readers[fd]
        lines = reader.feed(data) if data else reader.rest()
        for line, total in lines:
            if fd != invocation.frames_fd:
                self._output(invocation, line.decode("utf-8", "replace"), total)
            elif data:  # a frame without its newline is what a crash left behind
                self._frame(invocation, line, total)
        if not data:
            self._close_child_pipe(invocation, fd)
        elif invocation.drain_until is not None:
            invocation.drain_until = time.monotonic() + DRAIN_S

    def _frame(self, invocation, line, total):
        try:
            frame = json.loads(line) if total <= FRAME_BYTES_MAX else None
        except (ValueError, RecursionError):
            frame = None
        if not isinstance(frame, dict):
            self._output(invocation, f"[an unreadable event of {total} bytes was left out]", None)
        elif isinstance(frame.get("event"), dict):
            self._event(invocation, frame["event"])
        elif isinstance(frame.get("output"), str):
            self._output(invocation, frame["output"], _number(frame.get("bytes")))
        elif isinstance(frame.get("rows"), str):
            self._rows(invocation, frame)
        elif isinstance(frame.get("result"), dict):
            invocation.result = frame["result"]

    def _event(self, invocation, event):
        # Field by field: a Python model could write to the pipe what it likes.
        message = {"type": "event", "id": invocation.id}
        for key in ("name", "level", "ts", "thread"):
            message[key] = self._clean(invocation, event.get(key)) or ""
        message["msg"] = self._clean(invocation, event.get("msg"), _number(event.get("bytes"))) or ""
        if message["level"] not in LEVELS:
            message["level"] = "info"
        message["console"] = event.get("console") is True
        node = event.get("node")
        message["node"] = (
            {key: self._clean(invocation, node.get(key)) for key in NODE_KEYS}
            if isinstance(node, dict)
            else None
        )
        for key in ("index", "total", "execution_time"):
            message[key] = _number(event.get(key))
        self._send(message)

    def _output(self, invocation, text, total):
        text = self._clean(invocation, text.rstrip("\r"), total)
        self._send({"type": "output", "id": invocation.id, "text": text})

    def _rows(self, invocation, frame):
        message = {"type": "rows", "id": invocation.id}
        message["about"] = self._clean(invocation, frame.get("about")) or ""
        message["text"] = self._clean(invocation, frame["rows"], _number(frame.get("bytes")))
        message["count"] = _number(frame.get("count"))
        self._send(message)

    def _clean(self, invocation, value, total=None):
        """`value` without secrets and bounded; `total` is its length in bytes before any cut."""
        if not isinstance(value, str):
            return None
        torn = total is not None and total > PIECE_BYTES_MAX
        return clip(printable(invocation.scrub(value, torn)), total or 0)

    def _close_child_pipe(self, invocation, fd):
        os.close(fd)
        del self._by_fd[fd]
        del invocation.readers[fd]

    def _reap(self):
        for invocation in list(self._by_id.values()):
            if invocation.wait_status is None:
                self._reap_one(invocation)
            if invocation.wait_status is not None and not invocation.readers:
                self._finish(invocation)
        if self._first:
            self._reap_orphans()

    def _reap_orphans(self):
        own = {invocation.pid: invocation for invocation in self._by_id.values()}
        while True:
            try:
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                return
            if ended.si_pid in own:
                self._reap_one(own[ended.si_pid])
            else:
                os.waitpid(ended.si_pid, 0)

    def _reap_one(self, invocation):
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        if os.waitid(os.P_PID, invocation.pid, flags) is None:
            return
        # What it left behind in its group dies with it; the pid stays ours until waitpid.
        _kill_group(invocation.pid, signal.SIGKILL)
        invocation.wait_status = os.waitpid(invocation.pid, 0)[1]
        others = [i for i in self._by_id.values() if i.wait_status is None]
        if self._first and not others:
            # Also what left the group.
            _kill_all_others()
        invocation.drain_until = time.monotonic() + DRAIN_S

    def _keep_deadlines(self, congested):
        now = time.monotonic()
        for invocation in list(self._by_id.values()):
            if invocation.wait_status is None:
                if invocation.kill_at is not None and now >= invocation.kill_at:
                    _kill_group(invocation.pid, signal.SIGKILL)
                    invocation.kill_at = now + CANCEL_GRACE_S
            elif congested:
                invocation.drain_until = now + DRAIN_S
            elif now >= invocation.drain_until:
                # A program that left the process group holds the pipe open.
                for fd in list(invocation.readers):
                    self._close_child_pipe(invocation, fd)
                self._finish(invocation)

    def _finish(self, invocation):
        del self._by_id[invocation.id]
        exit_code, error, signum = invocation.outcome()
        if error is not None:
            error = self._clean(invocation, str(error))
        self._finished(invocation.id, exit_code, error, signum)

    def _finished(self, ident, exit_code, error, signum):
        message = {"type": "finished", "id": ident, "exit_code": exit_code}
        self._send({**message, "error": error, "signal": signum})

    # ── messages ────────────────────────────────────────────────────────────────────────────

    def _send(self, message):
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
        self._outbox += line.encode("utf-8", "replace") + b"\n"
        self._write_messages()

    def _write_messages(self):
        try:
            while self._outbox:
                written = os.write(self._messages_fd, self._outbox[:READ_BYTES])
                del self._outbox[:written]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self._outbox.clear()
            self._stopping = True


def _invoke_problem(command):
    """Why this invoke command cannot be obeyed, or None."""
    strings = lambda xs: isinstance(xs, list) and all(isinstance(x, str) for x in xs)  # noqa: E731
    env = command.get("env")
    if not isinstance(command["id"], str):
        return '"id" must be a string'
    if not strings(command.get("argv")):
        return '"argv" must be a list of strings'
    if not isinstance(command.get("cwd"), str) or "\0" in command["cwd"]:
        return '"cwd" must be a path'
    if not strings(command.get("secrets") or []):
        return '"secrets" must be a list of strings'
    if not isinstance(env, dict) or not strings(list(env.values())):
        return '"env" must be an object of strings'
    if any("\0" in x or "=" in k or not k for k, v in env.items() for x in (k, v)):
        return '"env" has a name or a value that no environment can hold'
    return None


def _number(value):
    """`value` if it is a number that every JSON reader takes, else None."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if number and abs(value) < 2**53 else None


def _kill_group(pid, signum):
    try:
        os.killpg(pid, signum)
    except (ProcessLookupError, PermissionError):
        pass


def _kill_all_others():
    """As the first process of a pid namespace: everything else in it."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _drain(fd):
    try:
        while os.read(fd, READ_BYTES):
            pass
    except BlockingIOError:
        pass
