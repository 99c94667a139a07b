#include "features/git_hosts/delivery_store.hpp"

namespace mw::git_hosts {
namespace {

const pg::Query kInsert{"git_deliveries.insert", R"(
INSERT INTO git_deliveries (source, delivery_id, kind, event, payload, repository_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (source, delivery_id) DO NOTHING RETURNING id)"};

const pg::Query kWake{"git_deliveries.wake", "SELECT pg_notify($1, '')"};

const pg::Query kLockNext{"git_deliveries.lock_next", R"(
SELECT id, kind, event, payload, repository_id, received_at FROM git_deliveries
WHERE handled_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)"};

const pg::Query kHandled{"git_deliveries.handled", R"(
UPDATE git_deliveries SET handled_at = now(), outcome = $2 WHERE id = $1 AND handled_at IS NULL)"};

const pg::Query kHandledAtOnce{"git_deliveries.handled_at_once", R"(
UPDATE git_deliveries SET handled_at = now(), outcome = $3 WHERE source = $1 AND delivery_id = $2)"};

const pg::Query kDeleteOld{"git_deliveries.delete_old", R"(
DELETE FROM git_deliveries WHERE handled_at < now() - make_interval(days => $1::integer))"};

}  // namespace

Awaitable<bool> insert_delivery(pg::Connection& tx, const NewDelivery& delivery) {
    MW_CO_TRY(auto rows,
              co_await tx.run(kInsert, delivery.source, delivery.delivery_id, delivery.kind,
                              delivery.event, delivery.payload, delivery.repository_id));
    if (rows.empty()) co_return false;
    MW_CO_CHECK(co_await tx.run(kWake, kDeliveriesChannel));
    co_return true;
}

Awaitable<std::optional<Delivery>> lock_next_delivery(pg::Connection& tx) {
    MW_CO_TRY(auto rows, co_await tx.run(kLockNext));
    co_return rows.first<Delivery>();
}

Awaitable<> set_handled(pg::Connection& tx, Id id, std::string outcome) {
    MW_CO_CHECK(co_await tx.run(kHandled, id, outcome));
    co_return result<>{};
}

Awaitable<> set_handled(pg::Connection& tx, const NewDelivery& delivery, std::string outcome) {
    MW_CO_CHECK(co_await tx.run(kHandledAtOnce, delivery.source, delivery.delivery_id, outcome));
    co_return result<>{};
}

Awaitable<int> delete_old_deliveries(pg::Pool& pool, std::chrono::days age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::git_hosts
