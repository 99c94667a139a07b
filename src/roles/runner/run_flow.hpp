// A run from its specification to its last word: prepares the workspace and the engine, executes
// the steps one after the other, and reports how it ended.
//
// The first failure of a step that decides ends the run as an error; the steps after it are
// skipped. A run that is stopped (Stop) ends its step early and skips the rest; what was written
// by then is saved. Thread: the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/layout.hpp"
#include "roles/runner/caches/package_cache.hpp"
#include "roles/runner/caches/parse_cache.hpp"
#include "roles/runner/command/dbt_step.hpp"
#include "roles/runner/command/deferred_state.hpp"
#include "roles/runner/engine/engine_choice.hpp"
#include "roles/runner/limits/run_group.hpp"
#include "roles/runner/network/known_hosts.hpp"
#include "roles/runner/network/ssh_tunnel.hpp"
#include "roles/runner/report/api_client.hpp"
#include "roles/runner/report/log_shipper.hpp"
#include "roles/runner/report/step_tracker.hpp"
#include "roles/runner/run_spec.hpp"
#include "roles/runner/stop.hpp"
#include "roles/runner/workspace.hpp"

namespace mw::runner {

class RunFlow {
  public:
    // `shipper` runs elsewhere; everything outlives the flow.
    RunFlow(boost::asio::any_io_executor executor, const Layout& layout,
            const ConfinementSettings& confinement, std::filesystem::path mirrors, RunSpec spec,
            ApiClient& api, LogShipper& shipper, Stop& stop);

    // Returns when the app knows how the run ended. Errors: only that it could not be told.
    boost::asio::awaitable<result<>> execute();

  private:
    void prepare();
    boost::asio::awaitable<result<>> tell_steps();
    boost::asio::awaitable<void> run_step(std::size_t i);
    boost::asio::awaitable<StepOutcome> perform(const PlannedStep& step, std::size_t i,
                                                StepLog log);
    void make_group();
    ConfinementSettings confine_to_group() const;
    void complain(StepLog log) const;
    boost::asio::awaitable<StepOutcome> clone(StepLog log);
    boost::asio::awaitable<void> tell_host_keys(StepLog log);
    boost::asio::awaitable<StepOutcome> create_profile(StepLog log);
    boost::asio::awaitable<StepOutcome> lint(StepLog log);
    boost::asio::awaitable<StepOutcome> compare(std::size_t i, StepLog log);
    boost::asio::awaitable<result<>> open_tunnel(StepLog log);
    boost::asio::awaitable<StepOutcome> invoke_dbt(const PlannedStep& step, std::size_t i,
                                                   StepLog log);
    boost::asio::awaitable<bool> install_packages(StepLog log);
    boost::asio::awaitable<void> keep_packages(StepLog log);
    boost::asio::awaitable<void> save_lock(StepLog log);
    boost::asio::awaitable<result<>> fetch_retry_artifacts(StepLog log);
    boost::asio::awaitable<result<>> finish();
    StepOutcome outcome_of(const Error& error, StepLog log) const;
    StepOutcome explained(StepOutcome outcome, StepLog log) const;
    Status run_status() const;

    boost::asio::any_io_executor executor_;
    const Layout& layout_;
    const ConfinementSettings& confinement_;
    const std::filesystem::path mirrors_;  // of repositories; empty: there are none
    RunSpec spec_;
    ApiClient& api_;
    LogShipper& shipper_;
    Stop& stop_;
    StepTracker steps_;

    std::optional<Workspace> workspace_;
    std::optional<KnownHosts> known_hosts_;
    std::optional<SshTunnel> tunnel_;
    std::optional<DeferredState> deferred_;
    std::optional<ParseCache> parse_cache_;
    std::optional<RunGroup> group_;
    std::optional<PackageCache> packages_;
    std::optional<ChosenEngine> engine_;  // destroyed before the workspace is removed
    // Why there is none of them; shown by the first step that needs it.
    std::optional<Error> no_workspace_;
    std::optional<Error> no_engine_;
    Checkout checkout_;
    std::filesystem::path project_folder_;
    ProjectFile project_;
    BuiltModels built_;

    bool failed_ = false;
    bool cut_short_ = false;  // a step was ended or left out because the run was stopped
    std::string message_;
    bool artifacts_saved_ = false;
    bool has_docs_ = false;
    bool has_sources_ = false;
};

}  // namespace mw::runner
