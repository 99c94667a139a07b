// /api/v3/accounts/{account_id}/projects/{project_id}/credentials/….
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::credentials {

void add_credentials_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::credentials
