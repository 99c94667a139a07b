// /api/v3/accounts/{account_id}/projects/{project_id}/environment-variables/….
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::variables {

void add_variable_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);
void add_variable_bulk_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::variables
