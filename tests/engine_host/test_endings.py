"""How an invocation can end other than by itself, and commands that are refused."""

import os
import select
import signal

from conftest import PATIENCE_S, events, outputs

FOREVER = "select count(*) from range(100000000000) a, range(100000000) b"


def wait_for_end(pid):
    """Waits until the process is gone; it is not a child of this one."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        assert poll.poll(PATIENCE_S * 1000), f"process {pid} lives on"
    finally:
        os.close(fd)


def start_endless(host, project):
    """An invocation in the middle of a query that would take years: (id, pid)."""
    project.write("models/endless.sql", FOREVER)
    ident = host.invoke(["run", "--select", "endless"], project)
    pid = host.until_type("started", ident)["pid"]
    host.until(
        lambda m: m["type"] == "event" and m["id"] == ident and "100000000000" in m["msg"]
    )
    return ident, pid


def test_cancel_interrupts_the_query(host, project):
    ident, pid = start_endless(host, project)
    host.send(type="cancel", id=ident)
    finished, _ = host.finish(ident)
    assert finished["exit_code"] != 0
    assert finished["signal"] is None
    wait_for_end(pid)
    assert host.run(["ls"], project)[0]["exit_code"] == 0


def test_cancel_kills_what_does_not_listen(host, project):
    project.python_model(
        "deaf",
        "import ctypes, time\n"
        "ctypes.CDLL(None).signal(2, ctypes.c_void_p(1))\n"
        "print('deaf now')\n"
        "while True: time.sleep(1)",
    )
    ident = host.invoke(["run"], project)
    host.until(lambda m: m["type"] == "output" and m["id"] == ident and m["text"] == "deaf now")
    host.send(type="cancel", id=ident, grace_ms=200)
    host.send(type="cancel", id=ident, grace_ms=200)
    finished, _ = host.finish(ident)
    assert finished["signal"] == signal.SIGKILL
    assert "after a request to cancel" in finished["error"]


def test_cancel_of_nothing_is_no_error(host, project):
    host.send(type="cancel", id="never-was")
    assert host.run(["ls"], project)[0]["exit_code"] == 0


def test_killed_child(host, project):
    ident, pid = start_endless(host, project)
    os.kill(pid, signal.SIGKILL)
    finished, _ = host.finish(ident)
    assert finished["signal"] == signal.SIGKILL and finished["exit_code"] == 2
    assert "signal 9 (SIGKILL)" in finished["error"] and "memory" in finished["error"]
    assert host.run(["ls"], project)[0]["exit_code"] == 0


def test_crash_in_native_code(host, project):
    project.python_model("crash", "import ctypes\nprint('before')\nctypes.string_at(0)")
    finished, messages = host.run(["run"], project)
    assert finished["signal"] == signal.SIGSEGV and finished["exit_code"] == 2
    assert outputs(messages) == ["before"]
    assert not list(project.folder.glob("core*"))


def test_exit_from_inside_is_never_a_success(host, project):
    for code in (0, 7):
        project.python_model("leave", f"import os\nos._exit({code})")
        finished, _ = host.run(["run"], project)
        assert finished["exit_code"] == (code or 2) and finished["signal"] is None
        assert f"exit code {code} before it had a result" in finished["error"]


def test_what_an_invocation_leaves_running_dies_with_it(host, project):
    project.python_model(
        "starter",
        "import subprocess\nprint('pid', subprocess.Popen(['sleep', '1000']).pid)",
    )
    finished, messages = host.run(["run"], project)
    assert finished["exit_code"] == 0
    wait_for_end(int(outputs(messages)[0].split()[1]))


def test_an_invocation_starts_no_second_interpreter(host, project):
    project.python_model(
        "asker",
        "import multiprocessing.resource_tracker as r\nprint('tracker', r._resource_tracker._pid)",
    )
    _, messages = host.run(["run"], project)
    assert outputs(messages) == ["tracker None"]


def test_a_daemon_that_keeps_the_pipe_open_delays_nothing(host, project):
    project.python_model(
        "starter",
        "import subprocess\n"
        "p = subprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint('pid', p.pid)",
    )
    finished, messages = host.run(["run"], project)
    os.kill(int(outputs(messages)[0].split()[1]), signal.SIGKILL)
    assert finished["exit_code"] == 0


def test_torn_or_forged_frames_do_no_harm(host, project):
    project.python_model(
        "forger",
        "import os\n"
        "for fd in range(3, 64):\n"
        "    for frame in (b'{\"result\": {\"exit_code\": 0}}', b'no json', b'[' * 100000,\n"
        "                  b'{\"event\": {\"msg\": 5, \"level\": {}, \"node\": {\"x\": [1]},"
        " \"total\": NaN}}'):\n"
        "        try: os.write(fd, frame + b'\\n')\n"
        "        except OSError: pass\n"
        "os._exit(3)",
    )
    finished, messages = host.run(["run"], project)
    assert finished["exit_code"] == 3 and finished["error"]
    forged = [e for e in events(messages) if e["name"] == ""]
    assert forged and forged[0]["level"] == "info" and forged[0]["total"] is None
    assert host.run(["ls"], project)[0]["exit_code"] == 0


def test_killed_host_takes_its_children_along(own_host, project):
    _, pid = start_endless(own_host, project)
    own_host.process.kill()
    wait_for_end(pid)


def test_end_of_commands_ends_everything(own_host, project):
    _, pid = start_endless(own_host, project)
    assert own_host.close() == 0
    wait_for_end(pid)


def test_sigterm_ends_everything(own_host, project):
    _, pid = start_endless(own_host, project)
    own_host.process.send_signal(signal.SIGTERM)
    assert own_host.process.wait(timeout=PATIENCE_S) == 0
    wait_for_end(pid)


def test_interrupt_from_a_terminal_is_not_the_hosts(own_host, project):
    own_host.process.send_signal(signal.SIGINT)
    own_host.process.send_signal(signal.SIGHUP)
    assert own_host.run(["ls"], project)[0]["exit_code"] == 0


def test_refused_commands_say_why(host, project):
    host.send_raw(b"this is not json\n")
    assert "one line of JSON" in host.until_type("error")["error"]
    host.send_raw(b'["invoke"]\n')
    assert "one line of JSON" in host.until_type("error")["error"]
    host.send_raw(b"[" * 100000 + b"\n")
    assert "one line of JSON" in host.until_type("error")["error"]
    host.send(type="explode", id="x")
    assert "unknown type" in host.until_type("error", "x")["error"]
    good = {"type": "invoke", "id": "y", "argv": ["ls"], "cwd": str(project), "env": {}}
    for bad, word in (
        ({"argv": "ls"}, "argv"),
        ({"argv": [1]}, "argv"),
        ({"cwd": None}, "cwd"),
        ({"env": None}, "env"),
        ({"env": {"A": 1}}, "env"),
        ({"env": {"A=B": "1"}}, "env"),
        ({"env": {"A": "1\0"}}, "env"),
        ({"secrets": "s"}, "secrets"),
    ):
        host.send(**{**good, **bad})
        assert f'"{word}"' in host.until_type("error", "y")["error"]
    host.send(**{**good, "id": 5})
    assert '"id"' in host.until_type("error")["error"]


def test_an_id_in_use_is_refused(host, project):
    ident, _ = start_endless(host, project)
    env = dict(host.env)
    host.send(type="invoke", id=ident, argv=["ls"], cwd=str(project), env=env)
    assert "in use" in host.until_type("error", ident)["error"]
    host.send(type="cancel", id=ident)
    host.finish(ident)


def test_a_command_that_is_too_long_is_refused(host, project):
    host.send_raw(b'{"type":"invoke","id":"z","argv":["' + b"x" * (17 * 1024 * 1024) + b'"]}\n')
    assert "longer than" in host.until_type("error")["error"]
    assert host.run(["ls"], project)[0]["exit_code"] == 0
