"""Which program is tested, and what it needs beside it."""

import os
import pathlib
import pwd
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]

STAGE = """
. scripts/lib.sh
stage_program "$1" >&2
printf '%s\\n' "$program" "$share" "$data_dir/engines"
"""


def environment(name):
    return os.environ.get(f"MILLWRIGHT_TEST_{name}")


PEER = """
. scripts/lib.sh
mkdir -p build/tools
exec {lock}>"build/tools/.$1.lock"
flock "$lock"
"ensure_$1" >&2
"""


def peer(name):
    """The folder of a server that is not ours, which is got if the suite has not."""
    given = environment(name.upper())
    if given:
        return pathlib.Path(given)
    subprocess.run(["bash", "-euc", PEER, "ensure", name], cwd=ROOT, check=True)
    return ROOT / "build" / "tools" / name


class Places:
    """`program`, `share`, `engines`: paths that the service user can reach."""

    def __init__(self):
        given = environment("PROGRAM") or environment("BINARY")
        self.program = pathlib.Path(given or ROOT / "build/release/bin/millwright")
        assert self.program.is_file(), f"no program at {self.program}: make build"
        share = environment("SHARE_DIR")
        engines = environment("ENGINES_DIR") or os.environ.get("MILLWRIGHT_ENGINES_DIR")
        if not (share and engines):
            staged = self._stage()
            if staged[0]:
                self.program = staged[0]
            share, engines = share or staged[1], engines or staged[2]
        self.share, self.engines = pathlib.Path(share), pathlib.Path(engines)
        self.user = self._service_user()
        self._install_engine()

    def _stage(self):
        """Puts share/ beside a program of this checkout's build folder, as `make up` does."""
        preset = self.program.parents[1].name
        if self.program != ROOT / "build" / preset / "bin" / "millwright":
            return None, self.program.parents[1] / "share" / "millwright", ROOT / "var" / "engines"
        done = subprocess.run(["bash", "-euc", STAGE, "stage", preset], cwd=ROOT, check=True,
                              stdout=subprocess.PIPE, text=True)
        return [pathlib.Path(line) for line in done.stdout.split("\n")[:3]]

    def _service_user(self):
        """Whom the appliance runs as; None: ourselves."""
        if os.geteuid() != 0:
            return None
        return pwd.getpwnam(os.environ.get("MILLWRIGHT_USER", "millwright"))

    def _install_engine(self):
        if list(self.engines.glob("*/engine.json")):
            return
        env = {**os.environ, "MILLWRIGHT_ENGINES_DIR": str(self.engines)}
        subprocess.run(["scripts/engine", "latest"], cwd=ROOT, check=True, env=env)

    def engine_python(self):
        """The interpreter of dbt Core 1, which can read a DuckDB file."""
        newest = max(self.engines.glob("1.*/engine.json"), key=lambda file: file.stat().st_mtime)
        return newest.parent / "bin" / "python"

    def as_service(self):
        """Arguments that make subprocess run something as the service user."""
        if not self.user:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
