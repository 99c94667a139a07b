// GET /api/v2/accounts/, /api/v2/accounts/{account_id}/ and their v3 twins.
#pragma once

#include "api/api.hpp"
#include "features/accounts/account.hpp"
#include "infra/pg/pool.hpp"

namespace mw::accounts {

void add_account_endpoints(api::Api& api, pg::Pool& pool);

// The account object of the contract; what an installation without billing doesn't have is null.
boost::json::object account_json(const Account& account);

}  // namespace mw::accounts
