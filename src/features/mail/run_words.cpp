#include "features/mail/run_words.hpp"

#include <fmt/format.h>

namespace mw::mail {

std::string_view verb_of(const RunReport& report) {
    if (report.run.status == 20) return "failed";
    if (report.run.status == 30) return "was cancelled";
    return report.troubled_count > 0 ? "succeeded with warnings" : "succeeded";
}

std::string length_of(const RunFacts& run) {
    if (!run.finished_at) return {};
    auto from = run.started_at.value_or(run.created_at);
    return humanize_duration(std::chrono::floor<std::chrono::seconds>(*run.finished_at - from));
}

std::string run_url(const RunFacts& run, std::string_view public_url) {
    return fmt::format("{}/deploy/{}/projects/{}/runs/{}", public_url, run.account_id,
                       run.project_id, run.run_id);
}

}  // namespace mw::mail
