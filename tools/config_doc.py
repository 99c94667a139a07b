#!/usr/bin/env python3
"""Writes docs/config.md from src/base/settings.cpp: tools/config_doc.py [--check]"""

import pathlib
import re
import sys

SOURCE = "src/base/settings.cpp"
PAGE = "docs/config.md"

HEAD = """\
# Settings

Each is read from, first to last:

1. a flag, for those that have one (`--data-dir`, `--port`, `--config`);
2. the environment: `MILLWRIGHT_DATA_DIR`;
3. a config file, named by `--config` or `MILLWRIGHT_CONFIG`: a line each, with the same names,
   `MILLWRIGHT_DATA_DIR=/var/lib/millwright`; `#` begins a comment; a name that is no setting is an
   error that says the line;
4. its default.

They are read once, at the start: a change needs `millwright down` and `millwright up`.

| setting | default | what it is |
| --- | --- | --- |
"""

FOOT = """
Secret ones hold a credential: give them by a file that only the service user can read. They never
appear in logs, in errors or in a process's arguments.

This page is made from `src/base/settings.cpp` by `tools/config_doc.py`.
"""

_LITERAL = r'"((?:[^"\\]|\\.)*)"'
_LITERALS = rf"(?:{_LITERAL}\s*)+"
_SPEC = re.compile(
    rf"SettingSpec\{{\s*{_LITERAL}\s*,\s*{_LITERAL}\s*,\s*({_LITERALS})(?:,\s*(true|false)\s*)?,?\s*\}}")


def settings(source):
    """(key, default, text, whether it is secret) of each declaration."""
    for match in _SPEC.finditer(source):
        text = "".join(re.findall(_LITERAL, match[3]))
        yield match[1], match[2], text.replace('\\"', '"'), match[5] == "true"


def page(source):
    declared = source.count("SettingSpec{\"")
    found = list(settings(source))
    if not found or len(found) != declared:
        sys.exit(f"config_doc: understood {len(found)} of {declared} declarations in {SOURCE}")
    rows = []
    for key, default, text, secret in found:
        shown = f"`{default}`" if default else ""
        note = " **Secret.**" if secret else ""
        rows.append(f"| `MILLWRIGHT_{key}` | {shown} | {text.replace('|', '&#124;')}{note} |\n")
    return HEAD + "".join(rows) + FOOT


def check(root):
    """What is wrong with the page, or None."""
    root = pathlib.Path(root)
    if not (root / SOURCE).is_file():
        return None
    written = root / PAGE
    if not written.is_file() or written.read_text() != page((root / SOURCE).read_text()):
        return "is not what src/base/settings.cpp says: run tools/config_doc.py"
    return None


def main():
    root = pathlib.Path(__file__).resolve().parents[1]
    if "--check" in sys.argv[1:]:
        problem = check(root)
        sys.exit(f"{PAGE} {problem}" if problem else 0)
    (root / PAGE).write_text(page((root / SOURCE).read_text()))


if __name__ == "__main__":
    main()
