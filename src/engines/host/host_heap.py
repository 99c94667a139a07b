"""Fills the holes of the heap, in a process that others are forked from.

Importing and rehearsing leave thousands of pages that are partly in use. What a session allocates would
go into their holes, and each page so written becomes its own: a few bytes cost 4 KiB. With the holes
filled once, in pages that all share, it gets pages that are full of its own.
"""

import ctypes
import os
import sys
import tempfile

SMALL_BYTES_MAX = 512
"""What is larger is not the interpreter's allocator's but the C library's."""
LARGE_BYTES = 96 * 1024
"""Below what the C library maps by itself."""

_filling = []
"""Kept for ever."""


def fill():
    """Whether it could be done: elsewhere than with CPython on glibc it is not, and harms nothing."""
    try:
        # Each object is kept in a list, which takes room of the other allocator.
        _fill_small()
        _fill_large(ctypes.CDLL(None))
        return True
    except (AttributeError, OSError, ValueError):
        return False


def free_blocks(report):
    """{size: free blocks} of the interpreter's allocator, out of its own report.

    >>> free_blocks("class  size  num pools  blocks in use  avail blocks\\n    2    48  273  77582  15238")
    {48: 15238}
    """
    found = {}
    for line in report.splitlines():
        words = line.split()
        if len(words) == 5 and all(word.isdigit() for word in words):
            found[int(words[1])] = int(words[4])
    return found


def _report():
    """It goes to the descriptor of standard error and nowhere else."""
    with tempfile.TemporaryFile() as file:
        own = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            sys._debugmallocstats()
        finally:
            os.dup2(own, 2)
            os.close(own)
        file.seek(0)
        return file.read().decode("ascii", "replace")


def _fill_small():
    bytes_overhead = sys.getsizeof(b"")
    for size, count in free_blocks(_report()).items():
        if size <= 16:
            _filling.append([object() for _ in range(count)])
        elif size < bytes_overhead:
            _filling.append([number + 0.5 for number in range(count)])
        else:
            _filling.append([bytes(size - bytes_overhead) for _ in range(count)])


class _Mallinfo2(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
        "keepcost")]


def _fill_large(libc):
    """From the largest size down, each until one comes from the untouched end of the heap."""
    libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
    libc.malloc.argtypes, libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    libc.sbrk.argtypes = [ctypes.c_ssize_t]
    libc.mallinfo2.restype = _Mallinfo2
    libc.malloc_trim(0)
    untouched = libc.sbrk(0) - libc.mallinfo2().keepcost
    size = LARGE_BYTES
    while size > SMALL_BYTES_MAX:
        block = libc.malloc(size)
        if block is None or block >= untouched:
            libc.free(block)
            size -= max(size // 16, 16)
