// /api/private/accounts/{account_id}/features/, /api/v3/accounts/{account_id}/feature-flag/, and
// what there is none of: private endpoints, AI integrations, favourites.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::account_features {

void add_feature_endpoints(api::Api& api, pg::Pool& pool);
void add_absent_endpoints(api::Api& api);

}  // namespace mw::account_features
