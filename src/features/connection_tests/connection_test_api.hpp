// POST /api/ui/accounts/{account_id}/environments/{environment_id}/connection-tests/
// GET  /api/ui/accounts/{account_id}/connection-tests/{id}/
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connection_tests {

// The pool must outlive the router behind `api`.
void add_connection_test_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::connection_tests
