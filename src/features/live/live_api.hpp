// WebSocket /api/ui/live, and GET /api/ui/accounts/{account_id}/runs/{run_id}/nodes/ and
// …/steps/{index}/log/ (?after=, ?limit=, ?level=).
#pragma once

#include "api/api.hpp"
#include "features/live/live_hub.hpp"

namespace mw::live {

// All of it must outlive the router behind `api`.
void add_live_endpoints(api::Api& api, pg::Pool& pool, run_log::LogReader& logs, LiveHub& hub);

}  // namespace mw::live
