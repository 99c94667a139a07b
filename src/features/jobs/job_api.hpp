// /api/v2/accounts/{account_id}/jobs/ and …/jobs/{id}/: list, create, get, update, delete.
#pragma once

#include <functional>

#include "api/api.hpp"
#include "features/jobs/job.hpp"
#include "infra/pg/pool.hpp"

namespace mw::jobs {

// Adds `most_recent_run` and `most_recent_completed_run` to jobs when they are asked for; given
// by the wiring, because jobs don't know runs.
using AddRecentRuns = std::function<boost::asio::awaitable<result<>>(
    Id account_id, Id job_id, boost::json::object& job_json)>;

void add_job_endpoints(api::Api& api, pg::Pool& pool, AddRecentRuns add_recent_runs);

}  // namespace mw::jobs
