#include "features/firings/completion_store.hpp"

namespace mw::firings {
namespace {

const pg::Query kLock{"firings.lock_follower", R"(
SELECT f.job_id, f.after_run_id, j.account_id, r.job_id AS after_job_id, b.name AS after_job,
       r.status, j.state = 1 AND e.state = 1 AND p.state = 1 AND a.state = 1 AS may_run
FROM completion_firings f
JOIN jobs j ON j.id = f.job_id
JOIN environments e ON e.id = j.environment_id
JOIN projects p ON p.id = j.project_id
JOIN accounts a ON a.id = j.account_id
JOIN runs r ON r.id = f.after_run_id
JOIN jobs b ON b.id = r.job_id
WHERE f.fired_at IS NULL
ORDER BY f.created_at, f.job_id LIMIT 1 FOR UPDATE OF f SKIP LOCKED)"};

const pg::Query kSetFired{"firings.set_follower_fired", R"(
UPDATE completion_firings SET fired_at = now(), run_id = $3
WHERE job_id = $1 AND after_run_id = $2)"};

}  // namespace

Awaitable<std::optional<Follower>> lock_follower(pg::Connection& tx) {
    MW_CO_TRY(auto rows, co_await tx.run(kLock));
    co_return rows.first<Follower>();
}

Awaitable<> set_follower_fired(pg::Connection& tx, const Follower& follower,
                               std::optional<Id> run_id) {
    MW_CO_CHECK(co_await tx.run(kSetFired, follower.job_id, follower.after_run_id, run_id));
    co_return result<>{};
}

}  // namespace mw::firings
