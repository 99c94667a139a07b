#include "features/worker_api/worker_input.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"

namespace mw::worker_api {
namespace {

constexpr std::size_t kStepsMax = 1000;
constexpr TextLimit kGitName{0, 1024};

std::optional<Timestamp> read_time(JsonReader& in, std::string_view field) {
    std::optional<std::string> text;
    in.optional(field, text);
    if (!text) return std::nullopt;
    auto at = parse_time(*text);
    if (!at) in.error(field, "must be a time such as 2024-05-27T10:42:16Z");
    return at;
}

boost::json::value time_or_null(std::optional<Timestamp> at) {
    return at ? boost::json::value(format_rfc3339(*at)) : boost::json::value(nullptr);
}

std::optional<runs::Status> read_status(JsonReader& in) {
    std::int64_t code = 0;
    in.required("status", code);
    auto status = runs::to_status(code);
    if (code != 0 && !status) in.error("status", "is not a status");
    return status;
}

void read_step(JsonReader& in, StepsReport& report) {
    std::int64_t index = 0;
    std::string name;
    std::string command;
    in.required("index", index, {1, 10'000});
    in.required("name", name);
    in.keep("command", command);
    auto status = read_status(in);
    auto started_at = read_time(in, "started_at");
    auto finished_at = read_time(in, "finished_at");
    if (!in.finish()) return;
    bool has_begun = started_at || *status == runs::Status::running;
    if (has_begun && !started_at) started_at = now();
    if (has_begun && (!report.first_started_at || *started_at < *report.first_started_at))
        report.first_started_at = started_at;
    report.steps.push_back({{"index", index},
                            {"name", name},
                            {"command", command},
                            {"status", static_cast<int>(*status)},
                            {"started_at", time_or_null(started_at)},
                            {"finished_at", time_or_null(finished_at)}});
}

}  // namespace

result<StepsReport> read_steps(const boost::json::value& body) {
    StepsReport report;
    JsonReader in(body);
    const auto* given = in.find("steps");
    if (!given || !given->is_array()) in.error("steps", "must be a list");
    MW_CHECK(in.finish());
    const auto& list = given->get_array();
    if (list.size() > kStepsMax)
        return fail_field("steps", fmt::format("has more than {} items", kStepsMax));
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
        JsonReader step(list[i], fmt::format("steps[{}]", i));
        std::int64_t index = 0;
        step.keep("index", index);
        if (!seen.insert(index).second) step.error("index", "is there twice");
        read_step(step, report);
        MW_CHECK(step.finish());
    }
    return report;
}

result<Progress> read_progress(const boost::json::value& body) {
    Progress progress;
    JsonReader in(body);
    in.optional("git_sha", progress.git_sha, kGitName);
    in.optional("git_branch", progress.git_branch, kGitName);
    MW_CHECK(in.finish());
    // A detached checkout has no branch; that is no news.
    if (progress.git_branch && progress.git_branch->empty()) progress.git_branch.reset();
    if (progress.git_sha && progress.git_sha->empty()) progress.git_sha.reset();
    return progress;
}

result<runs::Outcome> read_outcome(const boost::json::value& body) {
    runs::Outcome outcome;
    JsonReader in(body);
    auto status = read_status(in);
    if (status && !runs::is_over(*status)) in.error("status", "must be 10, 20 or 30");
    in.optional("status_message", outcome.message, {0, 64 * 1024});
    in.keep("artifacts_saved", outcome.artifacts_saved);
    in.keep("has_docs_generated", outcome.has_docs_generated);
    in.keep("has_sources_generated", outcome.has_sources_generated);
    MW_CHECK(in.finish());
    outcome.status = *status;
    if (outcome.message && outcome.message->empty()) outcome.message.reset();
    return outcome;
}

}  // namespace mw::worker_api
