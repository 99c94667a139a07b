// …/auth-provider/: identity providers of an account, as dbt Cloud's Terraform provider writes
// them; `oidc` with an `issuer_url` is ours, for any provider of OpenID Connect.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::sign_on {

void add_provider_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                            BlockingPool& blocking, std::string public_url);

}  // namespace mw::sign_on
