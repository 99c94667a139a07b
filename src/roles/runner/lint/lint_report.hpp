// What SQLFluff found (`sqlfluff lint --format json`), for people. Pure.
//
// Errors: `upstream_failed` when the text is no such report.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::runner {

struct Finding {
    int line = 0;
    int column = 0;
    std::string rule;  // "LT09"; "PRS" where the SQL could not be understood
    std::string name;  // "layout.select_targets"; may be empty
    std::string description;
    bool is_warning = false;  // the project's settings make it one
};

struct LintedFile {
    std::string path;
    std::vector<Finding> findings;  // by line
};

struct LintReport {
    std::vector<LintedFile> files;  // those with findings, by path
    int linted = 0;

    int violations() const;  // that are no warnings
    int warnings() const;
    // Those of another command.
    void add(LintReport more);
};

result<LintReport> parse_lint_report(std::string_view json);

// Grouped by file, at most `most` findings and then how many more there are.
std::vector<std::string> lines_of(const LintReport& report, int most);

// "12 files linted: 3 violations in 2 files, 1 warning"
std::string summary_of(const LintReport& report);

}  // namespace mw::runner
