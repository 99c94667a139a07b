#!/usr/bin/env python3
"""Makes the lock files of the engine catalogue: tools/engine_lock.py [--upgrade] [NAME[/SET] …]

For each set of packages in engines/*.yaml (default: all of them) it resolves `packages` together,
for every Python that the entry allows, and writes engines/locks/NAME/SET.txt: each package pinned,
with the SHA-256 digests of the wheels that fit Linux on x86_64 and aarch64. No other file gets in:
no source package but those that the set names in `sources`, none for another system. `tools`
stands for engines/locks/tools.txt, what builds those source packages and downloads wheels.

What is locked stays as it is unless `packages` asks for something else; --upgrade takes the newest
that fits. Which package index is asked is uv's configuration (`eval "$(scripts/engine-env)"` takes
over pip's); no address of it ends up in a lock file. Needs PyYAML, Python 3.11 and uv: $UV, or the
one in build/tools, or the one in PATH. How to go on from here: docs/howto/add-engine.md.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "engines"
TOOLS = ["pip==26.3", "setuptools==84.2.1", "wheel==0.48.0"]
"""What `millwright engine` itself needs: pip downloads, the others build source packages."""
TOOLS_PYTHONS = range(11, 14)

GLIBC_MINOR = 36
"""Debian 12's: a wheel for a newer one does not load here."""
MACHINES = ("x86_64", "aarch64")
OTHER_SYSTEMS = re.compile(r"(sys_platform|platform_system|os_name) == '(win32|Windows|darwin|Darwin|nt|cygwin)'")


class Problem(Exception):
    """Something that a person must settle."""


@dataclasses.dataclass
class Job:
    """One lock file to make."""

    name: str  # "1.11.0-latest/snowflake"
    packages: list
    sources: list
    pythons: range  # minors of Python 3

    @property
    def path(self):
        return CATALOGUE / "locks" / f"{self.name}.txt"


# ---- which files fit


def tags_of(wheel):
    """[(python, abi, platform), …] of a wheel's file name."""
    pythons, abis, platforms = wheel.removesuffix(".whl").rsplit("-", 3)[1:]
    return [(p, a, f) for p in pythons.split(".") for a in abis.split(".") for f in platforms.split(".")]


def python_fits(python, abi, minor):
    if python in ("py3", f"py3{minor}", "py2.py3"):
        return abi == "none"
    found = re.fullmatch(r"(cp|py)3(\d+)", python)
    if not found:
        return False
    if found[1] == "py":
        return abi == "none" and int(found[2]) <= minor
    return (abi == "abi3" and int(found[2]) <= minor) or (
        int(found[2]) == minor and abi in (f"cp3{minor}", "none"))


def platform_fits(platform, machine):
    if platform == "any":
        return True
    found = re.fullmatch(r"(?:manylinux(\d+)|manylinux_2_(\d+)|linux)_(\w+)", platform)
    return bool(found) and found[3] == machine and int(found[2] or 0) <= GLIBC_MINOR


def wheel_fits(wheel, minor, machine):
    return any(python_fits(p, a, minor) and platform_fits(f, machine) for p, a, f in tags_of(wheel))


def file_name(entry):
    return entry.get("name") or entry["url"].rpartition("/")[2]


def minors_of(marker, pythons):
    """Those of the Pythons for which the marker may hold; only comparisons of versions count."""
    for operator, minor in re.findall(r"python_full_version (<|>=) '3\.(\d+)'", marker):
        if " or " in marker:
            continue  # too clever for this
        limit = int(minor)
        pythons = [m for m in pythons if (m < limit if operator == "<" else m >= limit)]
    return list(pythons)


def digests_of(package, job):
    """SHA-256 of every file of it that may be installed; empty: it is for another system."""
    name, version = package["name"], package["version"]
    if name in job.sources:
        if "sdist" not in package:
            raise Problem(f"{job.name}: {name} {version} has no source package")
        return [package["sdist"]["hashes"]["sha256"]]
    marker = package.get("marker", "")
    minors = minors_of(marker, job.pythons)
    wheels = {file_name(w): w["hashes"]["sha256"] for w in package.get("wheels", ())}
    fitting = [(w, digest) for w, digest in wheels.items()
               if any(wheel_fits(w, m, machine) for m in minors for machine in MACHINES)]
    if OTHER_SYSTEMS.search(marker) or not minors:
        return []
    for minor in minors:
        if not any(wheel_fits(w, minor, MACHINES[0]) for w in wheels):
            raise Problem(f"{job.name}: {name} {version} has no wheel for Python 3.{minor} on "
                          f"{MACHINES[0]}: narrow `python`, pin another version in `packages`, or "
                          "name it in `sources`, which builds it while it is installed")
    return sorted({digest for _, digest in fitting})


# ---- resolving


def uv_program():
    own = ROOT / "build/tools/uv/bin/uv"
    return os.environ.get("UV") or (str(own) if own.exists() else "uv")


def resolve(job, constraints):
    """uv's pylock.toml of these packages, as a dictionary."""
    command = [uv_program(), "pip", "compile", "-", "--quiet", "--universal", "--no-header",
               "--python-version", f"3.{job.pythons[0]}", "--format", "pylock.toml"]
    with tempfile.TemporaryDirectory() as folder:
        if constraints:
            file = pathlib.Path(folder, "constraints.txt")
            file.write_text("\n".join(constraints) + "\n")
            command += ["--constraint", str(file)]
        done = subprocess.run(command, input="\n".join(job.packages) + "\n", text=True,
                              capture_output=True)
    if done.returncode != 0:
        raise Problem(f"{job.name}: uv finds no versions that fit together"
                      f"{' with what is locked (see --upgrade)' if constraints else ''}:\n"
                      f"{done.stderr.strip()}")
    return tomllib.loads(done.stdout)


def locked(path):
    """What a lock file pins, as constraints."""
    if not path.exists():
        return []
    lines = [line.removesuffix("\\").strip() for line in path.read_text().splitlines()
             if line[:1].isalnum()]
    names = [line.partition("==")[0] for line in lines]
    # What differs between Pythons is left to be found again.
    return [line for line, name in zip(lines, names) if names.count(name) == 1 and ";" not in line]


def pinned_names(requirements):
    return {re.split(r"[=\[]", r)[0].lower().replace("_", "-") for r in requirements}


def lock_text(job, pylock):
    everywhere = f"python_full_version >= '3.{job.pythons[0]}'"
    text = [f"# {job.name}: {', '.join(job.packages)}",
            "# Every package with the digests of its files; nothing else is installed. Made by",
            "# tools/engine_lock.py.", ""]
    for package in sorted(pylock["packages"], key=lambda p: (p["name"], p["version"])):
        digests = digests_of(package, job)
        if not digests:
            continue
        marker = package.get("marker", "")
        condition = f" ; {marker}" if marker and marker != everywhere else ""
        text.append(f"{package['name']}=={package['version']}{condition} \\")
        text += [f"    --hash=sha256:{d} \\" for d in digests[:-1]] + [f"    --hash=sha256:{digests[-1]}"]
    return "\n".join(text) + "\n"


def make(job, upgrade):
    asked = pinned_names(job.packages)
    constraints = [] if upgrade else [c for c in locked(job.path)
                                      if not pinned_names([c]) & asked]
    text = lock_text(job, resolve(job, constraints))
    job.path.parent.mkdir(parents=True, exist_ok=True)
    changed = not job.path.exists() or job.path.read_text() != text
    job.path.write_text(text)
    count = sum(line[:1].isalnum() for line in text.splitlines())
    print(f"{job.name}: {count} packages{', changed' if changed else ''}", flush=True)


# ---- the catalogue


def python_range(text):
    least, below = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", text).groups()
    return range(int(least), int(below))


def jobs():
    try:
        import yaml
    except ImportError:
        sys.exit("engine_lock: this Python has no PyYAML (Debian: python3-yaml)")
    yield Job("tools", TOOLS, [], TOOLS_PYTHONS)
    for file in sorted(CATALOGUE.glob("*.yaml")):
        entry = yaml.safe_load(file.read_text())
        for name, packages in (entry.get("sets") or {}).items():
            yield Job(f"{entry['name']}/{name}", packages["packages"], packages.get("sources", []),
                      python_range(packages.get("python", entry["python"])))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    parser.add_argument("names", nargs="*", metavar="NAME[/SET]")
    flags = parser.parse_args()
    known = list(jobs())
    wanted = [j for j in known
              if not flags.names or j.name in flags.names or j.name.split("/")[0] in flags.names]
    if not wanted:
        sys.exit(f"engine_lock: there is no {' or '.join(flags.names)}")
    if not flags.names:
        keep = {j.path for j in known}
        for stale in set(CATALOGUE.glob("locks/**/*.txt")) - keep:
            stale.unlink()
    problems = 0
    for job in wanted:
        try:
            make(job, flags.upgrade)
        except Problem as problem:
            problems += 1
            print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
