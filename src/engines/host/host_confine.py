"""Confines the process that serves one session, before it hears of the session's project.

The work is done by libmillwright_sandbox.so (infra/sandbox), which lies beside this file, or is
named by MILLWRIGHT_SANDBOX_LIBRARY.
"""

import ctypes
import json
import os
import signal

import host_prctl

ERROR_BYTES = 4096


class Refused(Exception):
    """The session cannot be confined; the text is for the run's log."""


def load_library():
    path = os.environ.get("MILLWRIGHT_SANDBOX_LIBRARY") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "libmillwright_sandbox.so"
    )
    try:
        return ctypes.CDLL(path)
    except OSError as problem:
        raise Refused(f"The sandbox's library cannot be loaded: {problem}") from None


def _half(function, plan):
    error = ctypes.create_string_buffer(ERROR_BYTES)
    if function(plan, error, ctypes.c_size_t(ERROR_BYTES)) != 0:
        raise Refused(error.value.decode("utf-8", "replace"))


def confine(plan, descriptors, library):
    """Returns in the first process of the new namespaces; the caller's own process stays behind,
    waits for that, and ends as it did. `descriptors` are closed in the one that stays.

    Raises Refused, in the caller's process or in the new one.
    """
    text = json.dumps(plan).encode()
    _half(library.mw_sandbox_leave_host, text)
    outside = os.getpid()
    first = os.fork()
    if first:
        _stay_behind(first, descriptors)
    host_prctl.set_parent_death_signal(signal.SIGKILL)
    # From in here the parent is 0 while it lives; that it died before the line above shows in
    # nothing but the end of the commands, which the caller looks for anyway.
    _half(library.mw_sandbox_enter, text)
    # What a session knows is nobody's business, not even of what it starts itself.
    host_prctl.set_others_may_look(False)
    return outside


def _stay_behind(first, descriptors):
    for fd in descriptors:
        os.close(fd)
    signal.set_wakeup_fd(-1)
    # Who wants the session to end closes its descriptors, or kills this process.
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    status = os.waitpid(first, 0)[1]
    if os.WIFSIGNALED(status):
        signum = os.WTERMSIG(status)
        if signum != signal.SIGKILL:
            signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
