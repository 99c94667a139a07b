// GET /api/v2/accounts/{account_id}/projects/ and …/projects/{id}/.
#pragma once

#include "api/api.hpp"
#include "features/projects/project.hpp"
#include "infra/pg/pool.hpp"

namespace mw::projects {

void add_project_endpoints(api::Api& api, pg::Pool& pool);

// The project object of the contract; its related objects are null unless they are added.
boost::json::object project_json(const Project& project);

}  // namespace mw::projects
