#include "features/commit_reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/storable_text.hpp"

namespace mw::commit_reports {
namespace {

using git_hosts::CommitState;

constexpr std::string_view kMarker = "<!-- millwright: results of dbt -->";
// The least that the hosts allow (GitHub).
constexpr std::size_t kDescriptionMax = 140;
constexpr std::size_t kShortSha = 7;
constexpr int kComparedMax = 20;
constexpr std::size_t kColumnsBytesMax = 300;

// A run's numbers (contract 3.6).
constexpr int kRunning = 3;
constexpr int kSuccess = 10;
constexpr int kCancelled = 30;

bool is_active(const JobRun& run) {
    return run.status < kSuccess;
}
bool is_good(const JobRun& run) {
    return run.status == kSuccess;
}
bool is_cancelled(const JobRun& run) {
    return run.status == kCancelled;
}

// Cut between characters.
std::string cut(std::string text, std::size_t most) {
    if (text.size() <= most) return text;
    constexpr std::string_view kDots = "…";
    auto end = most - kDots.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end).append(kDots);
}

std::string link_to(const JobRun& run, std::string_view public_url) {
    return fmt::format("{}/deploy/{}/projects/{}/runs/{}/", public_url, run.account_id,
                       run.project_id, run.run_id);
}

std::string what_failed(const JobRun& run) {
    if (is_cancelled(run)) return "was cancelled";
    if (run.failures == 0) return "failed: " + run.message;
    auto first = run.failed_nodes.substr(0, run.failed_nodes.find(','));
    if (run.failures == 1) return fmt::format("failed: {}", first);
    return fmt::format("failed: {} and {} more", first, run.failures - 1);
}

std::string built(const JobRun& run) {
    return fmt::format("{} model{} built, {} test{} run", run.models, run.models == 1 ? "" : "s",
                       run.tests, run.tests == 1 ? "" : "s");
}

// Nothing in a name may end a cell, begin markup or mention somebody.
std::string in_markdown(std::string_view text) {
    std::string escaped;
    for (char c : text) {
        if (c == '\n' || c == '\r') {
            escaped += ' ';
        } else if (std::string_view("\\`*_{}[]<>()#+!|~@&").find(c) != std::string_view::npos) {
            escaped += fmt::format("&#{};", static_cast<int>(static_cast<unsigned char>(c)));
        } else {
            escaped += c;
        }
    }
    return escaped;
}

std::string seconds_of(const JobRun& run) {
    if (!run.started_at || !run.finished_at) return "–";
    auto length = std::chrono::round<std::chrono::seconds>(*run.finished_at - *run.started_at);
    return humanize_duration(length);
}

std::string row_of(const JobRun& run, std::string_view public_url) {
    auto result = is_good(run) ? "✅ passed" : is_cancelled(run) ? "⏹ cancelled" : "❌ failed";
    return fmt::format("| [{}]({}) | {} | {} | {} |\n", in_markdown(run.job_name),
                       link_to(run, public_url), result, built(run), seconds_of(run));
}

std::string count_of(const std::optional<std::int64_t>& count, std::string_view sign) {
    return count && *count > 0 ? fmt::format("{}{} ", sign, *count) : std::string();
}

std::string rows_of(const dbt::ComparedModel& model) {
    using dbt::ChangeStatus;
    if (model.status == ChangeStatus::added) return "new";
    if (model.status == ChangeStatus::skipped) return "not compared";
    auto text = count_of(model.rows.added, "+") + count_of(model.rows.removed, "−") +
                count_of(model.rows.changed, "~");
    return text.empty() ? "–" : text;
}

std::string columns_of(const dbt::ComparedColumns& columns) {
    std::string text;
    auto add = [&](std::string_view sign, std::string_view name) {
        text += fmt::format("{}{}{}", text.empty() ? "" : ", ", sign, in_markdown(name));
    };
    for (const auto& name : columns.added)
        add("+", name);
    for (const auto& name : columns.removed)
        add("−", name);
    for (const auto& name : columns.retyped)
        add("type of ", name);
    for (const auto& [name, rows] : columns.changed)
        if (rows > 0) add("~", name);
    return text.empty() ? "–" : cut(text, kColumnsBytesMax);
}

// Counts and names, of the models that differ.
std::string comparison_of(const JobRun& run, const dbt::Comparison& comparison) {
    using dbt::ChangeStatus;
    auto text = fmt::format("\n**{}** beside production: {}.\n", in_markdown(run.job_name),
                            dbt::summary_of(comparison));
    int shown = 0, more = 0;
    for (const auto& model : comparison.models) {
        if (model.status == ChangeStatus::unchanged) continue;
        if (shown == kComparedMax) {
            ++more;
            continue;
        }
        if (shown++ == 0) text += "\n| model | rows | columns |\n| --- | --- | --- |\n";
        text += fmt::format("| {} | {} | {} |\n", in_markdown(model.name), rows_of(model),
                            columns_of(model.columns));
    }
    if (more > 0) text += fmt::format("\n… and {} more\n", more);
    return text;
}

std::string failures_of(const JobRun& run) {
    std::string text = fmt::format("\n**{}** ", in_markdown(run.job_name));
    if (run.failures == 0) return text + "failed: " + in_markdown(cut(run.message, 500)) + "\n";
    text += fmt::format("failed in {} node{}:\n\n", run.failures, run.failures == 1 ? "" : "s");
    for (std::string_view rest = run.failed_nodes; !rest.empty();) {
        auto end = rest.find(',');
        text += fmt::format("- {}\n", in_markdown(rest.substr(0, end)));
        rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    }
    auto shown = 1 + std::ranges::count(run.failed_nodes, ',');
    if (run.failures > shown) text += fmt::format("- … and {} more\n", run.failures - shown);
    return text;
}

}  // namespace

std::optional<git_hosts::CommitStatus> status_of(const Subject& subject, std::string_view context,
                                                 std::string_view public_url) {
    git_hosts::CommitStatus status{.sha = subject.sha,
                                   .state = CommitState::failure,
                                   .context = std::string(context),
                                   .description = {},
                                   .target_url = std::string(public_url),
                                   .pull_request = subject.pull_request.value_or(0)};
    const auto& all = subject.runs;
    if (all.empty()) {
        if (!subject.refusal) return std::nullopt;
        status.description = cut(*subject.refusal, kDescriptionMax);
        return status;
    }
    auto failed = std::ranges::find_if(
        all, [](const JobRun& run) { return !is_active(run) && !is_good(run); });
    auto active = std::ranges::find_if(all, is_active);
    const auto& told = failed != all.end() ? *failed : active != all.end() ? *active : all.front();
    status.target_url = link_to(told, public_url);
    std::string text;
    if (failed != all.end()) {
        text = fmt::format("{} {}", told.job_name, what_failed(told));
    } else if (active != all.end()) {
        status.state = CommitState::pending;
        bool waits = told.status < kRunning;
        text = fmt::format("{} {}", told.job_name, waits ? "waits to run" : "is running");
    } else {
        status.state = CommitState::success;
        text = all.size() == 1 ? fmt::format("{}: {}", told.job_name, built(told))
                               : fmt::format("{} jobs passed", all.size());
    }
    status.description = cut(storable_text(text, 4 * kDescriptionMax), kDescriptionMax);
    return status;
}

std::optional<git_hosts::PullRequestComment> comment_of(const Subject& subject,
                                                        std::string_view public_url) {
    const auto& all = subject.runs;
    // A run that a newer commit has replaced has nothing to tell of the pull request.
    if (!subject.pull_request || all.empty() || std::ranges::any_of(all, is_active) ||
        std::ranges::all_of(all, is_cancelled))
        return std::nullopt;
    auto text = fmt::format(
        "{}\n### dbt, at {}\n\n| job | result | what ran | time |\n"
        "| --- | --- | --- | --- |\n",
        kMarker, subject.sha.substr(0, kShortSha));
    for (const auto& run : all)
        text += row_of(run, public_url);
    for (const auto& run : all)
        if (!is_good(run) && !is_cancelled(run)) text += failures_of(run);
    for (const auto& run : all)
        if (auto found = subject.comparisons.find(run.run_id); found != subject.comparisons.end())
            text += comparison_of(run, found->second);
    return git_hosts::PullRequestComment{*subject.pull_request, std::string(kMarker),
                                         std::move(text)};
}

}  // namespace mw::commit_reports
