// GET /api/v2|v3/accounts/{account_id}/users/, …/users/{id}/, /api/v2/users/{id}/ and
// /api/v2/whoami/.
#pragma once

#include "api/api.hpp"
#include "features/users/user.hpp"
#include "infra/pg/pool.hpp"

namespace mw::users {

void add_user_endpoints(api::Api& api, pg::Pool& pool);
boost::json::object user_json(const User& user, Id account_id);

}  // namespace mw::users
