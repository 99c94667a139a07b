// Jobs that run after another job's run.
#pragma once

#include "features/runs/run_store.hpp"

namespace mw::runs {

// Notes every job of the account that is to run after a run of this job that ended so; on the
// transaction that ends it. features/firings makes their runs.
Awaitable<> note_followers(pg::Connection& tx, Id account_id, Id job_id, Id run_id, Status status);

}  // namespace mw::runs
