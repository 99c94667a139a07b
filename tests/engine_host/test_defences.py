"""Every defence of the sandbox, up and down: what an attack gets must differ, or the test shows nothing."""

import pathlib
import socket

import pytest
from conftest import HOST
from hostile import LOOT, NAMESPACES, WAYS, Machine, loot

pytestmark = pytest.mark.skipif(
    not (HOST.parent / "libmillwright_sandbox.so").exists(),
    reason="the sandbox's library is not beside the host: set MILLWRIGHT_TEST_SHARE_DIR")

UP_OR_DOWN = pytest.mark.parametrize("up", [True, False], ids=["up", "down"])

LIMITS = {"open_files_max": 256, "processes_max": 96, "file_bytes_max": 64 * 1024 * 1024}


@pytest.fixture(scope="module")
def machine(engine):
    made = Machine(engine)
    yield made
    made.close()


@pytest.fixture(scope="module")
def hosts(machine):
    """One host for each set of defences that is down, as a test asks for it."""
    running = {}

    def host(*left_out):
        if left_out not in running:
            running[left_out] = machine.host(left_out, **LIMITS)
        return running[left_out]
    return host


# ---- the ways in: what a project consists of


@UP_OR_DOWN
@pytest.mark.parametrize("way", WAYS)
def test_what_a_project_takes(machine, hosts, way, up):
    prepare, expected = WAYS[way]
    host = hosts() if up else hosts(*NAMESPACES)
    project = machine.project(f"{way.replace(' ', '-')}-{up}")
    printed, finished = machine.run(host, project, *prepare(machine, project))
    assert finished["exit_code"] == 0, printed
    seen = [text for text in printed if text.startswith("saw ")]
    assert seen, printed
    sees_neighbour = any(f"/proc/{machine.neighbour.pid}/cmdline" in text for text in seen)
    assert (loot(printed), sees_neighbour) == ((set(), False) if up else (expected, True))


@UP_OR_DOWN
@pytest.mark.parametrize("way", ["a Python model", "a package"])
def test_a_process_that_is_to_outlive_the_run(machine, way, up):
    host = machine.host(() if up else ("pid_namespace",), **LIMITS)
    project = machine.project(f"{way.replace(' ', '-')}-stays-{up}")
    place = project
    if way == "a package":
        place = machine.project(f"{way.replace(' ', '-')}-stays-{up}/package")
        place.write("dbt_project.yml", "name: guest\nversion: '1.0'\n")
        project.write("packages.yml", "packages: [{local: package}]\n")
    # A shell that reads for ever from a pipe which only it holds.
    place.python_model("stays", f"""
import os, subprocess
read, write = os.pipe()
subprocess.Popen(['sh', '-c', 'cat; : {machine.token}'], stdin=read, pass_fds=[write],
                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
print('started')""")
    printed, finished = machine.run(host, project, ["deps"], ["run"])
    assert finished["exit_code"] == 0 and "started" in printed, printed
    assert host.close() == 0
    left_behind = machine.left_behind()
    machine.end_left_behind()
    assert bool(left_behind) is not up


# ---- the defences, one by one


def reads(path):
    return f"say(open({str(path)!r}).read())"


def attacks(machine):
    """{defence: (what a Python model does, what it says when it gets its way)}"""
    cgroup = pathlib.Path("/proc/self/cgroup").read_text()
    return {
        "user_namespace": (reads(f"/proc/{machine.neighbour.pid}/environ"), f"WORD={LOOT}\0"),
        "new_root": (reads(machine.other / "profiles.yml"), LOOT),
        "pid_namespace": (f"import os\nos.kill({machine.neighbour.pid}, 0)\nsay('reached')", "reached"),
        "ipc_namespace": (f"""
import ctypes
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget({machine.key}, {len(LOOT)}, 0)
say(ctypes.string_at(libc.shmat(segment, None, 0), {len(LOOT)}).decode() if segment >= 0 else None)""",
                          LOOT),
        "uts_namespace": ("import socket\nsay(socket.gethostname())", socket.gethostname()),
        "cgroup_namespace": ("say(open('/proc/self/cgroup').read())", cgroup),
        "read_only": (f"""
open({str(machine.read_only / "poisoned.py")!r}, 'w').close()
open('/etc/ld.so.preload', 'w').close()
say('wrote')""", "wrote"),
        "privileges": ("import ctypes\nsay(ctypes.CDLL(None).sethostname(b'mine', 4))", 0),
        # In a process of one thread, as the kernel wants it.
        "system_calls": (f"""
import subprocess, sys
code = 'import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))'
say(int(subprocess.run([sys.executable, '-c', code], capture_output=True).stdout))""", 0),
    }


def test_each_defence_has_an_attack(machine):
    """`limits` has several, below."""
    header = pathlib.Path(__file__).parents[2] / "src/infra/sandbox/defence.hpp"
    listed = header.read_text().split("enum class Defence {")[1].split("}")[0]
    assert {*attacks(machine), "limits"} == {
        line.split(",")[0].strip() for line in listed.splitlines() if line.strip()}


@UP_OR_DOWN
@pytest.mark.parametrize("defence", [
    "user_namespace", "new_root", "pid_namespace", "ipc_namespace", "uts_namespace", "cgroup_namespace", "read_only",
    "privileges", "system_calls"])
def test_an_attack_on(machine, hosts, defence, up):
    attack, success = attacks(machine)[defence]
    if defence == "cgroup_namespace" and all(
            line.endswith(":/") for line in success.splitlines()):
        pytest.skip("the tests run in the root of every cgroup: there is no path to hide")
    if defence == "user_namespace":
        # Where the process is hidden by others as well, it has nothing to do.
        host = hosts("new_root", "pid_namespace") if up else hosts(*NAMESPACES)
    else:
        host = hosts() if up else hosts(defence)
    said = machine.say(host, attack)
    assert (said == success) is not up, said


@UP_OR_DOWN
@pytest.mark.parametrize("attack", [
    "files = [open('/dev/null') for _ in range(300)]\nsay('more')",
    "import os\nos.truncate(os.open('/tmp/large', os.O_CREAT | os.O_WRONLY), 65 << 20)\nsay('more')",
    """
import subprocess
started = []
try:
    for _ in range(100):
        started.append(subprocess.Popen(['sleep', '600']))
    say('more')
finally:
    for each in started:
        each.kill()
        each.wait()""",
], ids=["open files", "a file's size", "processes"])
def test_an_attack_on_the_limit_of(machine, hosts, attack, up):
    said = machine.say(hosts() if up else hosts("limits"), attack)
    assert (said == "more") is not up, said


# ---- the defences that are the host's own or the plan's


@UP_OR_DOWN
def test_the_memory_of_the_session(machine, up):
    patch = ("host_confine.py", "set_others_may_look(False)", "set_others_may_look(True)")
    host = machine.host(patches=[] if up else [patch], **LIMITS)
    said = machine.say(host, "say('SESSION=' in open('/proc/1/environ').read())")
    assert said == ("PermissionError" if up else True)


@UP_OR_DOWN
def test_a_daemon_between_two_commands(machine, up):
    patch = ("host_loop.py", "            _kill_all_others()\n", "            pass\n")
    host = machine.host(patches=[] if up else [patch], **LIMITS)
    machine.say(host, """
import subprocess
say(subprocess.Popen(['sleep', '601'], start_new_session=True, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL).pid > 0)""")
    said = machine.say(host, """
import glob
say(any(b'sleep' in open(path, 'rb').read() for path in glob.glob('/proc/[0-9]*/cmdline')))""")
    assert said is not up


@UP_OR_DOWN
def test_what_others_left_in_tmp(machine, up):
    host = machine.host(own_tmp=up, **LIMITS)
    said = machine.say(host, reads(machine.in_tmp))
    assert said == ("FileNotFoundError" if up else LOOT)


def test_the_library_that_ships_has_no_holes():
    assert b"left_out" not in (HOST.parent / "libmillwright_sandbox.so").read_bytes()
