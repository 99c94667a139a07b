"""Projects that attack, and the machine around them: another run, the appliance's files, a socket.

As in production nothing here runs as root. `left_out` names defences that are down (infra/sandbox's
defence.hpp); `patches` are lines of the engine host that are changed, in a copy of it.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid

from conftest import HOST, PATIENCE_S, HostProcess, Project

LOOT = "treasure"

ROOT = pathlib.Path(__file__).resolve().parents[2]
WITH_HOLES = pathlib.Path(os.environ.get("MILLWRIGHT_TEST_SANDBOX_WITH_HOLES")
                          or ROOT / "build/dev/tests/libmillwright_sandbox_with_holes.so")

SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"]
ETC = ["ld.so.cache", "passwd", "group", "nsswitch.conf", "hosts", "resolv.conf", "localtime"]
DEVICES = ["null", "zero", "full", "random", "urandom"]

NAMESPACES = ("user_namespace", "new_root", "pid_namespace", "ipc_namespace", "uts_namespace",
              "cgroup_namespace", "privileges", "limits")
"""What there cannot be without the first of them, which comes with the right to make the others; and
without it the limit of processes would count all that the user runs on this machine."""

SHARED_MEMORY_BYTES = 64
IPC_CREAT, IPC_RMID = 0o1000, 0


def nobody_special():
    """Whom hosts run as: (uid, gid), and what makes subprocess do it."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid(), {}
    user = pwd.getpwnam(os.environ.get("MILLWRIGHT_USER", "millwright"))
    return user.pw_uid, user.pw_gid, {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Machine:
    """A run's workspace, and beside it all that it must not reach."""

    def __init__(self, engine):
        self.engine = engine
        self.uid, self.gid, self.as_user = nobody_special()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hostile-"))
        self.workspace, self.other = self.folder / "run-1", self.folder / "run-2"
        self.read_only = self.folder / "engine"
        for made in (self.workspace / "tmp", self.workspace / "root", self.other / "project",
                     self.folder / "data" / "keys", self.read_only):
            made.mkdir(parents=True)
        self.targets = {
            "another run's workspace": self.other / "project" / "orders.csv",
            "another run's profile": self.other / "profiles.yml",
            "the appliance's key": self.folder / "data" / "keys" / "master.key",
        }
        for path in self.targets.values():
            path.write_text(LOOT)
        self.in_tmp = pathlib.Path(tempfile.mkstemp(prefix="hostile-")[1])
        self.in_tmp.write_text(LOOT)
        self.in_tmp.chmod(0o644)
        self.neighbour = subprocess.Popen(["sleep", "600"], env={"WORD": LOOT}, **self.as_user)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(self.folder / "app.sock"))
        self.socket.listen()
        self.key = uuid.uuid4().int & 0x7FFFFFFF
        self._share_memory()
        self.token = "left-behind-" + uuid.uuid4().hex
        self.hosts = []
        self.hand_over()

    def hand_over(self):
        """Files are the user's, whoever wrote them."""
        for place, folders, files in os.walk(self.folder):
            for name in [".", *folders, *files]:
                os.chown(os.path.join(place, name), self.uid, self.gid, follow_symlinks=False)

    def _share_memory(self):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        self.segment = libc.shmget(self.key, SHARED_MEMORY_BYTES, IPC_CREAT | 0o666)
        assert self.segment >= 0, os.strerror(ctypes.get_errno())
        ctypes.memmove(libc.shmat(self.segment, None, 0), LOOT.encode(), len(LOOT))

    def plan(self, own_tmp=True, **limits):
        binds = [{"source": path, "optional": True} for path in SYSTEM]
        binds += [{"source": f"/etc/{name}", "optional": True} for name in ETC]
        binds += [{"source": f"/dev/{name}", "writable": True} for name in DEVICES]
        binds += [{"source": str(path)} for path in (self.engine, HOST.parent, self.read_only)]
        binds += [{"source": str(self.workspace), "writable": True}]
        tmp = self.workspace / "tmp" if own_tmp else "/tmp"
        binds += [{"source": str(tmp), "inside": "/tmp", "writable": True}]
        # What else is in /tmp is below what is bound there.
        binds.sort(key=lambda bind: bind.get("inside") != "/tmp")
        return {"root": str(self.workspace / "root"), **limits,
                "binds": [{"inside": "", "writable": False, "optional": False, **bind}
                          for bind in binds]}

    def host(self, left_out=(), patches=(), **plan):
        """A confined session, but for what is down."""
        code = self.folder / f"host-{len(self.hosts)}"
        shutil.copytree(HOST.parent, code, ignore=shutil.ignore_patterns("__pycache__"))
        if left_out:
            assert WITH_HOLES.exists(), f"build all_tests: there is no {WITH_HOLES}"
            shutil.copy(WITH_HOLES, code / "libmillwright_sandbox.so")
            (code / "left_out").write_text(" ".join(left_out))
        for name, old, new in patches:
            text = (code / name).read_text()
            assert text.count(old) == 1, f"{name} has changed: {old}"
            (code / name).write_text(text.replace(old, new))
        self.hand_over()
        base = {"PATH": os.environ["PATH"], "HOME": str(self.workspace), "LANG": "C.UTF-8"}
        host = HostProcess(self.engine, self.workspace, {**base, "SESSION": LOOT}, code / "host.py",
                           **self.as_user)
        host.env = base
        self.hosts.append(host)
        host.until(lambda m: m["type"] == "ready")
        host.send(type="confine", plan=self.plan(**plan))
        host.confined = host.until(lambda m: m["type"] in ("confined", "error"))
        assert host.confined["type"] == "confined", host.confined
        return host

    def project(self, name):
        return Project(self.workspace / name)

    def run(self, host, project, *commands):
        """What the last of the commands prints."""
        self.hand_over()
        for argv in commands:
            finished, messages = host.run(argv, project)
        return [m["text"] for m in messages if m["type"] == "output"], finished

    def say(self, host, code):
        """What a Python model that does this says; `say(x)` is how."""
        project = self.project("python")
        project.python_model("hostile", guarded(code))
        printed, finished = self.run(host, project, ["run"])
        assert finished["exit_code"] == 0, printed
        said = [json.loads(text[5:]) for text in printed if text.startswith("said ")]
        assert len(said) == 1, printed
        return said[0]

    def left_behind(self):
        """Processes that carry the token."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.token.encode() in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
        return found

    def end_left_behind(self):
        for pid in self.left_behind():
            os.kill(pid, 9)
        while self.left_behind():
            time.sleep(0.01)

    def close(self):
        for host in self.hosts:
            host.close()
        self.end_left_behind()
        self.neighbour.kill()
        self.neighbour.wait(PATIENCE_S)
        self.socket.close()
        self.in_tmp.unlink()
        ctypes.CDLL(None).shmctl(self.segment, IPC_RMID, None)
        shutil.rmtree(self.folder, ignore_errors=True)


def guarded(code):
    body = "\n".join("    " + line for line in code.strip().splitlines())
    return ("import json\nsay = lambda x: print('said', json.dumps(x))\n"
            f"try:\n{body}\nexcept BaseException as e:\n    say(type(e).__name__)")


# ---- the ways in


def raid(machine):
    """As a macro: takes what it can by SQL, and says so."""
    lines = "".join(
        f"""{{% if run_query("select count(*) from glob('{path}')").rows[0][0] > 0 %}}
        {{{{ print("took {name}: " ~ run_query("select content from read_text('{path}')").rows[0][0]) }}}}
        {{% endif %}}
        """ for name, path in machine.targets.items())
    return f"""{{% macro raid() %}}{{% if execute %}}
        {lines}
        {{{{ print('saw ' ~ run_query("select string_agg(file, ' ') from glob('/proc/*/cmdline')").rows[0][0]) }}}}
        {{% endif %}}{{% endmacro %}}"""


def python_raid(machine):
    return f"""
import os, socket
for name, path in {{ {", ".join(f"{n!r}: {str(p)!r}" for n, p in machine.targets.items())} }}.items():
    try:
        print('took ' + name + ': ' + open(path).read())
    except OSError:
        pass
print('saw', ' '.join('/proc/' + name + '/cmdline' for name in os.listdir('/proc')))
try:
    print('took its environment: ' + open('/proc/{machine.neighbour.pid}/environ').read())
except OSError:
    pass
try:
    s = socket.socket(socket.AF_UNIX)
    s.connect({str(machine.folder / "app.sock")!r})
    print('took the socket: {LOOT}')
except OSError:
    pass"""


def by_macro(machine, project):
    project.write("macros/raid.sql", raid(machine))
    return [["run-operation", "raid"]]


def by_hook(machine, project):
    project.write("macros/raid.sql", raid(machine))
    project.write("models/fine.sql", "select 1 as id")
    file = project.folder / "dbt_project.yml"
    file.write_text(file.read_text() + "\non-run-start: ['{{ raid() }}']\n")
    return [["run"]]


def by_python_model(machine, project):
    project.python_model("raid", python_raid(machine))
    return [["run"]]


def by_package(machine, project):
    """Brings a hook and a Python model."""
    package = Project(project.folder / "package")
    package.write("dbt_project.yml", "name: guest\nversion: '1.0'\non-run-start: ['{{ guest.raid() }}']\n")
    package.write("macros/raid.sql", raid(machine))
    package.python_model("raid", python_raid(machine))
    project.write("packages.yml", "packages: [{local: package}]\n")
    return [["deps"], ["run"]]


BY_SQL = {"another run's workspace", "another run's profile", "the appliance's key"}
BY_PYTHON = BY_SQL | {"its environment", "the socket"}

WAYS = {
    "a macro": (by_macro, BY_SQL),
    "an on-run-start hook": (by_hook, BY_SQL),
    "a Python model": (by_python_model, BY_PYTHON),
    "a package": (by_package, BY_PYTHON),
}


def loot(printed):
    """Names of what was taken."""
    return {text[5:].split(":")[0] for text in printed
            if text.startswith("took ") and LOOT in text}
