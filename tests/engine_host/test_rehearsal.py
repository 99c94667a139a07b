"""What a warm host does before it serves anyone: it builds a project of its own, once."""

import os
import pathlib
import shutil
import subprocess
import textwrap

from conftest import HOST
from test_confined import Project, Warm, run_in

REHEARSE = """
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, {host!r})
import host_preload, host_rehearsal
_, adapters = host_preload.preload()
before = dict(os.environ), os.getcwd(), sorted(os.listdir('/proc/self/fd'))
done = host_rehearsal.rehearse(adapters)
after = dict(os.environ), os.getcwd(), sorted(os.listdir('/proc/self/fd'))
from dbt.contracts.graph.nodes import ModelNode
print(done, before == after, len(os.listdir('/proc/self/task')),
      any(name.startswith('__compiled_serialize') for name in vars(ModelNode)))
"""


def rehearse(engine, folder, **env):
    script = folder / "rehearse.py"
    script.write_text(textwrap.dedent(REHEARSE).format(host=str(HOST.parent)))
    return subprocess.run([engine / "bin" / "python", "-I", script], text=True, capture_output=True,
                          env={"PATH": os.environ["PATH"], "TMPDIR": str(folder), **env})


def test_it_builds_what_invocations_would_and_leaves_nothing_open(engine, tmp_path):
    done = rehearse(engine, tmp_path)
    # Done; environment, folder and descriptors as before; one thread; a serialiser that dbt makes late.
    assert done.stdout.strip() == "True True 1 True", done.stderr
    assert list(tmp_path.iterdir()) == [tmp_path / "rehearse.py"]


def test_a_failure_is_said_and_harms_nothing(engine, tmp_path):
    done = rehearse(engine, tmp_path, DBT_TARGET_PATH="/proc/nowhere")
    assert done.stdout.startswith("False True 1"), done.stdout + done.stderr
    assert "no rehearsal: " in done.stderr


def test_a_host_whose_rehearsal_left_threads_serves_without_one(engine, tmp_path):
    """A fork would not take the threads along, and whoever waits for them would wait for ever."""
    host = tmp_path / "host"
    shutil.copytree(pathlib.Path(HOST).parent, host)
    (host / "host_rehearsal.py").write_text(textwrap.dedent("""
        import threading
        def rehearse(adapters):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        """))
    warm = Warm(engine, tmp_path, host=host / "host.py")
    try:
        session = warm.session(engine, tmp_path / "run-1")
        project = Project(tmp_path / "run-1" / "project")
        project.python_model("fine", "pass")
        assert run_in(session, project)["exit_code"] == 0
    finally:
        warm.process.terminate()
        warm.process.wait(60)
