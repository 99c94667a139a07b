"""Installing, verifying and removing a real dbt Core, without a network."""

import os
import shutil
import subprocess

import pytest
from conftest import isolated, uv_program
from waiting import wait_until


def test_is_installed_from_a_wheelhouse_without_a_network(installed):
    engine = installed.the_engine()
    said = subprocess.run([engine / "bin/python", "-B", "-m", "dbt.cli.main", "--version"],
                          capture_output=True, text=True)
    assert said.returncode == 0 and "1.11" in said.stdout, said.stdout + said.stderr
    (entry,) = installed.listing("latest")["engines"]
    base = entry["sets"][0]
    assert base["installed"]["folder"] == str(engine)
    assert base["installed"]["adapters"] == {"duckdb": "1.11.1", "postgres": "1.11.0"}
    assert base["installed"]["bytes"] > 50_000_000
    assert not any(s["installed"] for s in entry["sets"][1:])


def test_verify_names_every_difference(installed):
    good = installed.run("verify")
    assert good.returncode == 0 and "all as they were installed" in good.stdout
    site_packages = next(installed.the_engine().glob("lib/python3*/site-packages"))
    module, added = site_packages / "dbt/version.py", site_packages / "dbt/added.py"
    away = installed.folder / "away.py"
    text = module.read_bytes()
    module.parent.chmod(0o755)
    module.chmod(0o644)
    module.write_bytes(text + b"\n")
    added.write_text("")
    (site_packages / "dbt/cli").chmod(0o755)
    shutil.move(site_packages / "dbt/cli/flags.py", away)
    try:
        bad = installed.run("verify", "latest")
        assert bad.returncode == 1
        for words in ("changed", "dbt/version.py"), ("added", "dbt/added.py"), (
                "missing", "dbt/cli/flags.py"):
            assert any(all(w in line for w in words) for line in bad.stdout.splitlines()), words
    finally:
        module.write_bytes(text)
        module.chmod(0o444)
        added.unlink()
        shutil.move(away, site_packages / "dbt/cli/flags.py")
    assert installed.run("verify", "--adapter", "duckdb").returncode == 0
    assert installed.run("verify", "--adapter", "snowflake").returncode == 1


def test_a_run_finds_nothing_half_done_after_a_kill(site, wheelhouse, offline):
    first = site.start("install", "latest", "--uv", uv_program(), "--wheelhouse", wheelhouse,
                       prefix=offline)
    staging = site.engines / ".staging-1.11.0-latest-base"
    wait_until(lambda: (staging / "lib").exists(), "unpacking has begun")
    first.kill()
    first.wait()
    assert site.listing("latest")["engines"][0]["sets"][0]["installed"] is None
    # What is still at work holds the lock, so the second waits for it to end.
    again = [site.start("install", "latest", "--uv", uv_program(), "--wheelhouse", wheelhouse,
                        prefix=offline) for _ in range(2)]
    outputs = [each.communicate()[0] for each in again]
    assert [each.returncode for each in again] == [0, 0], outputs
    assert sum("Prepared" in output for output in outputs) == 1, outputs
    assert site.folders() == [site.the_engine().name]
    assert site.run("verify").returncode == 0

    removed = site.run("remove", "latest")
    assert removed.returncode == 0, removed.stderr
    assert site.folders() == []
    assert "is not installed" in site.run("remove", "latest").stderr


@pytest.fixture
def damaged(wheelhouse, tmp_path):
    """A copy of the wheelhouse whose files can be damaged; the rest are links."""
    folder = tmp_path / "damaged"
    shutil.copytree(wheelhouse, folder, copy_function=os.link)
    return folder


def test_a_wheel_that_is_missing(site, damaged, offline):
    next(damaged.glob("networkx-*")).unlink()
    failed = site.install("latest", "--wheelhouse", damaged, prefix=offline)
    assert failed.returncode == 1
    assert "networkx" in failed.stderr and "millwright engine download" in failed.stderr
    assert site.folders() == []


def test_a_wheel_of_another_digest(site, damaged, offline):
    wheel = next(damaged.glob("agate-*"))
    content = wheel.read_bytes()
    wheel.unlink()
    wheel.write_bytes(content + b"\0")
    failed = site.install("latest", "--wheelhouse", damaged, prefix=offline)
    assert failed.returncode == 1
    assert "agate" in failed.stderr and "hash" in failed.stderr.lower(), failed.stderr
    assert site.folders() == []


def test_a_full_disk(site, wheelhouse):
    prefix = isolated(mount=True)
    if not prefix:
        pytest.skip("a mount of one's own is not allowed here")
    site.engines.mkdir()
    script = f'mount -t tmpfs -o size=60m none "{site.engines}" && "$@"; c=$?; ' \
             f'ls -A "{site.engines}"; exit $c'
    failed = site.install("latest", "--wheelhouse", wheelhouse, prefix=[*prefix, "sh", "-c", script, "sh"])
    assert failed.returncode == 1, failed.stdout
    assert "No space left" in failed.stderr or "os error 28" in failed.stderr, failed.stderr
    assert failed.stdout.splitlines()[-1] == ".install.lock"


def test_what_the_command_line_refuses(site):
    def refused(*args):
        done = site.run(*args)
        assert done.returncode == 1
        return done.stderr

    assert "--accept-licence dbt-fusion" in refused("install", "latest-fusion")
    assert "--accept-licence dbt-fusion" in refused("install", "fusion", "--accept-licence", "yes")
    assert "--accept-licence dbt-fusion" in refused("download", "fusion", "--to", "x")
    assert "downloads a prebuilt file" in refused("install", "1.12.0-latest")
    assert "no adapter `oracle`" in refused("install", "latest", "--adapter", "oracle")
    assert "no dbt engine for version" in refused("install", "0.21.0")
    assert "is not installed" in refused("remove", "latest", "--adapter", "snowflake")
    assert "no folder of wheels" in refused("install", "latest", "--wheelhouse", "/nowhere")
    names = {e["name"]: e for e in site.listing()["engines"]}
    assert names["2.0.0-fusion"]["accept"] == "dbt-fusion"
    assert names["1.12.0-latest"]["installable"] is False


def test_the_linter_comes_from_a_wheelhouse_too(site, offline, tmp_path):
    wheels = tmp_path / "wheels"
    fetched = site.run("download", "sqlfluff", "--uv", uv_program(), "--to", wheels)
    assert fetched.returncode == 0, fetched.stdout + fetched.stderr
    done = site.install("sqlfluff", "--wheelhouse", wheels, prefix=offline)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sqlfluff is installed: SQLFluff 4." in done.stdout
    said = subprocess.run([site.the_engine() / "bin/python", "-I", "-m", "sqlfluff", "--version"],
                          capture_output=True, text=True)
    assert said.returncode == 0 and "version 4." in said.stdout, said.stdout + said.stderr
    assert site.run("verify", "sqlfluff").returncode == 0
    assert site.run("remove", "sqlfluff").returncode == 0 and site.folders() == []
