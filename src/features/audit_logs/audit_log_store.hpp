// The audit log in the database, for reading.
#pragma once

#include <optional>
#include <vector>

#include "api/list_query.hpp"
#include "features/audit_logs/audit_entry.hpp"
#include "infra/pg/pool.hpp"

namespace mw::audit_logs {

const api::ListSpec& audit_list();

struct Span {
    std::optional<Timestamp> from;
    std::optional<Timestamp> to;
};
// The oldest first, those after the id `after`.
boost::asio::awaitable<result<std::vector<AuditEntry>>> next_entries(pg::Pool& pool, Id account_id,
                                                                     Span span, Id after, int most);

}  // namespace mw::audit_logs
