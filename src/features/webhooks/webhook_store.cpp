#include "features/webhooks/webhook_store.hpp"

namespace mw::webhooks {
namespace {

// The latest try is the receipt that came last.
#define MW_SUBSCRIPTION                                                                      \
    "SELECT s.id, s.account_id, a.identifier AS account_identifier, s.name, s.description, " \
    "s.event_types, s.job_ids, s.client_url, s.active, s.deactivate_reason, "                \
    "coalesce(r.http_status_code, 0) AS http_status_code, r.dispatched_at, s.created_at, "   \
    "s.updated_at FROM webhook_subscriptions s JOIN accounts a ON a.id = s.account_id "      \
    "LEFT JOIN LATERAL (SELECT r.http_status_code, r.dispatched_at FROM webhook_receipts r " \
    "JOIN webhook_events e ON e.id = r.event_id WHERE e.subscription_id = s.id "             \
    "ORDER BY r.dispatched_at DESC LIMIT 1) r ON true WHERE s.account_id = $1"
#define MW_EVENT                                                                               \
    "SELECT e.id, e.account_id, a.identifier AS account_identifier, e.subscription_id, "       \
    "e.job_id, e.event_type, e.payload, coalesce((SELECT r.http_status_code "                  \
    "FROM webhook_receipts r WHERE r.event_id = e.id ORDER BY r.dispatched_at DESC LIMIT 1), " \
    "0) AS http_status_code FROM webhook_events e JOIN accounts a ON a.id = e.account_id "     \
    "WHERE e.account_id = $1"
#define MW_RECEIPT                                                                      \
    "SELECT r.id, r.event_id, e.subscription_id, r.dispatched_at, r.http_status_code, " \
    "r.error_info, r.request_body, r.request_headers, r.response_body "                 \
    "FROM webhook_receipts r JOIN webhook_events e ON e.id = r.event_id "               \
    "WHERE r.account_id = $1"

const pg::Query kList{"webhooks.list",
                      MW_SUBSCRIPTION " ORDER BY s.created_at, s.id LIMIT $2 OFFSET $3"};
const pg::Query kCount{"webhooks.count",
                       "SELECT count(*) AS total FROM webhook_subscriptions WHERE account_id = $1"};
const pg::Query kFind{"webhooks.find", MW_SUBSCRIPTION " AND s.id = $2"};

const pg::Query kInsert{"webhooks.insert", R"(
INSERT INTO webhook_subscriptions (id, account_id, name, description, event_types, job_ids,
                                   client_url, active, sealed_hmac_secret)
VALUES ($1, $2, $3, $4, $5::text[], $6::bigint[], $7, $8, $9::bytea))"};

const pg::Query kUpdate{"webhooks.update", R"(
UPDATE webhook_subscriptions SET name = $3, description = $4, event_types = $5::text[],
    job_ids = $6::bigint[], client_url = $7, active = $8,
    deactivate_reason = CASE WHEN $8 THEN NULL ELSE deactivate_reason END, updated_at = now()
WHERE account_id = $1 AND id = $2)"};

const pg::Query kDelete{"webhooks.delete",
                        "DELETE FROM webhook_subscriptions WHERE account_id = $1 AND id = $2"};

const pg::Query kKnownJobs{
    "webhooks.known_jobs",
    "SELECT id FROM jobs WHERE account_id = $1 AND id = ANY($2::bigint[]) AND state = 1"};

const pg::Query kEvents{"webhooks.events", MW_EVENT
                        " AND e.subscription_id = $2 ORDER BY e.created_at DESC "
                        "LIMIT $3 OFFSET $4"};
const pg::Query kCountEvents{"webhooks.count_events", R"(
SELECT count(*) AS total FROM webhook_events WHERE account_id = $1 AND subscription_id = $2)"};
const pg::Query kFindEvent{"webhooks.find_event", MW_EVENT " AND e.id = $2"};
const pg::Query kReceipts{"webhooks.receipts",
                          MW_RECEIPT " AND r.event_id = $2 ORDER BY r.dispatched_at"};
const pg::Query kFindReceipt{"webhooks.find_receipt", MW_RECEIPT " AND r.id = $2"};

const pg::Query kSecret{"webhooks.secret",
                        "SELECT sealed_hmac_secret FROM webhook_subscriptions WHERE id = $1"};
// Nothing when the subscription was deleted meanwhile.
const pg::Query kInsertEvent{"webhooks.insert_event", R"(
INSERT INTO webhook_events (id, account_id, subscription_id, job_id, event_type, payload)
SELECT $1, s.account_id, s.id, $3, $4, $5 FROM webhook_subscriptions s WHERE s.id = $2)"};
const pg::Query kInsertReceipt{"webhooks.insert_receipt", R"(
INSERT INTO webhook_receipts (id, account_id, event_id, dispatched_at, http_status_code, error_info,
                              request_body, request_headers, response_body)
SELECT $1, $2, e.id, $4, $5, $6, $7, $8, $9 FROM webhook_events e WHERE e.id = $3)"};

}  // namespace

Awaitable<std::vector<Subscription>> list_subscriptions(pg::Connection& connection, Id account_id,
                                                        PageOf page) {
    MW_CO_TRY(auto rows, co_await connection.run(kList, account_id, page.limit, page.offset));
    co_return rows.all<Subscription>();
}

Awaitable<std::int64_t> count_subscriptions(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kCount, account_id));
    co_return rows.get<std::int64_t>(0, "total");
}

Awaitable<std::optional<Subscription>> find_subscription(pg::Connection& connection, Id account_id,
                                                         std::string id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Subscription>();
}

Awaitable<> insert_subscription(pg::Connection& tx, const Subscription& subscription,
                                pg::Bytes sealed_hmac_secret) {
    MW_CO_CHECK(co_await tx.run(kInsert, subscription.id, subscription.account_id,
                                subscription.name, subscription.description,
                                subscription.event_types, subscription.job_ids,
                                subscription.client_url, subscription.active, sealed_hmac_secret));
    co_return result<>{};
}

Awaitable<> update_subscription(pg::Connection& tx, const Subscription& subscription) {
    MW_CO_CHECK(co_await tx.run(kUpdate, subscription.account_id, subscription.id,
                                subscription.name, subscription.description,
                                subscription.event_types, subscription.job_ids,
                                subscription.client_url, subscription.active));
    co_return result<>{};
}

Awaitable<bool> delete_subscription(pg::Connection& tx, Id account_id, std::string id) {
    MW_CO_TRY(auto rows, co_await tx.run(kDelete, account_id, id));
    co_return rows.affected() > 0;
}

Awaitable<std::vector<Id>> known_jobs(pg::Connection& connection, Id account_id,
                                      std::vector<Id> ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kKnownJobs, account_id, ids));
    co_return rows.column<Id>("id");
}

Awaitable<std::optional<pg::Bytes>> sealed_secret(pg::Connection& connection, std::string id) {
    MW_CO_TRY(auto rows, co_await connection.run(kSecret, id));
    if (rows.empty()) co_return std::nullopt;
    co_return rows.get<pg::Bytes>(0, "sealed_hmac_secret");
}

Awaitable<> insert_event(pg::Connection& tx, const Event& event) {
    MW_CO_CHECK(co_await tx.run(kInsertEvent, event.id, event.subscription_id, event.job_id,
                                event.event_type, event.payload));
    co_return result<>{};
}

Awaitable<> insert_receipt(pg::Connection& tx, Id account_id, const Receipt& receipt) {
    MW_CO_CHECK(co_await tx.run(kInsertReceipt, receipt.id, account_id, receipt.event_id,
                                receipt.dispatched_at, receipt.http_status_code, receipt.error_info,
                                receipt.request_body, receipt.request_headers,
                                receipt.response_body));
    co_return result<>{};
}

Awaitable<std::vector<Event>> list_events(pg::Connection& connection, Id account_id,
                                          std::string subscription_id, PageOf page) {
    MW_CO_TRY(auto rows, co_await connection.run(kEvents, account_id, subscription_id, page.limit,
                                                 page.offset));
    co_return rows.all<Event>();
}

Awaitable<std::int64_t> count_events(pg::Connection& connection, Id account_id,
                                     std::string subscription_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kCountEvents, account_id, subscription_id));
    co_return rows.get<std::int64_t>(0, "total");
}

Awaitable<std::optional<Event>> find_event(pg::Connection& connection, Id account_id,
                                           std::string id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindEvent, account_id, id));
    co_return rows.first<Event>();
}

Awaitable<std::vector<Receipt>> receipts_of(pg::Connection& connection, Id account_id,
                                            std::string event_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kReceipts, account_id, event_id));
    co_return rows.all<Receipt>();
}

Awaitable<std::optional<Receipt>> find_receipt(pg::Connection& connection, Id account_id,
                                               std::string id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindReceipt, account_id, id));
    co_return rows.first<Receipt>();
}

}  // namespace mw::webhooks
