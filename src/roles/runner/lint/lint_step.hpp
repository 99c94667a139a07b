// The step "Lint": SQLFluff over the SQL models that a run has changed, as the state that it defers
// to tells, or over all where there is none.
//
// SQLFluff is an engine of the catalogue (engines/sqlfluff.yaml), in an environment of its own, and
// is confined as dbt is: a project's settings may name Python code. Thread: the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <string>

#include "roles/runner/command/dbt_step.hpp"
#include "roles/runner/command/deferred_state.hpp"
#include "roles/runner/engine/confinement.hpp"

namespace mw::runner {

struct LintStep {
    boost::asio::any_io_executor executor;
    const Layout& layout;
    ConfinementSettings confinement;
    EngineSession& engine;  // which knows the project's models
    StepLog log;
    Stop& stop;
    const Workspace& workspace;
    const DeferredState& deferred;
    const ProjectFile& project;
    std::filesystem::path project_folder;
    EnvironmentMap environment;  // of dbt
    std::string adapter;
    bool fails = true;  // else what it finds is a warning
};

// What `step` refers to outlives it.
boost::asio::awaitable<StepOutcome> lint_models(LintStep step);

}  // namespace mw::runner
