// What happened over time, as REST:
//   GET /api/v3/accounts/{account_id}/history/nodes/?environment_id=&unique_id=
//   GET /api/v3/accounts/{account_id}/history/tests/?environment_id=
//   GET /api/v3/accounts/{account_id}/history/jobs/
// each with `from` and `until` (the last 30 days without them) and `limit`.
#pragma once

#include "api/api.hpp"
#include "features/history/node_history_store.hpp"
#include "infra/pg/pool.hpp"

namespace mw::history {

inline constexpr int kRowsMost = 1000;

// Of texts such as 2024-05-27T10:42:16Z or 2024-05-27; empty: until now, from 30 days before that.
// The error names the field.
result<TimeSpan> read_span(std::string_view from, std::string_view until, Timestamp at);

void add_history_endpoints(api::Api& api, pg::Pool& pool);

}  // namespace mw::history
