// /api/v3/accounts/{account_id}/groups/, …/group-permissions/{group_id}/, …/assign-groups/ and
// …/projects/{project_id}/group-permissions/; /api/v2/constants/.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::groups {

void add_group_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::groups
