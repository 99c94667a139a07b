"""Each rule of tidy.py on a small tree that keeps to it and one that breaks it.

Run by: python3 -m unittest tools/test_tidy.py
"""

import pathlib
import sys
import tempfile
import textwrap
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import config_doc  # noqa: E402
import tidy  # noqa: E402
from cpp_source import Source, argument_text  # noqa: E402


class RuleTest(unittest.TestCase):
    def problems(self, rule, files):
        """What the rule says about a tree of these files."""
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(textwrap.dedent(text))
            tree = tidy.Tree(folder, set(files))
            rule(tree)
            return tree.problems

    def assert_good(self, rule, files):
        self.assertEqual(self.problems(rule, files), [])

    def assert_bad(self, rule, files, *expected):
        """One problem for each of `expected`, in this order, each of which it contains."""
        found = self.problems(rule, files)
        self.assertEqual(len(found), len(expected), found)
        for problem, words in zip(found, expected):
            self.assertIn(words, problem)


class Floors(RuleTest):
    def test_downwards_is_good(self):
        self.assert_good(tidy.floors, {
            "src/base/error.hpp": "",
            "src/infra/pg/pool.cpp": '#include "base/error.hpp"\n#include "infra/pg/pool.hpp"\n',
            "src/infra/pg/pool.hpp": "",
            "src/features/runs/run.cpp": '#include "infra/pg/pool.hpp"\n',
            "src/roles/app/app.cpp": '#include "features/runs/run.hpp"\n',
            "src/features/runs/run.hpp": "",
            "src/roles/command_line.cpp": '#include "roles/app/app.hpp"\n',
            "src/roles/app/app.hpp": "",
        })

    def test_upwards_and_sideways_are_bad(self):
        self.assert_bad(tidy.floors, {
            "src/base/error.cpp": '\n#include "infra/pg/pool.hpp"\n',
            "src/dbt/event.cpp": '#include "infra/pg/pool.hpp"\n',
            "src/infra/pg/pool.hpp": "",
            "src/infra/zstd/zstd.cpp": '#include "infra/pg/pool.hpp"\n',
            "src/engines/a.cpp": '#include "features/runs/run.hpp"\n',
            "src/features/runs/run.hpp": "",
            "src/roles/app/app.cpp": '#include "roles/gateway/gateway.hpp"\n',
            "src/roles/gateway/gateway.hpp": "",
        }, "src/base/error.cpp:2: base is below infra/pg", "dbt and infra/pg are on the same floor",
            "engines is below features/runs", "infra/zstd and infra/pg",
            "roles/app and roles/gateway")

    def test_listed_neighbours_are_good(self):
        self.assert_good(tidy.floors, {
            "src/infra/pg_server/cluster.cpp": '#include "infra/pg/pool.hpp"\n',
            "src/infra/pg/pool.hpp": ""})

    def test_the_worker_sees_no_database_and_no_feature(self):
        self.assert_bad(tidy.floors, {
            "src/roles/runner/a.cpp": '#include "infra/pg/pool.hpp"\n#include "features/runs/run.hpp"\n',
            "src/roles/gateway/a.cpp": '#include "infra/pg/pool.hpp"\n',
            "src/infra/pg/pool.hpp": "", "src/features/runs/run.hpp": "",
        }, "roles/gateway must never", "roles/runner must never include infra/pg",
            "roles/runner must never include features/runs")

    def test_features_may_use_each_other_but_not_in_a_circle(self):
        files = {"src/features/jobs/job.cpp": '#include "features/runs/run.hpp"\n',
                 "src/features/jobs/job.hpp": "", "src/features/runs/run.hpp": ""}
        self.assert_good(tidy.floors, files)
        self.assert_bad(tidy.floors, files | {
            "src/features/runs/run.cpp": '#include "features/jobs/job.hpp"\n'},
            "features/jobs → features/runs → features/jobs")

    def test_a_test_may_close_a_circle(self):
        self.assert_good(tidy.floors, {
            "src/features/jobs/job.cpp": '#include "features/runs/run.hpp"\n',
            "src/features/jobs/job.hpp": "", "src/features/runs/run.hpp": "",
            "src/features/runs/run_pgtest.cpp": '#include "features/jobs/job.hpp"\n'})

    def test_unknown_files_and_folders(self):
        self.assert_bad(tidy.floors, {
            "src/base/a.cpp": '#include "a.hpp"\n', "src/attic/b.cpp": '#include "base/c.hpp"\n',
            "src/base/c.hpp": ""}, "attic stands on no floor", "is no file below src/")

    def test_support_of_tests_is_for_tests(self):
        files = {"src/test_support/db.hpp": "",
                 "src/infra/pg/pool_pgtest.cpp": '#include "test_support/db.hpp"\n'}
        self.assert_good(tidy.floors, files)
        self.assert_bad(tidy.floors, files | {
            "src/infra/pg/pool.cpp": '#include "test_support/db.hpp"\n'}, "only tests")

    def test_what_the_worker_links_counts_too(self):
        files = {
            "src/roles/runner/CMakeLists.txt": "mw_library(role_runner DEPENDS mw_engines\n PRIVATE mw_dbt)",
            "src/engines/CMakeLists.txt": "mw_library(engines DEPENDS mw_base TEST_DEPENDS mw_infra_pg)"}
        self.assert_good(tidy.worker_links, files)
        files["src/engines/CMakeLists.txt"] = "mw_library(engines DEPENDS mw_feature_runs)"
        files["src/features/runs/CMakeLists.txt"] = "mw_library(feature_runs DEPENDS mw_infra_pg)"
        self.assert_bad(tidy.worker_links, files, "links feature_runs", "links infra_pg")


class Places(RuleTest):
    def test_wrapped_headers(self):
        self.assert_good(tidy.wrapped_headers, {
            "src/infra/http/server/a.cpp": "#include <boost/beast/http.hpp>\n",
            "src/infra/pg/a.cpp": "#include <libpq-fe.h>\n",
            "src/infra/http/client/a.cpp": "#include <curl/curl.h>\n"})
        self.assert_bad(tidy.wrapped_headers, {
            "src/api/a.cpp": "#include <string>\n#include <boost/beast/http.hpp>\n",
            "src/features/runs/a.cpp": "#include <libpq-fe.h>\n",
            "src/infra/http/server/a.cpp": "#  include <curl/curl.h>\n",
            "src/roles/app/a.cpp": "#include <sodium.h>\n",
        }, "src/api/a.cpp:2:", "libpq-fe.h", "curl/curl.h", "sodium.h")

    def test_sql_in_stores_only(self):
        query = 'const char* q = R"(\nSELECT a,\n b FROM t)";\n'
        self.assert_good(tidy.sql_place, {
            "src/features/runs/run_store.cpp": query, "src/infra/pg/migrate.cpp": query,
            "src/features/runs/run_pgtest.cpp": query,
            "src/features/runs/run.cpp": '// SELECT a FROM t\nauto s = "Select one from the list";\n'})
        self.assert_bad(tidy.sql_place, {
            "src/features/runs/run.cpp": "\n" + query,
            "src/features/runs/a.cpp": 'auto q = "DELETE FROM runs";\n',
            "src/features/runs/b.cpp": 'auto q = "UPDATE runs r SET a = 1";\n',
            "src/features/runs/c.cpp": 'auto q = "INSERT INTO runs";\n',
        }, "a.cpp:1", "b.cpp:1", "c.cpp:1", "run.cpp:2")

    def test_no_shell(self):
        self.assert_bad(tidy.no_shell, {
            "src/base/a.cpp": 'void f() { std::system("ls"); popen("ls", "r"); }\n'},
            "system()", "popen()")
        self.assert_good(tidy.no_shell, {
            "src/base/a.cpp": '// system("ls")\nint system_user(); int x = file_system(1);\n'
                              'auto y = boost::system::error_code();\n'})


class Shapes(RuleTest):
    @staticmethod
    def function(lines, head="void f()"):
        return head + " {\n" + "    g();\n" * (lines - 2) + "}\n"

    def test_function_length(self):
        self.assert_good(tidy.sizes, {"src/base/a.cpp": self.function(70) + self.function(70)})
        self.assert_bad(tidy.sizes, {"src/base/a.cpp": "\n\n" + self.function(71)}, "a.cpp:3: a function of 71")

    def test_function_length_in_all_their_forms(self):
        for head in ("A::A(int x) : x_{x}, y_(g({1, 2}))", "auto f(A a = {}) -> B", "TEST_F(Suite, Name)",
                     "std::unexpected<Error> f(std::map<int, B> m) const noexcept override",
                     "template <class T>\nvoid f(T t) requires(sizeof(T) > 1)", "bool operator()(int a) const"):
            lines = 80 + head.count("\n")
            with self.subTest(head):
                for before, after in (("", ""), ("namespace a {\n", "}\n"), ("class A : public B {\n", "};\n")):
                    text = before + self.function(lines, head) + after + self.function(5)
                    self.assert_bad(tidy.sizes, {"src/base/a.cpp": text}, "a function of")

    def test_what_is_long_and_no_function(self):
        table = "constexpr std::array kTable{\n" + '    Row{"a", f(1)},\n' * 100 + "};\n"
        enumeration = "enum class E {\n" + "    a,\n" * 100 + "};\n"
        members = "struct S {\n" + "    int a() const { return 1; }\n" * 100 + "};\n"
        self.assert_good(tidy.sizes, {"src/base/a.cpp": table + enumeration + members})

    def test_file_length(self):
        self.assert_good(tidy.sizes, {"src/base/a.cpp": "int a;\n" * 800, "src/base/a.hpp": "int a;\n" * 300})
        self.assert_bad(tidy.sizes, {"src/base/a.cpp": "int a;\n" * 801, "src/base/a.hpp": "int a;\n" * 301},
                        "801 lines", "301 lines")

    def test_headers(self):
        self.assert_good(tidy.headers, {"src/base/a.hpp": "// What.\n#pragma once\n"})
        self.assert_bad(tidy.headers, {"src/base/a.hpp": "#pragma once\n", "src/base/b.hpp": "// What.\n"},
                        "begins with a comment", "#pragma once")

    def test_readmes(self):
        files = {"src/CMakeLists.txt": "", "src/README.md": "", "src/infra/CMakeLists.txt": "",
                 "src/infra/pg/CMakeLists.txt": "mw_library(infra_pg)"}
        self.assert_bad(tidy.readmes, files, "src/infra/pg:1")
        self.assert_good(tidy.readmes, files | {"src/infra/pg/README.md": ""})

    def test_coroutines(self):
        self.assert_good(tidy.coroutines, {"src/base/a.cpp": """
            void f() { co_spawn(ex, [this] { return g(); }, detached);
                       co_spawn(ex, g(1), [](std::exception_ptr e) { h(e); }); }
            """})
        self.assert_bad(tidy.coroutines, {"src/base/a.cpp": """
            void f() {
                co_spawn(ex, [this]() -> awaitable<void> {
                    co_await g();
                }(), detached);
            }
            """}, "a.cpp:3: co_spawn takes the lambda")


class Words(RuleTest):
    def test_markers(self):
        self.assert_bad(tidy.words, {"a.py": "\n# TO" "DO: later\n", "docs/b.md": "FIX" "ME\n"}, "a.py:2", "b.md:1")
        self.assert_good(tidy.words, {"a.py": "mkdtemp('aXXXXXX'); todos = 1\n"})

    def test_machine_paths(self):
        self.assert_bad(tidy.words, {"a.md": "see /wo" "rk/x\n", "b.sh": "cd '/ro" "ot/y'\n", "c.py": "p = '/ho" "me/ann/x'\n"},
                        "a.md:1", "b.sh:1", "c.py:1")
        self.assert_good(tidy.words, {"a.md": "below /ro" "ot, src/wo" "rk/x, $x/wo" "rk/y, /var/lib/x\n"})

    def test_links(self):
        self.assert_good(tidy.links, {"docs/a.md": "[b](b.md#part) [c](../c/) [d](https://x/y) [e](#here)\n",
                                      "docs/b.md": "", "c/x": ""})
        self.assert_bad(tidy.links, {"docs/a.md": "\n[b](b.md)\n"}, "docs/a.md:2: links to b.md")


SETTINGS = """
constexpr std::array kSettings{
    SettingSpec{"PORT", "", "HTTPS port."},
    SettingSpec{"DATABASE_URL", "a|b", "Where \\"it\\" "
                "is.", true},
};
"""


class ConfigTable(RuleTest):
    def test_what_it_reads(self):
        self.assertEqual(list(config_doc.settings(SETTINGS)),
                         [("PORT", "", "HTTPS port.", False), ("DATABASE_URL", "a|b", 'Where "it" is.', True)])

    def test_an_old_table_is_seen(self):
        files = {config_doc.SOURCE: SETTINGS}
        self.assert_bad(tidy.config_table, files, "run tools/config_doc.py")
        self.assert_good(tidy.config_table, files | {config_doc.PAGE: config_doc.page(SETTINGS)})
        self.assert_bad(tidy.config_table, files | {config_doc.PAGE: "old"}, "run tools/config_doc.py")

    def test_a_declaration_that_is_not_understood_is_said(self):
        with self.assertRaises(SystemExit):
            config_doc.page(SETTINGS + 'SettingSpec{"NEW", kDefault, "Text."},\n')


class CppSource(unittest.TestCase):
    def test_blanking_keeps_lengths_and_lines(self):
        text = 'a(); // "b"\nauto s = R"x(\n{ ) " )x"; char c = \'{\'; int n = 1\'000; /* {\n */ "\\"{";\n'
        source = Source(text)
        self.assertEqual(len(source.code), len(text))
        self.assertEqual(source.code.count("\n"), text.count("\n"))
        self.assertNotIn("{", source.code)
        self.assertEqual([each for _, each in source.literals][1], '\\"{')

    def test_arguments(self):
        self.assertEqual([text for _, text in argument_text("f(a(b), c) g(f())", "f")], ["a(b), c", ""])


if __name__ == "__main__":
    unittest.main()
