"""What a warm host does to its heap, so that sessions share more of its pages."""

import subprocess
import textwrap

from conftest import HOST

HOLES = """
import ctypes, sys
sys.dont_write_bytecode = True
sys.path.insert(0, {host!r})
import host_heap, host_preload, host_rehearsal
host_rehearsal.rehearse(host_preload.preload()[1])
def holes():
    blocks = host_heap.free_blocks(host_heap._report())
    libc = ctypes.CDLL(None)
    libc.mallinfo2.restype = host_heap._Mallinfo2
    info = libc.mallinfo2()
    return sum(size * count for size, count in blocks.items()), info.fordblks - info.keepcost
before, done, after = holes(), host_heap.fill(), holes()
print(done, *before, *after)
"""


def python(engine, code, **env):
    return subprocess.run([engine / "bin" / "python", "-I", "-c", textwrap.dedent(code).format(host=str(HOST.parent))],
                          text=True, capture_output=True, env=env)


def test_it_fills_the_holes_of_both_allocators(engine):
    ran = python(engine, HOLES)
    done, *holes = ran.stdout.split()
    small, large, small_after, large_after = map(int, holes)
    assert done == "True", ran.stderr
    assert small > 1024 * 1024 and small_after < small / 5
    assert large > 1024 * 1024 and large_after < large


def test_what_it_reads_of_the_allocators_report_goes_nowhere_else(engine):
    ran = python(engine, HOLES)
    assert ran.stderr == "" and len(ran.stdout.splitlines()) == 1


def test_another_c_library_harms_nothing(engine):
    ran = python(engine, """
        import ctypes, sys
        sys.path.insert(0, {host!r})
        import host_heap
        class Other: malloc_trim = property(lambda self: self.nothing)
        ctypes.CDLL = lambda name: type("Other", (), dict(malloc=Other(), free=Other(), sbrk=Other()))()
        print(host_heap.fill(), host_heap.free_blocks("no table\\n"))
        """)
    assert ran.stdout == "False {}\n", ran.stderr


def test_it_knows_the_report():
    ran = subprocess.run(["python3", "-m", "doctest", HOST.parent / "host_heap.py"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
