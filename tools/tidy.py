#!/usr/bin/env python3
"""This project's own rules, as a test: tools/tidy.py [FOLDER]

Prints a line for each violation, `file:line: what`, and exits 1 if there is any. Looks at what git
tracks or would track. The rules' reasons are in CONTRIBUTING.md and docs/adr/.
"""

import collections
import pathlib
import re
import subprocess
import sys

import config_doc
from cpp_source import Source, argument_text

CPP_LINES_MAX = 800
HPP_LINES_MAX = 300
FUNCTION_LINES_MAX = 70

FLOORS = {"base": 1, "infra": 2, "dbt": 2, "graphql": 2, "engines": 3, "executor": 3, "api": 3, "features": 4,
          "roles": 5}
"""A folder includes what is on a lower floor."""

SAME_FLOOR = {
    "infra/git": {"infra/process", "infra/http/server"},
    "infra/http/client": {"infra/http/testing"},
    "infra/http/proxy": {"infra/http/testing", "infra/http/server", "infra/crypto", "infra/zlib"},
    "infra/http/server": {"infra/http/testing", "infra/zlib", "infra/zstd"},
    "infra/http/testing": {"infra/crypto", "infra/http/server"},
    "infra/jwt": {"infra/crypto"},
    "infra/pg_server": {"infra/pg", "infra/process"},
    "infra/saml": {"infra/crypto", "infra/zlib"},
    "infra/store": {"infra/crypto"},
}
"""On the same floor only these, and features each other as long as there is no circle."""

NEVER = {
    "roles/cli": ("infra/pg", "infra/pg_server", "infra/store"),
    "roles/runner": ("infra/pg", "infra/pg_server", "infra/store", "api", "features"),
    "roles/gateway": ("infra/pg", "infra/pg_server", "infra/store", "api", "features", "engines"),
}
"""Whatever the floors say. Commands ask the appliance; the worker executes code that the operator did not write."""

WRAPPED = [
    (r"boost/beast", ("src/infra/http/", "src/roles/gateway/")),
    (r"libpq(-fe\.h|/)", ("src/infra/pg/",)),
    (r"curl/", ("src/infra/http/client/", "src/infra/smtp/")),
    (r"sodium", ("src/infra/crypto/",)),
    (r"seccomp", ("src/infra/sandbox/",)),
    (r"zstd\.h", ("src/infra/zstd/",)),
    (r"zlib\.h", ("src/infra/zlib/", "src/infra/http/proxy/static_files_test.cpp", "src/infra/saml/request_test.cpp")),
    (r"(cjose/|jansson\.h)", ("src/infra/jwt/",)),
    (r"(libxml|xmlsec)/", ("src/infra/saml/",)),
    (r"spdlog/", ("src/base/",)),
    (r"CLI/", ("src/roles/cli/", "src/roles/command_line.cpp")),
]
"""A library is wrapped once: its headers are included only there."""

SQL = re.compile(
    r"\b(SELECT\s+(?:.|\n)+?\bFROM\b|INSERT\s+INTO\b|UPDATE\s+\w+\s+(?:\w+\s+)?SET\b|DELETE\s+FROM\b|"
    r"(CREATE|ALTER|DROP)\s+(TABLE|INDEX|SEQUENCE|TYPE)\b|TRUNCATE\s+\w|pg_notify\s*\()")
SQL_PLACES = ("src/infra/pg/", "src/infra/pg_server/", "src/test_support/")

# In pieces, or this file would find itself.
MARKERS = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")) + r")\b")
MACHINE_PATHS = re.compile(
    r"(?<![\w.$}*-])/(" + "|".join(("wo" + "rk", "ro" + "ot", "home/[a-z]+", "var/t" + "mp",
                                     "opt/wh" + "eels")) + r")/[\w.]")
SHELL = re.compile(r"(?<![\w.:>])(?:std::)?(system|popen)\s*\(")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
TEXT = {".cpp", ".hpp", ".py", ".md", ".sql", ".yml", ".yaml", ".cmake", ".txt", ".sh", ".ts",
        ".tsx", ".css", ".html", ".json", ""}


class Tree:
    """The files of a checkout; `report` collects what is wrong with them."""

    def __init__(self, root, names=None):
        self.root = pathlib.Path(root)
        self.names = sorted(names if names is not None else self._listed())
        self.problems = []
        self._sources = {}

    def _listed(self):
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        done = subprocess.run(command, cwd=self.root, check=True, capture_output=True, text=True)
        # A file that was removed but not yet committed is listed and not there.
        return {name for name in done.stdout.split("\0") if name and (self.root / name).is_file()}

    def text(self, name):
        return (self.root / name).read_text(errors="replace")

    def source(self, name):
        if name not in self._sources:
            self._sources[name] = Source(self.text(name))
        return self._sources[name]

    def cpp(self):
        return [name for name in self.names
                if name.endswith((".cpp", ".hpp")) and name.startswith(("src/", "bench/", "tests/"))]

    def report(self, name, line, what):
        self.problems.append(f"{name}:{line}: {what}")


def is_test(name):
    return name.endswith(("_test.cpp", "_pgtest.cpp")) or "pgtest" in name or "test_support" in name


def component(path):
    """The folder that a file below src/ belongs to, as the table of floors names it."""
    parts = path.split("/")
    if parts[:2] == ["infra", "http"] and len(parts) > 3:
        return "/".join(parts[:3])
    if parts[0] in ("infra", "features", "roles") and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def includes(tree, name):
    """(line, path) of each quoted include; the paths are blanked in the code."""
    for number, line in enumerate(tree.text(name).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if found:
            yield number, found[1]


# ---- the rules: each takes the tree and reports


def floors(tree):
    between_features = collections.defaultdict(dict)
    for name in tree.cpp():
        if not name.startswith("src/") or name.count("/") == 1:
            continue
        here = component(name[4:])
        for number, path in includes(tree, name):
            there = component(path)
            if not (tree.root / "src" / path).is_file():
                tree.report(name, number, f'"{path}" is no file below src/')
            elif there != here:
                check_floor(tree, name, number, here, there)
                if here.startswith("features/") and there.startswith("features/") and not is_test(name):
                    between_features[here].setdefault(there, (name, number))
    check_circles(tree, between_features)


def check_floor(tree, name, number, here, there):
    if there == "test_support" or here == "test_support":
        if not is_test(name):
            tree.report(name, number, "only tests include test_support")
        return
    if any(there == other or there.startswith(other + "/") for other in NEVER.get(here, ())):
        tree.report(name, number, f"{here} must never include {there}")
        return
    mine, other = (FLOORS.get(each.split("/")[0]) for each in (here, there))
    if here.count("/") == 0 and mine == 5:
        return  # the table of subcommands
    if mine is None or other is None:
        tree.report(name, number, f"{here if mine is None else there} stands on no floor")
    elif other > mine:
        tree.report(name, number, f"{here} is below {there}")
    elif other == mine and there not in SAME_FLOOR.get(here, ()):
        if not (here.startswith("features/") and there.startswith("features/")):
            tree.report(name, number, f"{here} and {there} are on the same floor")


def check_circles(tree, graph):
    done, path = set(), []

    def visit(node):
        if node in path:
            circle = path[path.index(node):] + [node]
            where = graph[circle[0]][circle[1]]
            tree.report(*where, "features in a circle: " + " → ".join(circle))
            return
        if node in done:
            return
        path.append(node)
        for other in graph.get(node, {}):
            visit(other)
        done.add(path.pop())

    for node in list(graph):
        visit(node)


def linked_libraries(tree):
    """What each library links, from the folders' CMakeLists.txt: {name: {names}}"""
    linked = {}
    for name in tree.names:
        if not name.startswith("src/") or not name.endswith("CMakeLists.txt"):
            continue
        for call in re.finditer(r"mw_library\((\w+)([^)]*)\)", tree.text(name)):
            words = re.split(r"\bTEST_DEPENDS\b", call[2])[0].split()
            linked[call[1]] = {word[3:] for word in words if word.startswith("mw_")}
    return linked


def worker_links(tree):
    linked = linked_libraries(tree)
    for role in ("role_runner", "role_gateway"):
        reached, todo = set(), [role]
        while todo:
            for library in linked.get(todo.pop(), ()):
                if library not in reached:
                    reached.add(library)
                    todo.append(library)
        for library in sorted(reached):
            if library in ("infra_pg", "infra_pg_server", "api") or library.startswith("feature_"):
                tree.report(f"src/roles/{role[5:]}/CMakeLists.txt", 1, f"{role} links {library}")


def wrapped_headers(tree):
    for name in tree.cpp():
        for number, line in enumerate(tree.text(name).splitlines(), 1):
            header = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
            for pattern, places in WRAPPED if header else ():
                if re.match(pattern, header[1]) and not name.startswith(places):
                    tree.report(name, number, f"<{header[1]}> belongs to {' and '.join(places)}")


def sql_place(tree):
    for name in tree.cpp():
        if name.endswith("_store.cpp") or name.startswith(SQL_PLACES) or is_test(name):
            continue
        source = tree.source(name)
        for offset, literal in source.literals:
            if SQL.search(literal):
                tree.report(name, source.line_of(offset), "SQL belongs into a *_store.cpp")


def sizes(tree):
    for name in tree.cpp():
        most = HPP_LINES_MAX if name.endswith(".hpp") else CPP_LINES_MAX
        lines = tree.text(name).count("\n")
        if lines > most:
            tree.report(name, 1, f"{lines} lines; the most is {most}")
        for first, last, head in tree.source(name).functions():
            if last - first + 1 > FUNCTION_LINES_MAX:
                tree.report(name, first, f"a function of {last - first + 1} lines; the most is "
                                         f"{FUNCTION_LINES_MAX}: {head[:60]}")


def headers(tree):
    for name in tree.cpp():
        if not name.endswith(".hpp"):
            continue
        lines = tree.text(name).splitlines()
        if not lines or not lines[0].startswith("//"):
            tree.report(name, 1, "a header begins with a comment that says what it is for")
        if "#pragma once" not in lines:
            tree.report(name, 1, "a header has #pragma once")


def readmes(tree):
    wanted = {"src"} if "src/CMakeLists.txt" in tree.names else set()
    for name in tree.names:
        if name.startswith("src/") and name.endswith("/CMakeLists.txt"):
            if "mw_library(" in tree.text(name):
                wanted.add(name.rsplit("/", 1)[0])
    for folder in sorted(wanted):
        if f"{folder}/README.md" not in tree.names:
            tree.report(folder, 1, "has no README.md that says why it exists")


def coroutines(tree):
    for name in tree.cpp():
        source = tree.source(name)
        for offset, arguments in argument_text(source.code, "co_spawn"):
            # The captures die with the temporary lambda; the coroutine goes on without them.
            if re.search(r"\}\s*\(", arguments):
                tree.report(name, source.line_of(offset),
                            "co_spawn takes the lambda, not its call: captures would dangle")


def no_shell(tree):
    for name in tree.cpp():
        if name.startswith("src/"):
            source = tree.source(name)
            for match in SHELL.finditer(source.code):
                tree.report(name, source.line_of(match.start()),
                            f"{match[1]}() starts a shell; use infra/process")


def words(tree):
    for name in tree.names:
        if pathlib.Path(name).suffix not in TEXT or name.endswith("package-lock.json"):
            continue
        text = tree.text(name)
        if "\0" in text:
            continue
        for pattern, what in ((MARKERS, "a leftover marker"), (MACHINE_PATHS, "a path of one machine")):
            for match in pattern.finditer(text):
                tree.report(name, text.count("\n", 0, match.start()) + 1,
                            f"{what}: {match.group()}")


def links(tree):
    for name in tree.names:
        if not name.endswith(".md"):
            continue
        text = tree.text(name)
        for match in LINK.finditer(text):
            target = match[1]
            if "://" in target or target.startswith("mailto:"):
                continue
            if not (tree.root / pathlib.PurePath(name).parent / target).exists():
                tree.report(name, text.count("\n", 0, match.start()) + 1,
                            f"links to {target}, which is not there")


def config_table(tree):
    problem = config_doc.check(tree.root)
    if problem:
        tree.report(config_doc.PAGE, 1, problem)


RULES = (floors, worker_links, wrapped_headers, sql_place, sizes, headers, readmes, coroutines,
         no_shell, words, links, config_table)


def main(root):
    tree = Tree(root)
    for rule in RULES:
        rule(tree)
    for problem in tree.problems:
        print(problem)
    if tree.problems:
        print(f"\n{len(tree.problems)} violations")
    return 1 if tree.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[1]))
