"""dbt's own command line, as someone without Millwright would use it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path


class CommandLine:
    """`engine` is an engine's folder; `folder` is ours to write to."""

    def __init__(self, engine, folder, profile):
        self.engine, self.folder = engine, folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "profiles.yml").write_text(profile)
        # In a file: git hides what its environment says from the process that serves a local clone.
        (folder / ".gitconfig").write_text("[safe]\n\tdirectory = *\n")
        self.environment = {
            "PATH": f"{engine}/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "DBT_PROFILES_DIR": str(folder),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "ADBC_DRIVER_PATH": str(Path(engine) / "drivers"),
        }

    def dbt(self, *argv, cwd, mark=""):
        """Runs one command; returns (seconds, seconds until it said something with `mark` in it)."""
        started = time.monotonic()
        process = subprocess.Popen(
            [self.engine / "bin/dbt", *argv], cwd=cwd, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        first, output = None, []
        for line in process.stdout:
            if first is None and mark in line:
                first = time.monotonic()
            output.append(line)
        if process.wait() != 0:
            sys.exit(f"dbt {' '.join(argv)} failed:\n{''.join(output[-30:])}")
        ended = time.monotonic()
        return ended - started, (first or ended) - started

    def clone(self, repository):
        project = self.folder / "project"
        shutil.rmtree(project, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repository}", project],
                       env=self.environment, check=True)
        return project

    def from_nothing(self, repository, *argv):
        """Clone, deps and the command, as a cron job would; the seconds of it all."""
        started = time.monotonic()
        project = self.clone(repository)
        self.dbt("deps", cwd=project)
        self.dbt(*argv, cwd=project)
        return time.monotonic() - started

    def build_from_nothing(self, repository):
        """(seconds of clone, deps and build; of the build alone; until its first node begins)"""
        started = time.monotonic()
        project = self.clone(repository)
        self.dbt("deps", cwd=project)
        before_build = time.monotonic() - started
        build, first_node = self.dbt("--no-use-colors", "build", cwd=project, mark=" START ")
        return before_build + build, build, before_build + first_node


def duckdb_profile(name, warehouse, threads=4):
    return f"""{name}:
  target: default
  outputs:
    default: {{type: duckdb, path: "{warehouse}", schema: main, threads: {threads}}}
"""


def open_to_all(folder):
    """Both the benchmark and the appliance's user write there."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o777)
    return folder
