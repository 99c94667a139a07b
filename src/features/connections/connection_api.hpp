// /api/v3/accounts/{account_id}/connections/… and, for clients of old, the same below
// /api/v3/accounts/{account_id}/projects/{project_id}/; /api/v3/adapter-schema/.
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connections {

void add_connection_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);
void add_adapter_schema_endpoint(api::Api& api);

}  // namespace mw::connections
