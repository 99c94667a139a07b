#include "features/worker_api/lease_store.hpp"

namespace mw::worker_api {
namespace {

#define MW_LEASE_COLUMNS                                                    \
    "l.run_id, r.account_id, r.cancel_requested_at IS NOT NULL AS cancel, " \
    "r.cancel_reason"
#define MW_SELECT_LEASE                                  \
    "SELECT " MW_LEASE_COLUMNS                           \
    " FROM run_leases l JOIN runs r ON r.id = l.run_id " \
    "WHERE l.token_hash = $1 AND r.status IN (2, 3)"

const pg::Query kFind{"leases.find", MW_SELECT_LEASE};
const pg::Query kLock{"leases.lock", MW_SELECT_LEASE " FOR NO KEY UPDATE OF l"};

const pg::Query kRenew{"leases.renew", R"(
UPDATE run_leases l SET heartbeat_at = now(),
    expires_at = greatest(l.expires_at, now() + make_interval(secs => $2::integer))
FROM runs r
WHERE l.token_hash = $1 AND r.id = l.run_id AND r.status IN (2, 3)
RETURNING )" MW_LEASE_COLUMNS};

const pg::Query kManagedRepository{"leases.managed_repository", R"(
SELECT o.id FROM run_leases l
JOIN runs r ON r.id = l.run_id
JOIN projects p ON p.id = r.project_id
JOIN repositories o ON o.id = p.repository_id
WHERE l.token_hash = $1 AND r.status IN (2, 3) AND o.managed_name IS NOT NULL AND o.state = 1)"};

}  // namespace

Awaitable<std::optional<Lease>> find_lease(pg::Connection& connection,
                                           const std::string& token_hash) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, token_hash));
    co_return rows.first<Lease>();
}

Awaitable<std::optional<Lease>> lock_lease(pg::Connection& tx, const std::string& token_hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kLock, token_hash));
    co_return rows.first<Lease>();
}

Awaitable<std::optional<Lease>> renew_lease(pg::Connection& connection,
                                            const std::string& token_hash,
                                            std::chrono::seconds length) {
    MW_CO_TRY(auto rows, co_await connection.run(kRenew, token_hash, length.count()));
    co_return rows.first<Lease>();
}

Awaitable<std::optional<Id>> find_managed_repository(pg::Pool& pool,
                                                     const std::string& token_hash) {
    MW_CO_TRY(auto rows, co_await pool.run(kManagedRepository, token_hash));
    if (rows.empty()) co_return std::nullopt;
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::worker_api
