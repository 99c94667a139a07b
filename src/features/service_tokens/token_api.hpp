// /api/v3/accounts/{account_id}/service-tokens/… and …/users/{user_id}/account-apikeys/….
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::service_tokens {

void add_service_token_endpoints(api::Api& api, pg::Pool& pool);
// One's own alone: nobody sees or makes another's.
void add_personal_token_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::service_tokens
