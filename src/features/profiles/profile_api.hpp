// /api/v3/accounts/{account_id}/projects/{project_id}/extended-attributes/… and …/profiles/….
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::profiles {

void add_profile_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::profiles
