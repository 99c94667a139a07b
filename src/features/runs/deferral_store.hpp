// Which run another run compares with and defers to.
//
// A job names an environment or a job (itself, too); the run that is meant is that one's latest
// which succeeded and left a manifest.json, when the deferring run starts.
#pragma once

#include <optional>

#include "features/runs/deferral.hpp"
#include "features/runs/run_store.hpp"
#include "features/runs/run_trigger.hpp"

namespace mw::runs {

// Empty when `run` defers to nothing. A retry takes what the run did that it retries.
Awaitable<std::optional<Deferral>> find_deferral(pg::Connection& connection, const Run& run,
                                                 const Plan& plan);

// Shown from now on, and what the run's worker is granted. Does nothing to a run that is over.
Awaitable<> set_deferring_run(pg::Connection& connection, Id run_id,
                              std::optional<Id> deferring_run_id);

}  // namespace mw::runs
