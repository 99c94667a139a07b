// GET /api/ui/accounts/{account_id}/repositories/{repository_id}/pull-requests/?status=open: what
// is known of a repository's pull requests, newest first, at most a hundred.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::pull_requests {

void add_pull_request_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::pull_requests
