// /api/v3/accounts/{account_id}/projects/{project_id}/repositories/… and
// /api/v2/accounts/{account_id}/repositories/….
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::repositories {

void add_repository_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::repositories
