#include "features/runs/run_count_store.hpp"

namespace mw::runs {
namespace {

const pg::Query kMayFold{"run_counts.may_fold",
                         "SELECT pg_try_advisory_xact_lock(hashtext('run_counts')) AS may"};

const pg::Query kFold{"run_counts.fold", R"(
WITH gone AS (
    DELETE FROM run_count_changes
    WHERE id IN (SELECT id FROM run_count_changes ORDER BY id LIMIT $1)
    RETURNING account_id, project_id, environment_id, job_id, status, change),
levels AS (
    SELECT CASE WHEN GROUPING(job_id) = 0 THEN 3 WHEN GROUPING(environment_id) = 0 THEN 2
                WHEN GROUPING(project_id) = 0 THEN 1 ELSE 0 END AS level,
           account_id, coalesce(project_id, 0) AS project_id,
           coalesce(environment_id, 0) AS environment_id, coalesce(job_id, 0) AS job_id, status,
           sum(change) AS change
    FROM gone
    GROUP BY GROUPING SETS ((account_id, status), (account_id, project_id, status),
                            (account_id, project_id, environment_id, status),
                            (account_id, project_id, environment_id, job_id, status))
    HAVING sum(change) <> 0),
added AS (
    INSERT INTO run_counts AS c
        (level, account_id, project_id, environment_id, job_id, status, total)
    SELECT level, account_id, project_id, environment_id, job_id, status, change FROM levels
    ON CONFLICT (level, account_id, job_id, environment_id, project_id, status)
    DO UPDATE SET total = c.total + excluded.total)
SELECT count(*) AS folded FROM gone)"};

}  // namespace

Awaitable<int> fold_run_counts(pg::Pool& pool) {
    auto fold = [](pg::Connection& tx) -> Awaitable<int> {
        MW_CO_TRY(auto lock, co_await tx.run(kMayFold));
        if (!lock.get<bool>(0, "may")) co_return 0;
        MW_CO_TRY(auto rows, co_await tx.run(kFold, kFoldMost));
        co_return rows.get<int>(0, "folded");
    };
    co_return co_await pg::with_tx(pool, fold);
}

}  // namespace mw::runs
