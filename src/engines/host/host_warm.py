"""A warm host: has imported dbt, listens, and forks a host of its own for each session.

A session is a connection to its socket. It ends when the connection does, and goes on when the
warm host is replaced: the two share nothing but pages that neither writes to.
"""

import os
import resource
import select
import signal
import socket
import sys
import time

BACKLOG = 64
ACCEPT_PAUSE_S = 1.0
AGE_MAX_S = 6 * 3600
SESSIONS_MAX = 1000
MEMORY_MAX_KIB = 1024 * 1024


class WarmHost:
    """One thread; `serve(fd)` is called in a new process and never returns."""

    def __init__(self, path, serve):
        self._path = path
        self._serve = serve
        self._stopping = False
        self._sessions = 0
        self._started = time.monotonic()
        self._parent_pid = os.getppid()
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Sessions are reaped by the kernel: nothing here asks how one ended.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

    def _on_stop(self, *_):
        self._stopping = True

    def run(self):
        """Until told to stop, or worn out; returns why."""
        listener = self._listen()
        while not self._stopping:
            readable, _, _ = select.select([listener], [], [], ACCEPT_PAUSE_S)
            if os.getppid() != self._parent_pid:
                return "its owner has ended"
            if readable:
                self._accept(listener)
            worn = self._worn_out()
            if worn:
                return worn
        return "told to stop"

    def _listen(self):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o077)
        # Under another name first: the socket of the host that this one replaces serves until
        # the very moment that this one can.
        fresh = f"{self._path}.{os.getpid()}"
        listener.bind(fresh)
        os.umask(mask)
        listener.listen(BACKLOG)
        listener.setblocking(False)
        os.rename(fresh, self._path)
        return listener

    def _accept(self, listener):
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        connection.setblocking(True)
        self._sessions += 1
        try:
            pid = os.fork()
        except OSError as problem:
            print(f"no session could be started: {problem}", file=sys.stderr, flush=True)
            connection.close()
            return
        if pid:
            connection.close()
            return
        listener.close()
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self._serve(connection.detach())
        os._exit(0)

    def _worn_out(self):
        if self._sessions >= SESSIONS_MAX:
            return f"it has served {self._sessions} sessions"
        if time.monotonic() - self._started >= AGE_MAX_S:
            return f"it is {AGE_MAX_S // 3600} hours old"
        if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >= MEMORY_MAX_KIB:
            return f"it has grown past {MEMORY_MAX_KIB // 1024} MiB"
        return None
