#include "features/history/performance_store.hpp"

namespace mw::history {
namespace {

const pg::Query kTotals{"history.model_totals", R"(
WITH ran AS (
    SELECT unique_id, job_id, execution_time, status IN ('error', 'runtime error') AS failed
    FROM node_results
    WHERE environment_id = $1 AND NOT is_ci AND resource_type = 'model' AND status <> 'skipped'
      AND generated_at >= $2 AND generated_at < $3
      AND ($4::bigint IS NULL OR job_id = $4::bigint)),
totals AS (
    SELECT unique_id, coalesce(job_id, 0) AS job_id, count(*) AS executions,
           count(*) FILTER (WHERE failed) AS failures,
           coalesce(max(execution_time), 0) AS longest, coalesce(avg(execution_time), 0) AS average
    FROM ran GROUP BY GROUPING SETS ((unique_id), (unique_id, job_id))),
placed AS (
    SELECT *, CASE $5::integer WHEN 0 THEN executions WHEN 1 THEN failures::double precision
                               / executions WHEN 2 THEN longest ELSE average END AS weight
    FROM totals),
models AS (
    SELECT unique_id, row_number() OVER (ORDER BY weight DESC, executions DESC, unique_id) AS place
    FROM placed WHERE job_id = 0 AND ($5::integer <> 1 OR failures > 0)
    ORDER BY place LIMIT $6),
jobs AS (
    SELECT p.*, m.place,
           row_number() OVER (PARTITION BY p.unique_id, p.job_id = 0
                              ORDER BY p.weight DESC, p.job_id) AS turn
    FROM placed p JOIN models m ON m.unique_id = p.unique_id)
SELECT unique_id, job_id, executions, failures, longest, average
FROM jobs WHERE job_id = 0 OR turn <= $7 ORDER BY place, job_id <> 0, turn)"};

// By the models that a test depends on, as the project is now.
const pg::Query kTested{"history.tested_models", R"(
WITH tests AS (
    SELECT t.unique_id AS test_id, parent AS unique_id
    FROM environment_nodes t, unnest(t.parents) AS parent
    WHERE t.environment_id = $1 AND t.resource_type = 'test' AND parent LIKE 'model.%'),
runs AS (
    SELECT t.unique_id, r.run_id, bool_or(r.status IN ('fail', 'error', 'runtime error')) AS failed
    FROM node_results r JOIN tests t ON t.test_id = r.unique_id
    WHERE r.environment_id = $1 AND NOT r.is_ci AND r.resource_type = 'test'
      AND r.status <> 'skipped' AND r.generated_at >= $2 AND r.generated_at < $3
    GROUP BY t.unique_id, r.run_id)
SELECT unique_id, count(*) AS runs, count(*) FILTER (WHERE failed) AS failed_runs
FROM runs GROUP BY unique_id HAVING bool_or(failed)
ORDER BY count(*) FILTER (WHERE failed)::double precision / count(*) DESC, 3 DESC, unique_id
LIMIT $4)"};

const pg::Query kJobs{"history.jobs_of_node", R"(
SELECT DISTINCT r.job_id, j.name
FROM node_results r JOIN jobs j ON j.id = r.job_id
WHERE r.environment_id = $1 AND NOT r.is_ci AND r.unique_id = $2
  AND r.generated_at >= $3 AND r.generated_at < $4
ORDER BY r.job_id)"};

}  // namespace

Awaitable<std::vector<ModelTotals>> list_model_totals(pg::Connection& connection, Id environment_id,
                                                      TimeSpan span, const ModelChoice& choice) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kTotals, environment_id, span.from, span.until, choice.job_id,
                                      static_cast<int>(choice.by), choice.models, choice.jobs));
    co_return rows.all<ModelTotals>();
}

Awaitable<std::vector<TestedModel>> list_tested_models(pg::Connection& connection,
                                                       Id environment_id, TimeSpan span,
                                                       int limit) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kTested, environment_id, span.from, span.until, limit));
    co_return rows.all<TestedModel>();
}

Awaitable<std::vector<JobName>> list_jobs_of_node(pg::Connection& connection, Id environment_id,
                                                  std::string_view unique_id, TimeSpan span) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kJobs, environment_id, unique_id, span.from, span.until));
    co_return rows.all<JobName>();
}

}  // namespace mw::history
