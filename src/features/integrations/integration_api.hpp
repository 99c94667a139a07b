// …/integrations/lineage/, …/semantic-layer-credentials/, …/semantic-layer-configurations/,
// …/platform-metadata-credentials/, …/azure-ad-applications/, …/adapters/.
#pragma once

#include "api/api.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::integrations {

// Under what name the secrets of one are sealed.
std::string sealing_context(Id id);

void add_integration_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer);

}  // namespace mw::integrations
