#include "features/queue/queue_store.hpp"

namespace mw::queue {
namespace {

// A statement of its own before start_queued: that one's snapshot must be younger than the
// locks, or it would not see what another scheduler has just started.
const pg::Query kLockAccounts{"queue.lock_accounts", R"(
SELECT a.id FROM accounts a
WHERE a.state = 1 AND EXISTS (SELECT 1 FROM runs r WHERE r.account_id = a.id AND r.status = 1)
ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED)"};

// candidates: every queued CI run, and of each other job without a run in progress the oldest.
// within_slots: of those, what the account's run slots allow; CI needs none.
// fair: the account with the least in progress comes first, then the oldest run.
const pg::Query kStartQueued{"queue.start_queued", R"(
WITH in_progress AS (
    SELECT account_id, count(*) AS runs, count(*) FILTER (WHERE NOT is_ci) AS slots
    FROM runs WHERE status IN (2, 3) AND account_id = ANY($1::bigint[])
    GROUP BY account_id),
queued AS (
    SELECT r.id, r.account_id, r.is_ci,
           row_number() OVER (PARTITION BY r.job_id, r.is_ci ORDER BY r.id) AS place_in_job
    FROM runs r
    WHERE r.status = 1 AND r.account_id = ANY($1::bigint[])
      AND (r.is_ci OR NOT EXISTS (
          SELECT 1 FROM runs b
          WHERE b.job_id = r.job_id AND b.status IN (2, 3) AND NOT b.is_ci))),
candidates AS (
    SELECT id, account_id, is_ci,
           row_number() OVER (PARTITION BY account_id, is_ci ORDER BY id) AS slot
    FROM queued WHERE is_ci OR place_in_job = 1),
within_slots AS (
    SELECT c.id, coalesce(p.runs, 0)
                 + row_number() OVER (PARTITION BY c.account_id ORDER BY c.id) AS turn
    FROM candidates c JOIN accounts a ON a.id = c.account_id
    LEFT JOIN in_progress p ON p.account_id = c.account_id
    WHERE c.is_ci OR coalesce(p.slots, 0) + c.slot <= a.run_slots),
fair AS (
    SELECT id FROM within_slots ORDER BY turn, id
    LIMIT greatest($3::bigint - (SELECT count(*) FROM run_leases WHERE worker = $2), 0)),
locked AS (
    SELECT r.id FROM runs r JOIN fair f ON f.id = r.id
    WHERE r.status = 1 FOR NO KEY UPDATE OF r SKIP LOCKED)
UPDATE runs SET status = 2, dequeued_at = $4::timestamptz, attempt = attempt + 1,
                updated_at = clock_timestamp()
FROM locked WHERE runs.id = locked.id AND runs.status = 1
RETURNING runs.id)"};

const pg::Query kInsertLeases{"queue.insert_leases", R"(
INSERT INTO run_leases (run_id, token_hash, worker, claimed_at, heartbeat_at, expires_at)
SELECT n.run_id, n.token_hash, $3, $4::timestamptz, $4::timestamptz, $5::timestamptz
FROM unnest($1::bigint[], $2::text[]) AS n(run_id, token_hash))"};

const pg::Query kFindExpired{
    "queue.find_expired",
    "SELECT run_id FROM run_leases WHERE expires_at <= $1 ORDER BY expires_at LIMIT 100"};

const pg::Query kLockLost{"queue.lock_lost", R"(
SELECT status, attempt, cancel_requested_at, cancel_reason
FROM runs WHERE id = $1 FOR NO KEY UPDATE)"};

const pg::Query kAnyStepBegun{
    "queue.any_step_begun",
    "SELECT EXISTS (SELECT 1 FROM run_steps WHERE run_id = $1 AND status >= 3) AS begun"};

const pg::Query kDeleteExpiredLease{
    "queue.delete_expired_lease", "DELETE FROM run_leases WHERE run_id = $1 AND expires_at <= $2"};
const pg::Query kDeleteLeaseOf{"queue.delete_lease_of",
                               "DELETE FROM run_leases WHERE run_id = $1 AND token_hash = $2"};

// The steps of the lost attempt were planned only: none had begun.
const pg::Query kPutBack{"queue.put_back", R"(
WITH planned AS (DELETE FROM run_steps WHERE run_id = $1)
UPDATE runs SET status = 1, dequeued_at = NULL, started_at = NULL, updated_at = clock_timestamp()
WHERE id = $1 AND status = 2)"};

const pg::Query kFindOverdue{"queue.find_overdue", R"(
SELECT o.id,
       CASE WHEN o.by_account THEN o.account_limit ELSE o.timeout END AS allowed_seconds,
       o.by_account
FROM (
    SELECT r.id, t.timeout, a.run_duration_limit_seconds AS account_limit,
           extract(epoch FROM $1::timestamptz - coalesce(r.started_at, r.dequeued_at)) AS age,
           a.run_duration_limit_seconds > 0
               AND (t.timeout = 0 OR a.run_duration_limit_seconds < t.timeout) AS by_account
    FROM runs r JOIN accounts a ON a.id = r.account_id
    CROSS JOIN LATERAL (
        SELECT coalesce((r.trigger->'plan'->>'timeout_seconds')::integer, 0) AS timeout) t
    WHERE r.status IN (2, 3) AND r.cancel_requested_at IS NULL) o
WHERE CASE WHEN o.by_account THEN o.age > o.account_limit
           ELSE o.timeout > 0 AND o.age > o.timeout + $2::integer END
ORDER BY o.id)"};

const pg::Query kRequestStop{"queue.request_stop", R"(
UPDATE runs SET cancel_requested_at = $3::timestamptz, cancel_reason = $2,
                updated_at = clock_timestamp()
WHERE id = $1 AND status IN (2, 3) AND cancel_requested_at IS NULL)"};

const pg::Query kFindIgnoredCancels{"queue.find_ignored_cancels", R"(
SELECT id, cancel_reason FROM runs
WHERE status IN (2, 3) AND cancel_requested_at <= $1 ORDER BY id)"};

const pg::Query kFindLeased{"queue.find_leased", "SELECT run_id FROM run_leases"};

const pg::Query kNotifyChanged{
    "queue.notify_changed",
    "SELECT pg_notify('run_events', n.id::text) FROM unnest($1::bigint[]) AS n(id)"};
const pg::Query kNotifyQueue{"queue.notify_queue", "SELECT pg_notify('run_queue', '')"};
const pg::Query kNotifyCancel{"queue.notify_cancel", "SELECT pg_notify('run_cancel', $1)"};

template <class... Args>
Awaitable<> execute(pg::Connection& connection, const pg::Query& query, Args... args) {
    MW_CO_CHECK(co_await connection.run(query, args...));
    co_return result<>{};
}

template <class... Args>
Awaitable<bool> touches_any(pg::Connection& connection, const pg::Query& query, Args... args) {
    MW_CO_TRY(auto rows, co_await connection.run(query, args...));
    co_return rows.affected() > 0;
}

}  // namespace

Awaitable<std::vector<Id>> lock_waiting_accounts(pg::Connection& tx) {
    MW_CO_TRY(auto rows, co_await tx.run(kLockAccounts));
    co_return rows.column<Id>("id");
}

Awaitable<std::vector<Id>> start_queued(pg::Connection& tx, const std::vector<Id>& accounts,
                                        const std::string& worker, int capacity, Timestamp now) {
    MW_CO_TRY(auto rows, co_await tx.run(kStartQueued, accounts, worker, capacity, now));
    co_return rows.column<Id>("id");
}

Awaitable<> insert_leases(pg::Connection& tx, const std::vector<NewLease>& leases,
                          const std::string& worker, Timestamp now, Timestamp expires_at) {
    std::vector<Id> ids;
    std::vector<std::string> hashes;
    for (const auto& lease : leases) {
        ids.push_back(lease.run_id);
        hashes.push_back(lease.token_hash);
    }
    MW_CO_CHECK(co_await tx.run(kInsertLeases, ids, hashes, worker, now, expires_at));
    co_return result<>{};
}

Awaitable<std::vector<Id>> find_expired_leases(pg::Connection& connection, Timestamp now) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindExpired, now));
    co_return rows.column<Id>("run_id");
}

Awaitable<std::optional<LostRun>> lock_lost_run(pg::Connection& tx, Id run_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kLockLost, run_id));
    co_return rows.first<LostRun>();
}

Awaitable<bool> any_step_begun(pg::Connection& tx, Id run_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kAnyStepBegun, run_id));
    co_return rows.get<bool>(0, "begun");
}

Awaitable<bool> delete_expired_lease(pg::Connection& tx, Id run_id, Timestamp now) {
    return touches_any(tx, kDeleteExpiredLease, run_id, now);
}

Awaitable<bool> delete_lease_of(pg::Connection& tx, Id run_id, const std::string& token_hash) {
    return touches_any(tx, kDeleteLeaseOf, run_id, token_hash);
}

Awaitable<> put_back(pg::Connection& tx, Id run_id) {
    return execute(tx, kPutBack, run_id);
}

Awaitable<std::vector<OverdueRun>> find_overdue_runs(pg::Connection& connection, Timestamp now,
                                                     std::chrono::seconds grace) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindOverdue, now, grace.count()));
    co_return rows.all<OverdueRun>();
}

Awaitable<> request_stop(pg::Connection& tx, Id run_id, const std::string& reason, Timestamp now) {
    return execute(tx, kRequestStop, run_id, reason, now);
}

Awaitable<std::vector<IgnoredCancel>> find_ignored_cancels(pg::Connection& connection,
                                                           Timestamp asked_before) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindIgnoredCancels, asked_before));
    co_return rows.all<IgnoredCancel>();
}

Awaitable<std::vector<Id>> find_leased_runs(pg::Connection& connection) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindLeased));
    co_return rows.column<Id>("run_id");
}

Awaitable<> notify_changed(pg::Connection& tx, const std::vector<Id>& run_ids) {
    return execute(tx, kNotifyChanged, run_ids);
}

Awaitable<> notify_queue(pg::Connection& tx) {
    return execute(tx, kNotifyQueue);
}

Awaitable<> notify_cancel(pg::Connection& tx, Id run_id) {
    return execute(tx, kNotifyCancel, std::to_string(run_id));
}

}  // namespace mw::queue
