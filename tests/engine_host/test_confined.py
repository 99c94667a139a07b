"""A session in its sandbox, and projects that try to get out of it."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest
from conftest import HOST, PATIENCE_S, Project, start_host
from hostile import DEVICES, ETC, SYSTEM

pytestmark = pytest.mark.skipif(
    not (HOST.parent / "libmillwright_sandbox.so").exists(),
    reason="the sandbox's library is not beside the host: set MILLWRIGHT_TEST_SHARE_DIR")


def plan(engine, workspace, *more):
    binds = [{"source": path, "optional": True} for path in SYSTEM]
    binds += [{"source": f"/etc/{name}", "optional": True} for name in ETC]
    binds += [{"source": f"/dev/{name}", "writable": True} for name in DEVICES]
    binds += [{"source": str(engine)}, {"source": str(HOST.parent)}]
    binds += [{"source": str(workspace), "writable": True}]
    binds += [{"source": str(workspace / "tmp"), "inside": "/tmp", "writable": True}]
    binds += [{"source": str(path), "writable": True} for path in more]
    return {
        "root": str(workspace / "root"),
        "binds": [{"inside": "", "writable": False, "optional": False, **bind} for bind in binds],
        "open_files_max": 4096,
        "processes_max": 512,
    }


class Confined:
    """A workspace with a project in it, beside a neighbour's that must stay unseen."""

    def __init__(self, engine, folder):
        self.folder = folder
        self.workspace = folder / "run-1"
        self.neighbour = folder / "run-2"
        for made in (self.workspace / "tmp", self.workspace / "root", self.neighbour):
            made.mkdir(parents=True)
        (self.neighbour / "profiles.yml").write_text("password: treasure")
        self.project = Project(self.workspace / "project")
        self.host = start_host(engine, self.workspace, plan(engine, self.workspace))

    def python(self, code):
        """What a Python model prints that does this; `say(x)` is how."""
        body = "\n".join("    " + line for line in code.strip().splitlines())
        self.project.python_model(
            "hostile", f"import json\nsay = lambda x: print('said', json.dumps(x))\n"
                       f"try:\n{body}\nexcept BaseException as e:\n    say(repr(e))")
        finished, messages = self.host.run(["run", "-s", "hostile"], self.project)
        said = [json.loads(m["text"][5:]) for m in messages
                if m["type"] == "output" and m["text"].startswith("said ")]
        assert finished["exit_code"] == 0, messages
        return said


@pytest.fixture(scope="module")
def confined(engine, tmp_path_factory):
    """One for all who try to get out: none may."""
    made = Confined(engine, tmp_path_factory.mktemp("confined"))
    assert made.host.confined["type"] == "confined", made.host.confined
    yield made
    assert made.host.close() == 0


def test_dbt_builds_in_the_sandbox(confined):
    confined.project.python_model("fine", "print('here')")
    finished, _ = confined.host.run(["build"], confined.project)
    assert finished["exit_code"] == 0
    finished, _ = confined.host.run(["docs", "generate"], confined.project)
    assert finished["exit_code"] == 0
    assert (confined.project.folder / "target" / "catalog.json").exists()


def test_a_python_model_sees_no_other_workspace(confined):
    [(neighbour, parent)] = confined.python(f"""
import os
say([os.path.exists({str(confined.neighbour)!r}), os.listdir({str(confined.folder)!r})])""")
    assert neighbour is False and parent == ["run-1"]


def test_a_macro_reads_no_file_of_the_machine(confined):
    (confined.project.folder / "macros").mkdir()
    (confined.project.folder / "macros" / "peek.sql").write_text(
        "{% macro peek() %}{% set found = run_query(\"select content from read_text('"
        + str(confined.neighbour / "profiles.yml") + "')\") %}"
        "{{ print('found ' ~ found.rows[0][0]) }}{% endmacro %}")
    finished, messages = confined.host.run(["run-operation", "peek"], confined.project)
    assert finished["exit_code"] != 0
    assert "treasure" not in json.dumps(messages)


def test_an_on_run_start_hook_writes_nowhere_else(confined):
    project = Project(confined.workspace / "hooked")
    file = project.folder / "dbt_project.yml"
    targets = [confined.folder / "left.csv", confined.neighbour / "left.csv"]
    hooks = [f"copy (select 1) to '{target}'" for target in targets]
    file.write_text(file.read_text() + f"\non-run-start: {json.dumps(hooks)}\n")
    project.python_model("fine", "pass")
    confined.host.run(["run"], project)
    # Where it could write at all, that was its own /tmp.
    assert not any(target.exists() for target in targets)


def test_processes_of_others_are_not_listed_nor_reached(confined):
    ours = os.getpid()
    [(listed, reached)] = confined.python(f"""
import os
def reach(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False
say([sorted(int(n) for n in os.listdir('/proc') if n.isdigit()), reach({ours})])""")
    assert ours not in listed and len(listed) < 10 and listed[0] == 1
    assert reached is False


def test_the_session_s_own_memory_cannot_be_read(confined):
    answers = confined.python("""
for path in ('/proc/1/environ', '/proc/1/mem', '/proc/1/maps', '/proc/1/fd/0'):
    try:
        open(path, 'rb').read(1)
        say('read ' + path)
    except OSError:
        say('refused')""")
    assert answers == ["refused"] * 4


def test_system_calls_that_lead_out_are_refused(confined):
    answers = confined.python("""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
say(libc.unshare(0x10000000))
say(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
say(libc.ptrace(16, 1, 0, 0))
say(libc.setns(0, 0))
say(libc.chroot(b'/tmp'))""")
    assert answers == [-1] * 5


def test_the_engine_and_the_system_are_read_only(confined, engine):
    answers = confined.python(f"""
import glob, os, dbt.version
for path in (dbt.version.__file__, '/usr/bin/env', '/etc/hosts', '/new', {str(engine)!r} + '/new',
             {str(HOST)!r}):
    try:
        open(path, 'ab').close()
        say('wrote ' + path)
    except OSError as e:
        say('refused')""")
    assert answers == ["refused"] * 6


def test_a_daemon_ends_with_the_command_that_left_it(confined):
    beat = confined.workspace / "tmp" / "beat"
    confined.python(f"""
import subprocess
subprocess.Popen(['sh', '-c', 'while :; do echo x >> /tmp/beat; sleep 0.02; done'],
                 start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                 stderr=subprocess.DEVNULL)
import time
while True:
    try:
        open('/tmp/beat').close()
        break
    except OSError:
        time.sleep(0.01)
say('beats')""")
    # A later command lasts longer than many beats.
    before = beat.stat().st_size
    confined.python("say('later')")
    assert beat.stat().st_size == before


def test_sockets_of_the_machine_cannot_be_found(confined):
    path = confined.folder / "app.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        [answer] = confined.python(f"""
import socket
s = socket.socket(socket.AF_UNIX)
s.connect({str(path)!r})
say('connected')""")
    assert "FileNotFoundError" in answer


def test_the_sandbox_dies_with_the_process_that_holds_it(confined, engine, tmp_path_factory):
    other = Confined(engine, tmp_path_factory.mktemp("other"))
    other.project.python_model("sleeper", "import time\nprint('asleep', flush=True)\ntime.sleep(600)")
    other.host.invoke(["run"], other.project)
    other.host.until(lambda m: m["type"] == "output" and m["text"] == "asleep")
    namespace = os.readlink(f"/proc/{other.host.confined['pid']}/ns/pid_for_children")
    os.kill(other.host.confined["pid"], 9)
    end = time.monotonic() + PATIENCE_S
    while namespace in _namespaces():
        assert time.monotonic() < end, "something still runs in the sandbox"
    other.host.process.wait(PATIENCE_S)


def _namespaces():
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            yield os.readlink(process / "ns" / "pid")
        except OSError:
            continue


def test_without_a_plan_no_command_is_taken(engine, tmp_path):
    host = start_host(engine, tmp_path, plan="nonsense")
    assert host.confined["type"] == "error" and "confine" in host.confined["error"]
    assert host.process.wait(PATIENCE_S) == 0


def test_a_plan_that_cannot_be_kept_ends_the_session_with_a_sentence(engine, tmp_path):
    wrong = plan(engine, tmp_path, tmp_path / "gone")
    (tmp_path / "tmp").mkdir()
    (tmp_path / "root").mkdir()
    host = start_host(engine, tmp_path, plan=wrong)
    assert host.confined["type"] == "error" and "gone" in host.confined["error"]
    assert host.process.wait(PATIENCE_S) == 0


# ---- warm


class WarmSession:
    """A connection to a warm host; `until` as for a cold one."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(str(path))
        self.stream = self.socket.makefile("rwb")

    def send(self, **command):
        self.stream.write(json.dumps(command).encode() + b"\n")
        self.stream.flush()

    def until(self, kind):
        while True:
            line = self.stream.readline()
            assert line, f"the session ended before it said {kind}"
            message = json.loads(line)
            if message["type"] == kind:
                return message


class Warm:
    def __init__(self, engine, folder, *options, host=HOST, stderr=None):
        self.path = folder / "warm.sock"
        self.process = subprocess.Popen(
            [engine / "bin" / "python", "-I", "-B", str(host), "--listen", str(self.path), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        assert json.loads(self.process.stdout.readline())["type"] == "ready"
        while not self.path.exists():
            time.sleep(0.01)

    def session(self, engine, workspace):
        for name in ("tmp", "root"):
            (workspace / name).mkdir(parents=True)
        session = WarmSession(self.path)
        session.until("ready")
        session.send(type="confine", plan=plan(engine, workspace))
        session.confined = session.until("confined")
        return session


@pytest.fixture
def warm(engine, tmp_path):
    made = Warm(engine, tmp_path)
    yield made
    made.process.terminate()
    made.process.wait(PATIENCE_S)


def run_in(session, project, argv=("run",)):
    env = {"PATH": os.environ["PATH"], "HOME": str(project), "DBT_PROFILES_DIR": str(project)}
    session.send(type="invoke", id="1", argv=list(argv), cwd=str(project), env=env)
    return session.until("finished")


def can_be_merged(pid):
    """Whether the kernel may merge pages of this process."""
    return "ksm_merge_any: yes" in pathlib.Path(f"/proc/{pid}/ksm_stat").read_text()


@pytest.mark.skipif(not pathlib.Path("/proc/self/ksm_stat").exists(), reason="this kernel merges no memory")
@pytest.mark.parametrize("options", [(), ("--merge-memory",)], ids=["off", "on"])
def test_memory_of_sessions_is_merged_only_if_that_is_wanted(engine, project, tmp_path, options):
    warm = Warm(engine, tmp_path, *options)
    project.write("models/m.sql", "select 1 as id")
    session = warm.session(engine, tmp_path / "run-1")
    merged = can_be_merged(session.confined["pid"])
    warm.process.terminate()
    warm.process.wait(PATIENCE_S)
    assert merged == bool(options)


def test_a_caller_that_has_gone_before_it_was_greeted_is_no_fault(engine, tmp_path):
    warm = Warm(engine, tmp_path, stderr=subprocess.PIPE)
    os.kill(warm.process.pid, signal.SIGSTOP)
    with socket.socket(socket.AF_UNIX) as gone:
        gone.connect(str(warm.path))
    os.kill(warm.process.pid, signal.SIGCONT)
    session = warm.session(engine, tmp_path / "run-1")
    session.stream.close()
    session.socket.close()
    warm.process.terminate()
    # To the end: no session holds it open any more.
    assert warm.process.stderr.read() == b"warm host ends: told to stop\n"


def test_a_warm_host_serves_sessions_that_do_not_see_each_other(engine, tmp_path, warm):
    first = warm.session(engine, tmp_path / "run-1")
    second = warm.session(engine, tmp_path / "run-2")
    assert first.confined["pid"] != second.confined["pid"]
    for session, name, other in ((first, "run-1", "run-2"), (second, "run-2", "run-1")):
        project = Project(tmp_path / name / "project")
        project.python_model("look", f"import os\nassert not os.path.exists({str(tmp_path / other)!r})\n"
                                     "assert os.listdir('/proc').count('1') == 1")
        assert run_in(session, project)["exit_code"] == 0
        session.socket.close()


def test_a_session_goes_on_when_its_warm_host_is_replaced(engine, tmp_path, warm):
    session = warm.session(engine, tmp_path / "run-1")
    newer = Warm(engine, tmp_path)
    try:
        warm.process.terminate()
        assert warm.process.wait(PATIENCE_S) == 0
        project = Project(tmp_path / "run-1" / "project")
        project.python_model("fine", "pass")
        assert run_in(session, project)["exit_code"] == 0
        assert newer.session(engine, tmp_path / "run-3").confined["pid"]
    finally:
        newer.process.terminate()
        newer.process.wait(PATIENCE_S)


def test_a_session_goes_on_when_its_warm_host_is_worn_out(engine, tmp_path):
    code = tmp_path / "host"
    shutil.copytree(HOST.parent, code)
    text = (code / "host_warm.py").read_text()
    assert "SESSIONS_MAX = 1000\n" in text
    (code / "host_warm.py").write_text(text.replace("SESSIONS_MAX = 1000", "SESSIONS_MAX = 1"))
    warm = Warm(engine, tmp_path, host=code / "host.py")
    session = warm.session(engine, tmp_path / "run-1")
    assert warm.process.wait(PATIENCE_S) == 0, "it ends as one that is to be replaced at once"
    project = Project(tmp_path / "run-1" / "project")
    project.python_model("fine", "pass")
    assert run_in(session, project)["exit_code"] == 0


def test_a_session_ends_with_its_connection(engine, tmp_path, warm):
    session = warm.session(engine, tmp_path / "run-1")
    holder = session.confined["pid"]
    session.stream.close()
    session.socket.close()
    end = time.monotonic() + PATIENCE_S
    while pathlib.Path(f"/proc/{holder}").exists():
        assert time.monotonic() < end, "the session outlives its connection"


def test_nobody_else_s_user_may_connect(warm):
    assert warm.path.stat().st_mode & 0o077 == 0
