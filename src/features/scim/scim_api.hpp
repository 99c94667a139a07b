// /api/v3/accounts/{account_id}/scim/v2/… (for identity providers) and …/scim-config/….
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::scim {

void add_scim_user_endpoints(api::Api& api, pg::Pool& pool);
void add_scim_group_endpoints(api::Api& api, pg::Pool& pool);
void add_scim_schema_endpoints(api::Api& api);
void add_scim_config_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::scim
