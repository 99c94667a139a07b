// GET /api/v2/accounts/{account_id}/environments/ and …/environments/{id}/.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::environments {

void add_environment_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::environments
