// One dbt command of a run: its words into the step's log, its nodes to the app, its artifacts to
// the store, and why it failed.
//
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "dbt/command.hpp"
#include "roles/runner/command/built_models.hpp"
#include "roles/runner/engine/engine_session.hpp"
#include "roles/runner/project/dbt_environment.hpp"
#include "roles/runner/report/step_log.hpp"
#include "roles/runner/steps.hpp"
#include "roles/runner/stop.hpp"

namespace mw::runner {

struct StepOutcome {
    Status status = Status::error;
    std::string message;  // why it failed, one line; empty after a success
};

struct DbtStep {
    dbt::Command command;
    EnvironmentMap environment;
    std::filesystem::path project_folder;
    std::filesystem::path target_folder;
    std::filesystem::path workspaces_dir;
    std::filesystem::path pack_file;  // for artifacts on their way
    bool more_follow = false;         // further dbt steps
    bool tells_relations = false;     // where its nodes write to is reported with them
};

struct DbtStepResult {
    StepOutcome outcome;
    std::vector<std::string> artifacts;  // paths of those that were saved
    BuiltModels built;
};

// Ends early, with Status::cancelled, when the run is stopped; what the command had written by
// then is saved all the same.
boost::asio::awaitable<DbtStepResult> run_dbt_step(EngineSession& engine, ApiClient& api,
                                                   StepLog log, Stop& stop, DbtStep step);

}  // namespace mw::runner
