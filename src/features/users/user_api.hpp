// /api/v2|v3/accounts/{account_id}/users/…, /api/v2/users/{id}/, /api/v2/whoami/, and what the
// account gives its members: …/permissions/{id}/ (their licences) and …/licenses/.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::users {

void add_user_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::users
