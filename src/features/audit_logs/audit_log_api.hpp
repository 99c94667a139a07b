// /api/v3/accounts/{account_id}/audit-logs/, …/download/ (CSV) and …/export/….
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::audit_logs {

void add_audit_log_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::audit_logs
