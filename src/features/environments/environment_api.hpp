// /api/v3/accounts/{account_id}/projects/{project_id}/environments/…, and all of an account's under
// /api/v2|v3/accounts/{account_id}/environments/….
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::environments {

void add_environment_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::environments
