// /api/v2|v3/accounts/{account_id}/projects/….
#pragma once

#include <functional>

#include "api/api.hpp"
#include "features/projects/project.hpp"
#include "infra/pg/pool.hpp"

namespace mw::projects {

// What projects need of runs, which know them and not the reverse: a job's queued runs end.
using CancelQueued = std::function<boost::asio::awaitable<result<>>(pg::Connection& tx,
                                                                    api::Caller caller, Id job_id)>;

void add_project_endpoints(api::Api& api, pg::Pool& pool, CancelQueued cancel_queued,
                           std::string public_url);

// The project object of the contract; its related objects are null unless they are added.
boost::json::object project_json(const Project& project);

}  // namespace mw::projects
