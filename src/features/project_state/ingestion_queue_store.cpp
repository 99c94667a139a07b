#include "features/project_state/ingestion_queue_store.hpp"

namespace mw::project_state {
namespace {

const pg::Query kAsk{"ingestion.ask", R"(
INSERT INTO pending_ingestions (run_id)
SELECT id FROM runs WHERE id = $1
  AND EXISTS (SELECT 1 FROM artifacts WHERE run_id = $1 AND path = 'manifest.json')
ON CONFLICT (run_id) DO NOTHING)"};

const pg::Query kWake{"ingestion.wake", "SELECT pg_notify('ingestion', '')"};

const pg::Query kTake{"ingestion.take", R"(
WITH next AS (
    SELECT run_id FROM pending_ingestions
    WHERE next_try_at <= now() AND (taken_until IS NULL OR taken_until < now())
    ORDER BY next_try_at, run_id LIMIT 1 FOR UPDATE SKIP LOCKED)
UPDATE pending_ingestions p
SET attempts = p.attempts + 1, taken_until = now() + interval '2 minutes'
FROM next, runs r
WHERE p.run_id = next.run_id AND r.id = p.run_id
RETURNING p.run_id, r.account_id, r.environment_id, r.job_id, r.is_ci, p.attempts)"};

const pg::Query kEnd{"ingestion.end", "DELETE FROM pending_ingestions WHERE run_id = $1"};

const pg::Query kAgain{"ingestion.again", R"(
UPDATE pending_ingestions
SET taken_until = NULL, next_try_at = now() + make_interval(secs => $2::integer)
WHERE run_id = $1)"};

}  // namespace

Awaitable<> ask_for_ingestion(pg::Connection& tx, Id run_id) {
    MW_CO_TRY(auto asked, co_await tx.run(kAsk, run_id));
    if (asked.affected() > 0) MW_CO_CHECK(co_await tx.run(kWake));
    co_return result<>{};
}

Awaitable<std::optional<TakenRun>> take_run(pg::Pool& pool) {
    auto work = [](pg::Connection& tx) -> Awaitable<std::optional<TakenRun>> {
        MW_CO_TRY(auto rows, co_await tx.run(kTake));
        co_return rows.first<TakenRun>();
    };
    co_return co_await pg::with_tx(pool, work);
}

Awaitable<> end_ingestion(pg::Connection& connection, Id run_id) {
    MW_CO_CHECK(co_await connection.run(kEnd, run_id));
    co_return result<>{};
}

Awaitable<> ingest_again(pg::Pool& pool, Id run_id, std::chrono::seconds pause) {
    MW_CO_CHECK(co_await pool.run(kAgain, run_id, pause.count()));
    co_return result<>{};
}

}  // namespace mw::project_state
