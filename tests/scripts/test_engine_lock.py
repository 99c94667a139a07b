"""tools/engine_lock.py: which files get into a lock file."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import engine_lock


@pytest.mark.parametrize("wheel, fits", [
    ("a-1-py3-none-any.whl", True),
    ("a-1-py2.py3-none-any.whl", True),
    ("a-1-py2-none-any.whl", False),
    ("a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", True),
    ("a-1-cp310-cp310-manylinux_2_17_x86_64.whl", False),
    ("a-1-cp312-cp312-manylinux_2_17_x86_64.whl", False),
    ("a-1-cp38-abi3-manylinux_2_28_x86_64.whl", True),
    ("a-1-cp312-abi3-manylinux_2_28_x86_64.whl", False),
    ("a-1-py3-none-manylinux_2_28_x86_64.whl", True),
    ("a-1-cp311-cp311-manylinux_2_39_x86_64.whl", False),
    ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", False),
    ("a-1-cp311-cp311-macosx_11_0_arm64.whl", False),
    ("a-1-cp311-cp311-win_amd64.whl", False),
    ("a-1-cp311-cp311-manylinux_2_17_aarch64.whl", False),
    ("a-1-cp311-cp311t-manylinux_2_17_x86_64.whl", False),
])
def test_only_wheels_that_load_here(wheel, fits):
    assert engine_lock.wheel_fits(wheel, 11, "x86_64") is fits


def package(*wheels, marker="", sdist=None):
    found = {"name": "a", "version": "1", "marker": marker,
             "wheels": [{"name": w, "hashes": {"sha256": f"digest of {w}"}} for w in wheels]}
    return found | ({"sdist": {"hashes": {"sha256": sdist}}} if sdist else {})


def job(sources=(), pythons=range(11, 13)):
    return engine_lock.Job("x/base", ["a==1"], list(sources), pythons)


ANY, ARM = "a-1-py3-none-any.whl", "a-1-py3-none-manylinux_2_17_aarch64.whl"
ONE = "a-1-cp311-cp311-manylinux_2_17_x86_64.whl"


def test_a_lock_has_no_source_package_that_was_not_asked_for():
    assert engine_lock.digests_of(package(ANY, ARM, sdist="s"), job()) == sorted(
        [f"digest of {ANY}", f"digest of {ARM}"])
    assert engine_lock.digests_of(package(ANY, sdist="s"), job(["a"])) == ["s"]
    with pytest.raises(engine_lock.Problem, match="no source package"):
        engine_lock.digests_of(package(ANY), job(["a"]))


def test_every_python_of_the_entry_needs_a_wheel():
    with pytest.raises(engine_lock.Problem, match="no wheel for Python 3.12"):
        engine_lock.digests_of(package(ONE, sdist="s"), job())
    assert engine_lock.digests_of(package(ONE), job(pythons=range(11, 12))) == [f"digest of {ONE}"]
    older = package(ONE, marker="python_full_version < '3.12'")
    assert engine_lock.digests_of(older, job()) == [f"digest of {ONE}"]


def test_packages_for_other_systems_are_left_out():
    windows = package("a-1-cp311-cp311-win_amd64.whl", marker="sys_platform == 'win32'")
    assert engine_lock.digests_of(windows, job()) == []


def test_the_text_is_a_lock_of_pins_and_digests():
    pylock = {"packages": [package(ANY, marker="python_full_version >= '3.11'")]}
    lines = engine_lock.lock_text(job(), pylock).splitlines()
    assert lines[-2:] == ["a==1 \\", f"    --hash=sha256:digest of {ANY}"]
    assert not any("://" in line for line in lines)
