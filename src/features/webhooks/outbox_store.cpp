#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "features/webhooks/event_payload.hpp"
#include "features/webhooks/outbox_store.hpp"
#include "infra/crypto/random.hpp"

namespace mw::webhooks {
namespace {

const pg::Query kListeners{"webhook_outbox.listeners", R"(
SELECT s.id, s.account_id, '' AS account_identifier, s.name, s.description, s.event_types, s.job_ids,
       s.client_url, s.active, s.deactivate_reason, 0 AS http_status_code,
       NULL::timestamptz AS dispatched_at, s.created_at, s.updated_at
FROM webhook_subscriptions s
WHERE s.account_id = $1 AND s.active AND $3 = ANY(s.event_types)
  AND (s.job_ids = '{}' OR $2 = ANY(s.job_ids)))"};

const pg::Query kFacts{"webhook_outbox.run_facts", R"(
SELECT r.account_id, r.job_id, j.name AS job_name, r.id AS run_id, r.environment_id,
       e.name AS environment_name, r.dbt_version, r.project_id, p.name AS project_name, r.status,
       r.status_message, coalesce(r.trigger->>'cause', '') AS reason, r.started_at, r.finished_at
FROM runs r JOIN jobs j ON j.id = r.job_id JOIN environments e ON e.id = r.environment_id
JOIN projects p ON p.id = r.project_id
WHERE r.id = $1)"};

const pg::Query kInsert{"webhook_outbox.insert", R"(
INSERT INTO webhook_events (id, account_id, subscription_id, job_id, run_id, event_type, payload,
                            status)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending'))"};

const pg::Query kWake{"webhook_outbox.wake", "SELECT pg_notify('webhook_outbox', '')"};

const pg::Query kDrop{"webhook_outbox.drop", R"(
UPDATE webhook_events SET status = 'failed' WHERE subscription_id = $1 AND status = 'pending')"};

// Two at once for each subscription: one that hangs must not keep everybody else waiting.
const pg::Query kTake{"webhook_outbox.take", R"(
WITH next AS (
    SELECT e.id FROM webhook_events e
    WHERE e.status = 'pending' AND e.next_try_at <= now()
      AND (e.taken_until IS NULL OR e.taken_until < now())
      AND NOT EXISTS (SELECT 1 FROM webhook_events b
                      WHERE b.status = 'pending' AND b.subscription_id = e.subscription_id
                        AND b.run_id = e.run_id AND b.seq < e.seq)
      AND (SELECT count(*) FROM webhook_events t
           WHERE t.status = 'pending' AND t.subscription_id = e.subscription_id
             AND t.taken_until > now()) < 2
    ORDER BY e.next_try_at, e.seq LIMIT 1 FOR UPDATE OF e SKIP LOCKED)
UPDATE webhook_events e SET attempts = e.attempts + 1, taken_until = now() + interval '1 minute'
FROM next, webhook_subscriptions s
WHERE e.id = next.id AND s.id = e.subscription_id
RETURNING e.id, e.subscription_id, e.account_id, s.client_url, s.sealed_hmac_secret, e.payload,
          e.attempts)"};

const pg::Query kAgain{"webhook_outbox.again", R"(
UPDATE webhook_events SET taken_until = NULL, next_try_at = now() + make_interval(secs => $2::integer)
WHERE id = $1 AND status = 'pending')"};

const pg::Query kEnd{"webhook_outbox.end", R"(
UPDATE webhook_events SET taken_until = NULL, status = $2 WHERE id = $1 AND status = 'pending')"};

const pg::Query kCount{"webhook_outbox.count_failures", R"(
UPDATE webhook_subscriptions SET failed_in_a_row = CASE WHEN $2 THEN failed_in_a_row + 1 ELSE 0 END
WHERE id = $1 RETURNING failed_in_a_row)"};

const pg::Query kDeactivate{"webhook_outbox.deactivate", R"(
UPDATE webhook_subscriptions SET active = false, deactivate_reason = $2, failed_in_a_row = 0,
    updated_at = now()
WHERE id = $1 AND active)"};

const pg::Query kDeleteOld{"webhook_outbox.delete_old", R"(
DELETE FROM webhook_events
WHERE created_at < now() - make_interval(days => $1::integer) AND status <> 'pending')"};

std::chrono::seconds pause_after(int attempts, const RetryRules& rules) {
    auto pause = rules.first_pause;
    for (int i = 1; i < attempts; ++i)
        pause *= 3;
    return pause;
}

Awaitable<> end_event(pg::Connection& tx, const Taken& taken, bool delivered,
                      const std::string& reason, const RetryRules& rules) {
    MW_CO_CHECK(co_await tx.run(kEnd, taken.id, std::string(delivered ? "delivered" : "failed")));
    MW_CO_TRY(auto counted, co_await tx.run(kCount, taken.subscription_id, !delivered));
    if (delivered || counted.empty() ||
        counted.get<int>(0, "failed_in_a_row") < rules.failures_to_deactivate)
        co_return result<>{};
    MW_CO_CHECK(co_await tx.run(
        kDeactivate, taken.subscription_id,
        fmt::format("{} events one after the other could not be delivered, the last one because: "
                    "{}",
                    rules.failures_to_deactivate, reason)));
    co_return co_await drop_events(tx, taken.subscription_id);
}

}  // namespace

Awaitable<> record_run_event(pg::Connection& tx, Id account_id, Id job_id, Id run_id,
                             std::string_view type) {
    MW_CO_TRY(auto rows, co_await tx.run(kListeners, account_id, job_id, std::string(type)));
    if (rows.empty()) co_return result<>{};
    MW_CO_TRY(auto found, co_await tx.run(kFacts, run_id));
    auto run = found.first<RunFacts>();
    if (!run) co_return result<>{};
    for (const auto& subscription : rows.all<Subscription>()) {
        auto id = "wev_" + crypto::random_hex(14);
        auto payload = event_payload(subscription, id, type, *run, now());
        MW_CO_CHECK(co_await tx.run(kInsert, id, account_id, subscription.id, job_id, run_id,
                                    std::string(type), boost::json::serialize(payload)));
    }
    MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<> drop_events(pg::Connection& tx, std::string subscription_id) {
    MW_CO_CHECK(co_await tx.run(kDrop, subscription_id));
    co_return result<>{};
}

Awaitable<std::optional<Taken>> take_event(pg::Pool& pool) {
    auto work = [](pg::Connection& tx) -> Awaitable<std::optional<Taken>> {
        MW_CO_TRY(auto rows, co_await tx.run(kTake));
        co_return rows.first<Taken>();
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<> record_attempt(pg::Pool& pool, const Taken& taken, const Attempt& attempt,
                           Timestamp dispatched_at, const RetryRules& rules) {
    Receipt receipt;
    receipt.id = "wre_" + crypto::random_hex(14);
    receipt.event_id = taken.id;
    receipt.dispatched_at = dispatched_at;
    receipt.http_status_code = attempt.http_status_code;
    receipt.error_info = attempt.error_info;
    receipt.request_body = taken.payload;
    receipt.request_headers = attempt.request_headers;
    receipt.response_body = attempt.response_body;
    auto work = [&](pg::Connection& tx) -> Awaitable<> {
        MW_CO_CHECK(co_await insert_receipt(tx, taken.account_id, receipt));
        if (attempt.taken() || taken.attempts >= rules.attempts)
            co_return co_await end_event(tx, taken, attempt.taken(), attempt.error_info, rules);
        MW_CO_CHECK(co_await tx.run(kAgain, taken.id, pause_after(taken.attempts, rules).count()));
        co_return result<>{};
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<int> delete_old_events(pg::Pool& pool, std::chrono::days age) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteOld, static_cast<int>(age.count())));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::webhooks
