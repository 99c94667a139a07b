#include "features/retention/retention_store.hpp"

namespace mw::retention {
namespace {

const pg::Query kDeleteSessions{"retention.delete_sessions",
                                "DELETE FROM sessions WHERE expires_at < $1"};

// Old runs are those with the smallest ids: looking at these few is enough each time.
const pg::Query kFindOldRuns{"retention.find_old_runs", R"(
SELECT o.id, o.account_id
FROM (SELECT id, account_id, finished_at, log_flushed_at FROM runs ORDER BY id LIMIT 1000) o
WHERE o.finished_at < $1 AND o.log_flushed_at IS NOT NULL ORDER BY o.id LIMIT $2)"};

const pg::Query kForgetRetried{
    "retention.forget_retried",
    "UPDATE runs SET retrying_run_id = NULL WHERE retrying_run_id = ANY($1::bigint[])"};
const pg::Query kForgetDeferred{
    "retention.forget_deferred",
    "UPDATE runs SET deferring_run_id = NULL WHERE deferring_run_id = ANY($1::bigint[])"};

const pg::Query kDeleteRuns{"retention.delete_runs",
                            "DELETE FROM runs WHERE id = ANY($1::bigint[]) AND finished_at IS NOT "
                            "NULL"};

}  // namespace

Awaitable<int> delete_sessions(pg::Pool& pool, Timestamp expired_before) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteSessions, expired_before));
    co_return static_cast<int>(rows.affected());
}

Awaitable<std::vector<OldRun>> find_old_runs(pg::Pool& pool, Timestamp finished_before, int limit) {
    MW_CO_TRY(auto rows, co_await pool.run(kFindOldRuns, finished_before, limit));
    co_return rows.all<OldRun>();
}

Awaitable<> delete_runs(pg::Connection& tx, const std::vector<Id>& run_ids) {
    MW_CO_CHECK(co_await tx.run(kForgetRetried, run_ids));
    MW_CO_CHECK(co_await tx.run(kForgetDeferred, run_ids));
    MW_CO_CHECK(co_await tx.run(kDeleteRuns, run_ids));
    co_return result<>{};
}

}  // namespace mw::retention
