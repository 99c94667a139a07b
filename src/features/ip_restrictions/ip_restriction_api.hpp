// /api/v3/accounts/{account_id}/ip-restrictions/…, which rules there are, and
// …/ip-restrictions-set/…, whether they count.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::ip_restrictions {

void add_ip_restriction_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::ip_restrictions
