#include "features/audit_logs/audit_log_store.hpp"

namespace mw::audit_logs {
namespace {

#define MW_ENTRY                                                                               \
    "SELECT l.id, l.account_id, l.actor_type, l.actor_id, l.actor_name, l.actor_ip, l.event, " \
    "l.subject_type, l.subject_id, l.internal_data, l.created_at FROM audit_log l "            \
    "WHERE l.account_id = $1"

constexpr api::Filter kFilters[] = {{"id", "l.id", api::FilterType::id},
                                    {"event_type", "l.event", api::FilterType::text},
                                    {"actor_type", "l.actor_type", api::FilterType::text},
                                    {"actor_id", "l.actor_id", api::FilterType::id},
                                    {"subject_type", "l.subject_type", api::FilterType::text},
                                    {"logged_at", "l.created_at", api::FilterType::time},
                                    {"created_at", "l.created_at", api::FilterType::time}};
constexpr api::OrderColumn kOrders[] = {{"id", "l.id"}, {"created_at", "l.created_at"}};

const api::ListSpec kList{.name = "audit_logs.list",
                          .select = MW_ENTRY,
                          .count =
                              "SELECT count(*) AS total FROM audit_log l "
                              "WHERE l.account_id = $1",
                          .filters = kFilters,
                          .orders = kOrders,
                          .default_order = "-id",
                          .project_sql = "",
                          .state_sql = "",
                          .default_state = api::DefaultState::all};

const pg::Query kNext{"audit_logs.next", MW_ENTRY R"( AND l.id > $4
  AND ($2::timestamptz IS NULL OR l.created_at >= $2)
  AND ($3::timestamptz IS NULL OR l.created_at <= $3)
ORDER BY l.id LIMIT $5)"};

}  // namespace

const api::ListSpec& audit_list() {
    return kList;
}

boost::asio::awaitable<result<std::vector<AuditEntry>>> next_entries(pg::Pool& pool, Id account_id,
                                                                     Span span, Id after,
                                                                     int most) {
    MW_CO_TRY(auto rows, co_await pool.run(kNext, account_id, span.from, span.to, after, most));
    co_return rows.all<AuditEntry>();
}

}  // namespace mw::audit_logs
