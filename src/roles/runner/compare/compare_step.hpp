// The step "Compare changes": the models that a run has changed and built beside those of
// production, which it defers to; what differs goes into the log and into compare_changes.json.
//
// Nothing of it fails a run. Values stay in the warehouse: what dbt hears are counts and names.
// Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>

#include "roles/runner/command/built_models.hpp"
#include "roles/runner/command/dbt_step.hpp"
#include "roles/runner/command/deferred_state.hpp"

namespace mw::runner {

struct CompareStep {
    EngineSession& engine;
    ApiClient& api;
    StepLog log;
    Stop& stop;
    const Workspace& workspace;
    const DeferredState& deferred;
    const BuiltModels& built;
    std::string flags;  // of `dbt ls`
    std::string profile;
    EnvironmentMap environment;
    std::filesystem::path project_folder;
    bool more_follow = false;
};

struct CompareDone {
    StepOutcome outcome;
    bool saved = false;  // there is an artifact
};

// What `step` refers to outlives it.
boost::asio::awaitable<CompareDone> compare_changes(CompareStep step);

}  // namespace mw::runner
