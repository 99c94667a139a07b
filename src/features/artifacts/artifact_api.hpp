// API v2 for artifacts: a run's list, one by its path, and a job's latest.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::artifacts {

void add_artifact_endpoints(api::Api& api, pg::Pool& pool, store::ObjectStore& objects);

}  // namespace mw::artifacts
