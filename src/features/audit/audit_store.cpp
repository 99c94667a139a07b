#include "features/audit/audit_store.hpp"

namespace mw::audit {
namespace {

const pg::Query kInsert{"audit.insert", R"(
INSERT INTO audit_log (account_id, actor_type, actor_id, actor_name, actor_ip, event,
                       subject_type, subject_id, internal_data)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb))"};

}  // namespace

boost::asio::awaitable<result<>> record(pg::Connection& connection, const api::Caller& caller,
                                        Event event) {
    auto address = caller.address.empty() ? std::nullopt : std::optional(caller.address);
    MW_CO_CHECK(co_await connection.run(kInsert, caller.account_id, caller.audit_type(),
                                        caller.audit_id(), caller.name, address, event.event,
                                        event.subject_type, event.subject_id, event.data));
    co_return result<>{};
}

boost::asio::awaitable<result<>> record_system(pg::Connection& connection, Id account_id,
                                               std::string_view actor, Event event) {
    MW_CO_CHECK(co_await connection.run(kInsert, account_id, "system", nullptr, actor, nullptr,
                                        event.event, event.subject_type, event.subject_id,
                                        event.data));
    co_return result<>{};
}

}  // namespace mw::audit
