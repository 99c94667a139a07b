#include "roles/runner/lint/lint_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "roles/runner/lint/lint_config.hpp"

namespace mw::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kReport = R"([
  {"filepath": "models/b.sql", "violations": [
    {"start_line_no": 9, "start_line_pos": 1, "code": "LT02", "description": "Indent.",
     "name": "layout.indent", "warning": true, "fixes": []},
    {"start_line_no": 2, "start_line_pos": 7, "code": "CP01", "description": "Keywords.",
     "name": "capitalisation.keywords", "warning": false}]},
  {"filepath": "models/good.sql", "violations": []},
  {"filepath": "models/a.sql", "violations": [
    {"line_no": 1, "line_pos": 3, "code": "PRS", "description": "Unparsable.", "name": ""}]}
])";

TEST(LintReport, IsGroupedByFile) {
    auto report = parse_lint_report(kReport);
    ASSERT_TRUE(report);
    EXPECT_THAT(lines_of(*report, 100),
                ElementsAre("models/a.sql: 1 finding", "  line 1, column 3: PRS Unparsable.",
                            "models/b.sql: 2 findings",
                            "  line 2, column 7: CP01 Keywords. (capitalisation.keywords)",
                            "  line 9, column 1: warning LT02 Indent. (layout.indent)"));
    EXPECT_EQ(report->violations(), 2);
    EXPECT_EQ(summary_of(*report), "3 files linted: 2 violations in 2 files, 1 warning");
}

TEST(LintReport, ALongOneIsCut) {
    auto report = *parse_lint_report(kReport);
    EXPECT_THAT(lines_of(report, 2),
                ElementsAre("models/a.sql: 1 finding", "  line 1, column 3: PRS Unparsable.",
                            "models/b.sql: 2 findings",
                            "  line 2, column 7: CP01 Keywords. (capitalisation.keywords)",
                            "… and 1 finding more"));
}

TEST(LintReport, OfSeveralCommandsIsOne) {
    auto report = *parse_lint_report("[]");
    EXPECT_EQ(summary_of(report), "0 files linted: no violations");
    report.add(*parse_lint_report(kReport));
    report.add(*parse_lint_report(R"([{"filepath": "models/0.sql", "violations": []}])"));
    EXPECT_EQ(report.linted, 4);
    EXPECT_EQ(report.files.size(), 2u);
}

TEST(LintReport, WhatIsNoReportIsAnError) {
    for (const char* text : {"", "{}", "Traceback", R"([{"filepath": "x"}])", "[1]"})
        EXPECT_FALSE(parse_lint_report(text)) << text;
}

TEST(LintConfig, TheDialectIsTheAdapters) {
    EXPECT_EQ(dialect_of("duckdb"), "duckdb");
    EXPECT_EQ(dialect_of("spark"), "sparksql");
    EXPECT_EQ(dialect_of("fabric"), "tsql");
    EXPECT_EQ(dialect_of("oracle-of-delphi"), "ansi");
}

TEST(LintConfig, KnowsTheProjectsTemplater) {
    EXPECT_EQ(read_own_config("[sqlfluff]\ndialect = duckdb\ntemplater = dbt\n").templater, "dbt");
    EXPECT_EQ(read_own_config("[tool.sqlfluff.core]\ntemplater=\"jinja\"\r\n").templater, "jinja");
    // A heading that only looks like it, and another program's.
    EXPECT_EQ(read_own_config("[sqlfluff:templater:dbt]\nproject_dir = .\n").templater, "");
    EXPECT_EQ(read_own_config("[flake8]\ntemplater = dbt\n").templater, "");
}

TEST(LintConfig, StandsInWhereTheProjectSaysNothing) {
    auto config = fallback_config("postgres", {}, {"/w/macros", "/w/more"});
    EXPECT_THAT(config, HasSubstr("dialect = postgres\ntemplater = jinja\nignore = templating\n"));
    EXPECT_THAT(config, HasSubstr("load_macros_from_path = /w/macros,/w/more\n"));
    // Who chose the templater wants to hear what it does not know.
    EXPECT_THAT(fallback_config("postgres", {.templater = "jinja"}, {}), Not(HasSubstr("ignore")));
    EXPECT_THAT(fallback_config("postgres", {.templater = "dbt"}, {}), HasSubstr("ignore"));
}

}  // namespace
}  // namespace mw::runner
