// Setting up and taking away a second factor: by oneself below /api/ui/second-factor/, with the
// password; by an administrator, for whoever has lost it, below /api/v3/accounts/{id}/users/.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/second_factors/second_factors.hpp"

namespace mw::second_factors {

void add_second_factor_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                                 BlockingPool& blocking);

}  // namespace mw::second_factors
