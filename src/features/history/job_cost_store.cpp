#include "features/history/job_cost_store.hpp"

namespace mw::history {
namespace {

// Runs that are gone have left their nodes' results: then the nodes alone are counted.
const pg::Query kCosts{"history.job_costs", R"(
WITH ran AS (
    SELECT job_id, count(*) AS runs, count(*) FILTER (WHERE status = 20) AS failed_runs,
           coalesce(sum(seconds), 0) AS run_seconds,
           coalesce(sum(seconds) FILTER (WHERE status = 20), 0) AS failed_run_seconds
    FROM (SELECT job_id, status,
                 extract(epoch FROM finished_at - started_at)::double precision AS seconds
          FROM runs
          WHERE account_id = $1 AND finished_at >= $4 AND finished_at < $5
            AND ($2::bigint[] IS NULL OR project_id = ANY($2::bigint[]))
            AND ($3::bigint IS NULL OR environment_id = $3)) r
    GROUP BY job_id),
built AS (
    SELECT job_id, count(*) AS nodes, coalesce(sum(execution_time), 0) AS node_seconds,
           coalesce(sum(execution_time) FILTER
               (WHERE status IN ('error', 'fail', 'runtime error')), 0) AS failed_node_seconds,
           sum(bytes_processed)::bigint AS bytes_processed, sum(slot_ms)::bigint AS slot_ms
    FROM node_results
    WHERE account_id = $1 AND generated_at >= $4 AND generated_at < $5
      AND ($2::bigint[] IS NULL OR project_id = ANY($2::bigint[]))
      AND ($3::bigint IS NULL OR environment_id = $3)
    GROUP BY job_id)
SELECT j.id AS job_id, j.name, j.project_id, j.environment_id, coalesce(r.runs, 0) AS runs,
       coalesce(r.failed_runs, 0) AS failed_runs, coalesce(r.run_seconds, 0) AS run_seconds,
       coalesce(r.failed_run_seconds, 0) AS failed_run_seconds, coalesce(b.nodes, 0) AS nodes,
       coalesce(b.node_seconds, 0) AS node_seconds,
       coalesce(b.failed_node_seconds, 0) AS failed_node_seconds, b.bytes_processed, b.slot_ms
FROM ran r FULL JOIN built b ON b.job_id = r.job_id
JOIN jobs j ON j.id = coalesce(r.job_id, b.job_id)
ORDER BY coalesce(b.node_seconds, 0) DESC, coalesce(r.run_seconds, 0) DESC, j.id LIMIT $6)"};

}  // namespace

Awaitable<std::vector<JobCost>> list_job_costs(pg::Connection& connection, Id account_id,
                                               const CostFilter& filter, TimeSpan span, int limit) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kCosts, account_id, filter.project_ids, filter.environment_id,
                                      span.from, span.until, limit));
    co_return rows.all<JobCost>();
}

}  // namespace mw::history
