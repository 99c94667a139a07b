// /api/v2/accounts/{account_id}/jobs/ and …/jobs/{id}/: list, create, get, update, delete.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "api/api.hpp"
#include "features/jobs/job.hpp"
#include "infra/pg/pool.hpp"

namespace mw::jobs {

// What jobs need of their runs; given by the wiring, because runs know jobs and not the reverse.
struct JobRuns {
    // Adds to a job's object what was asked for of `most_recent_run` and
    // `most_recent_completed_run`.
    std::function<boost::asio::awaitable<result<>>(
        Id account_id, Id job_id, std::set<std::string> asked, boost::json::object& job_json)>
        add_recent;
    // Called on the transaction that deletes a job.
    std::function<boost::asio::awaitable<result<>>(pg::Connection& tx, api::Caller caller,
                                                   Id job_id)>
        cancel_queued;
};

void add_job_endpoints(api::Api& api, pg::Pool& pool, JobRuns runs);

}  // namespace mw::jobs
