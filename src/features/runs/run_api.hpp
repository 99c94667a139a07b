// API v2 for runs: list, get, cancel, retry; a job's run and rerun; a step.
#pragma once

#include "api/api.hpp"
#include "features/runs/run_views.hpp"
#include "infra/pg/pool.hpp"

namespace mw::runs {

// `views` must outlive the router behind `api`.
void add_run_endpoints(api::Api& api, pg::Pool& pool, RunViews& views);

}  // namespace mw::runs
