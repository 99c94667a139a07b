// /api/v3/accounts/{account_id}/semantic-layer-credential-to-service-token-mapping/: with which
// credentials a service token asks the semantic layer of a project.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::integrations {

void add_token_mapping_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::integrations
