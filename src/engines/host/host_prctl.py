"""What a process asks of the kernel about itself: prctl(2), by ctypes."""

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_MEMORY_MERGE = 67

_libc = ctypes.CDLL(None, use_errno=True)


def _prctl(option, value):
    if _libc.prctl(option, int(value), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl({option}) failed: {os.strerror(number)}")


def set_parent_death_signal(signum):
    """`signum` is sent to this process when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, signum)


def rule_out_new_privileges():
    """For this process and all that come of it."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def set_others_may_look(may):
    """Whether other processes of this user may look into this one, and it into its own /proc."""
    _prctl(PR_SET_DUMPABLE, may)


def let_memory_be_merged():
    """The kernel may keep equal pages of this process and of all that it forks once (KSM)."""
    _prctl(PR_SET_MEMORY_MERGE, True)
