// Which steps a run has, from its specification alone. Pure.
//
// Every run clones the repository, writes the profile and installs packages; then come the
// linter, the freshness check, the job's own commands, the comparison with production and the docs,
// as the job asks for them.
#pragma once

#include <string>
#include <vector>

#include "roles/runner/run_spec.hpp"

namespace mw::runner {

enum class StepKind { clone, profile, dbt, lint, compare };

// Status codes of steps and runs, as the API shows them.
enum class Status : int {
    queued = 1,
    starting = 2,
    running = 3,
    success = 10,
    error = 20,
    cancelled = 30,
};

struct PlannedStep {
    int index = 0;  // from 1
    StepKind kind = StepKind::dbt;
    std::string name;
    std::string command;  // as the user wrote it; empty when the step is not dbt's
    // What runs in place of `command` when it takes up an earlier run's failure.
    bool retries_command = false;
    // Whether its failure ends the run as an error and skips the steps after it.
    bool decides = true;
    // The one before the job's own commands.
    bool is_deps = false;
    // The job's "generate docs" and "source freshness" checkboxes.
    bool is_docs = false;
    bool is_freshness = false;
};

std::vector<PlannedStep> plan_steps(const RunSpec& spec);

// Whether `dbt retry` can take up a failure of this command.
bool is_retriable_command(std::string_view command);

}  // namespace mw::runner
