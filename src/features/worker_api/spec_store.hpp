// Gathers what a run's specification is made from.
#pragma once

#include <chrono>

#include "features/worker_api/lease_store.hpp"
#include "features/worker_api/spec.hpp"

namespace mw::worker_api {

// Errors: invalid_argument with a sentence for the user when something is missing that a person
// must set up (a repository, a connection, credentials); it is the run's end.
Awaitable<SpecParts> load_spec_parts(pg::Pool& pool, Id run_id, std::chrono::seconds lease);

// Those that a test of the environment's connection needs; the same errors.
Awaitable<SpecParts> load_connection_parts(pg::Pool& pool, Id account_id, Id environment_id);

}  // namespace mw::worker_api
