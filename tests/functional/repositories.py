"""dbt projects in bare git repositories, and the gate that a model waits at."""

import os
import shutil
import subprocess
import textwrap

SMALL = {
    "dbt_project.yml": """
        name: small
        profile: small
        models: {small: {+materialized: table}}
        seeds: {small: {+column_types: {id: integer}}}
        """,
    "seeds/numbers.csv": "id,amount\n1,10\n2,20\n3,30\n",
    "models/doubled.sql": "select id, amount * 2 as amount from {{ ref('numbers') }}",
    "models/total.sql": "select sum(amount) as total from {{ ref('doubled') }}",
    "models/schema.yml": """
        models:
          - name: doubled
            description: Every number, twice.
            columns:
              - name: id
                data_tests: [not_null, unique]
        """,
}
"""A seed, two models, two tests: five nodes."""

LEDGER = {
    "dbt_project.yml": SMALL["dbt_project.yml"],
    "models/ledger.sql": "{{ config(materialized='incremental') }} select '{{ invocation_id }}' as run",
}
"""Grows by one row each time that it is built, so that a second time is seen."""

ENDLESS = "select count(*) as n from range(1000000000) a, range(1000000000) b where a.range < b.range"
"""A model's SQL that only a cancel ends."""

NATIVE = "2.0.0-latest"
"""The version of an environment whose engine is a native program."""


def raw_sources(loaded_at="current_timestamp"):
    """models/sources.yml: the seed `numbers` as a source whose freshness can be asked for."""
    return f"""
        sources:
          - name: raw
            schema: main
            tables:
              - name: numbers
                config:
                  loaded_at_field: "{loaded_at}"
                  freshness: {{error_after: {{count: 1, period: day}}}}
        """


class Gate:
    """What a model waits at, and the book in which it notes each time that it came there."""

    def __init__(self, folder):
        folder.mkdir()
        folder.chmod(0o777)
        self.book, self.key = folder / "book", folder / "open"

    def model(self, after=None):
        """A Python model. It gives up after ten minutes, so that nothing stays for ever."""
        first = f"dbt.ref('{after}')" if after else "None"
        return textwrap.dedent(f"""
            import os
            import time

            def model(dbt, session):
                dbt.config(materialized='table')
                {first}
                with open({str(self.book)!r}, 'a') as book:
                    book.write('here\\n')
                end = time.monotonic() + 600
                while not os.path.exists({str(self.key)!r}):
                    if time.monotonic() > end:
                        raise RuntimeError('the gate was never opened')
                    time.sleep(0.05)
                return session.sql('select 1 as id')
            """)

    def open(self):
        self.key.touch()

    def shut(self):
        self.key.unlink()

    def arrivals(self):
        return len(self.book.read_text().splitlines()) if self.book.exists() else 0



class Repository:
    """A bare repository with one commit for each call of `commit`."""

    def __init__(self, folder, files):
        folder.mkdir()
        folder.chmod(0o755)
        self.tree, self.bare = folder / "tree", folder / "project.git"
        self.git("init", "--quiet", "--bare", "-b", "main", str(self.bare), cwd=folder)
        self.git("clone", "--quiet", str(self.bare), str(self.tree), cwd=folder)
        self.git("checkout", "--quiet", "-b", "main")
        self.commit(files)

    def git(self, *args, cwd=None):
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": "Test", f"GIT_{who}_EMAIL": "test@example.com"}
        done = subprocess.run(["git", *args], cwd=cwd or self.tree, env=env, check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, files, branch="main"):
        """Writes these files (None removes one) and pushes; returns the commit."""
        if branch != "main":
            self.git("checkout", "--quiet", "-B", branch)
        for name, text in files.items():
            path = self.tree / name
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", "change")
        self.git("push", "--quiet", "origin", branch)
        sha = self.git("rev-parse", "HEAD")
        self.git("checkout", "--quiet", "main")
        # git writes with our umask; the service user only has to read.
        subprocess.run(["chmod", "-R", "a+rX", str(self.bare)], check=True)
        return sha

    @property
    def url(self):
        return f"file://{self.bare}"

    def remove(self):
        shutil.rmtree(self.bare)


class Projects:
    """Makes repositories and gates in a folder that both users can reach."""

    def __init__(self, folder):
        self.folder = folder
        self.made = 0

    def _next(self, what):
        self.made += 1
        return self.folder / f"{what}{self.made}"

    def make(self, files):
        return Repository(self._next("repository"), files)

    def gate(self):
        return Gate(self._next("gate"))

    def warehouse(self):
        """Path for a DuckDB file, which dbt makes."""
        folder = self._next("warehouse")
        folder.mkdir()
        folder.chmod(0o777)
        return folder / "warehouse.duckdb"
