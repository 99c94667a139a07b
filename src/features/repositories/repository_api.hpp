// /api/v3/accounts/{account_id}/projects/{project_id}/repositories/… and
// /api/v2/accounts/{account_id}/repositories/….
#pragma once

#include <string>

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::repositories {

// `public_url`: how users reach this appliance, "https://host[:port]".
void add_repository_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                              std::string public_url);

}  // namespace mw::repositories
