#include "roles/runner/lint/lint_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <iterator>
#include <tuple>

#include "base/json_text.hpp"

namespace mw::runner {
namespace {

namespace json = boost::json;

std::unexpected<Error> no_report(std::string why) {
    return fail(Errc::upstream_failed, "SQLFluff's report cannot be read.", std::move(why));
}

// Its versions name the place differently: of version 2, `line_no`.
int number_in(const json::object& object, std::string_view name, std::string_view old_name) {
    for (auto each : {name, old_name})
        if (const auto* value = object.if_contains(each); value && value->is_int64())
            return static_cast<int>(std::clamp<std::int64_t>(value->get_int64(), 0, INT32_MAX));
    return 0;
}

Finding read_finding(const json::object& object) {
    const auto* warning = object.if_contains("warning");
    return {.line = number_in(object, "start_line_no", "line_no"),
            .column = number_in(object, "start_line_pos", "line_pos"),
            .rule = text_of(object, "code"),
            .name = text_of(object, "name"),
            .description = text_of(object, "description"),
            .is_warning = warning && warning->is_bool() && warning->get_bool()};
}

int count(const LintReport& report, bool warnings) {
    int total = 0;
    for (const auto& file : report.files)
        total +=
            static_cast<int>(std::ranges::count(file.findings, warnings, &Finding::is_warning));
    return total;
}

std::string counted(int number, std::string_view what) {
    return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string line_of(const Finding& finding) {
    auto line =
        fmt::format("  line {}, column {}: {}{} {}", finding.line, finding.column,
                    finding.is_warning ? "warning " : "", finding.rule, finding.description);
    if (!finding.name.empty()) line += fmt::format(" ({})", finding.name);
    return line;
}

}  // namespace

int LintReport::violations() const {
    return count(*this, false);
}

int LintReport::warnings() const {
    return count(*this, true);
}

void LintReport::add(LintReport more) {
    linted += more.linted;
    std::ranges::move(more.files, std::back_inserter(files));
    std::ranges::sort(files, {}, &LintedFile::path);
}

result<LintReport> parse_lint_report(std::string_view text) {
    json::error_code error;
    auto value = json::parse(text, error);
    if (error) return no_report(error.message());
    if (!value.is_array()) return no_report("it is no list");
    LintReport report;
    for (const auto& each : value.get_array()) {
        const auto* object = each.if_object();
        const auto* violations = object ? object->if_contains("violations") : nullptr;
        if (!violations || !violations->is_array()) return no_report("a file has no list");
        ++report.linted;
        LintedFile file{.path = text_of(*object, "filepath"), .findings = {}};
        for (const auto& violation : violations->get_array())
            if (violation.is_object())
                file.findings.push_back(read_finding(violation.get_object()));
        std::ranges::sort(file.findings, {}, [](const Finding& finding) {
            return std::tuple(finding.line, finding.column, finding.rule);
        });
        if (!file.findings.empty()) report.files.push_back(std::move(file));
    }
    std::ranges::sort(report.files, {}, &LintedFile::path);
    return report;
}

std::vector<std::string> lines_of(const LintReport& report, int most) {
    std::vector<std::string> lines;
    int left = report.violations() + report.warnings();
    for (const auto& file : report.files) {
        if (most == 0) break;
        lines.push_back(fmt::format("{}: {}", file.path,
                                    counted(static_cast<int>(file.findings.size()), "finding")));
        for (const auto& finding : file.findings) {
            if (most-- == 0) {
                most = 0;
                break;
            }
            --left;
            lines.push_back(line_of(finding));
        }
    }
    if (left > 0) lines.push_back(fmt::format("… and {} more", counted(left, "finding")));
    return lines;
}

std::string summary_of(const LintReport& report) {
    auto files = counted(report.linted, "file") + " linted: ";
    int violations = report.violations();
    auto warnings = report.warnings() == 0 ? "" : ", " + counted(report.warnings(), "warning");
    if (violations == 0) return files + "no violations" + warnings;
    auto bad = std::ranges::count_if(report.files, [](const auto& file) {
        return std::ranges::any_of(file.findings, [](const auto& f) { return !f.is_warning; });
    });
    return fmt::format("{}{} in {}{}", files, counted(violations, "violation"),
                       counted(static_cast<int>(bad), "file"), warnings);
}

}  // namespace mw::runner
