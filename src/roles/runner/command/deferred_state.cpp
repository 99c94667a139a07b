#include "roles/runner/command/deferred_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "roles/runner/command/artifacts.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;

// How dbt Core says that it lacks a file of an earlier run.
struct Lack {
    std::string_view words;
    std::string_view file;
};
constexpr std::array kLacks = std::to_array<Lack>({
    {"Got a state selector method, but no comparison manifest", "manifest.json"},
    {"--state or --defer-state are required for deferral", "manifest.json"},
    {"Could not find manifest in --state path", "manifest.json"},
    {"No comparison run_results", "run_results.json"},
    {"No previous state comparison freshness results", "sources.json"},
});
// It is this run's own that is missing.
constexpr std::string_view kNoFreshness = "No current state comparison freshness results";

std::string none_yet(const DeferralSpec& spec) {
    return fmt::format("no run of {} has succeeded and left a manifest.json yet", spec.target);
}

}  // namespace

asio::awaitable<result<>> DeferredState::fetch(ApiClient& api, StepLog log) {
    if (!spec_) co_return result<>{};
    if (!there_is()) {
        log.warn(fmt::format("This run goes on without deferral: {}.", none_yet(*spec_)));
        co_return result<>{};
    }
    MW_CO_CHECK(co_await fetch_artifacts_of(api, spec_->run_id, spec_->artifacts,
                                            workspace_.deferred(), "this run defers to"));
    log.info(fmt::format("Deferring to {}, which ended at {}: {}", title(), spec_->finished_at,
                         fmt::join(spec_->artifacts, ", ")));
    co_return result<>{};
}

std::string DeferredState::why_none() const {
    if (there_is()) return {};
    if (spec_) return none_yet(*spec_) + ".";
    return "the job defers to none; choose an environment or a job that it defers to.";
}

std::string DeferredState::title() const {
    return fmt::format("run {} of job {} in environment {}", spec_->run_id, spec_->job_name,
                       spec_->environment_name);
}

void DeferredState::add_to(dbt::Command& command, const EnvironmentMap& environment) const {
    if (there_is())
        dbt::add_state(command, environment, workspace_.seen(workspace_.deferred()).string());
}

void DeferredState::add_to_retry(dbt::Command& command) const {
    auto seen = workspace_.seen(workspace_.deferred());
    // Confined, both runs see it at the same place.
    if (there_is() && seen == workspace_.deferred())
        dbt::add_option(command, "--defer-state", seen.string());
}

std::string DeferredState::explain(std::string_view failure) const {
    if (failure.contains(kNoFreshness))
        return "`source_status:` compares with the freshness that this run has found itself: put "
               "`dbt source freshness` into a step before it.";
    const auto* lack = std::ranges::find_if(
        kLacks, [&](const Lack& each) { return failure.contains(each.words); });
    if (lack == kLacks.end()) return {};
    if (!spec_)
        return fmt::format(
            "The command needs {} of an earlier run, and the job defers to none: choose an "
            "environment or a job that it defers to, or give the command a `--state` of its own.",
            lack->file);
    if (!there_is())
        return fmt::format(
            "The command needs {} of an earlier run, and {}. Once there is one, this job "
            "compares with it.",
            lack->file, none_yet(*spec_));
    if (std::ranges::find(spec_->artifacts, lack->file) != spec_->artifacts.end()) return {};
    return fmt::format(
        "The command needs {} of an earlier run, and run {}, which this run defers to, has left "
        "none.",
        lack->file, spec_->run_id);
}

}  // namespace mw::runner
