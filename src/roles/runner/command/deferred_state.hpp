// What the run that is deferred to has left, as this run's dbt commands get it: a folder with its
// manifest.json, run_results.json and sources.json.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "dbt/command.hpp"
#include "roles/runner/project/dbt_environment.hpp"
#include "roles/runner/report/api_client.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

class DeferredState {
  public:
    // `workspace` outlives it.
    DeferredState(std::optional<DeferralSpec> spec, const Workspace& workspace)
        : spec_(std::move(spec)), workspace_(workspace) {}

    // Into the workspace, and says in the log what is deferred to or that there is nothing yet.
    boost::asio::awaitable<result<>> fetch(ApiClient& api, StepLog log);

    // --state and --defer, where the command takes them and the user has not said otherwise.
    void add_to(dbt::Command& command, const EnvironmentMap& environment) const;
    // To `dbt retry`, which looks for the state where the run that failed had it.
    void add_to_retry(dbt::Command& command) const;

    // What to do about a command that failed in dbt's words `failure` for want of a state; empty
    // when it failed for another reason.
    std::string explain(std::string_view failure) const;

    bool there_is() const { return spec_ && spec_->run_id != 0; }
    // A sentence; empty when there is a state.
    std::string why_none() const;
    // "run 12 of job Nightly in environment Production"
    std::string title() const;
    // As this process sees it.
    std::filesystem::path manifest() const { return workspace_.deferred() / "manifest.json"; }

  private:
    std::optional<DeferralSpec> spec_;
    const Workspace& workspace_;
};

}  // namespace mw::runner
