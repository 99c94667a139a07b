#include "features/history/node_history_store.hpp"

namespace mw::history {
namespace {

#define MW_SELECT_NODE_RUN                                                                 \
    "SELECT run_id, job_id, step_index, unique_id, name, resource_type, status, message, " \
    "execution_time, run_elapsed_time, failures, rows_affected, bytes_processed, "         \
    "execute_started_at, execute_completed_at, generated_at, git_sha, full_refresh "       \
    "FROM node_results WHERE environment_id = $1 AND NOT is_ci "

const pg::Query kNodeRuns{"history.node_runs", MW_SELECT_NODE_RUN R"(
  AND unique_id = $2 AND generated_at >= $3 AND generated_at < $4
ORDER BY generated_at DESC, run_id DESC, step_index DESC LIMIT $5)"};

const pg::Query kTestsOfRuns{"history.tests_of_runs", MW_SELECT_NODE_RUN R"(
  AND unique_id = ANY($2::text[]) AND run_id = ANY($3::bigint[])
  AND generated_at >= $4 AND generated_at < $5
ORDER BY unique_id, generated_at)"};

// A test that was skipped says nothing of whether it would have failed.
const pg::Query kReliability{"history.test_reliability", R"(
WITH outcomes AS (
    SELECT unique_id, name, status, generated_at, git_sha,
           status IN ('fail', 'error', 'runtime error') AS failed,
           lag(status IN ('fail', 'error', 'runtime error')) OVER of_test AS failed_before,
           lag(git_sha) OVER of_test AS sha_before
    FROM node_results
    WHERE environment_id = $1 AND NOT is_ci AND resource_type IN ('test', 'unit_test')
      AND generated_at >= $2 AND generated_at < $3 AND status <> 'skipped'
    WINDOW of_test AS (PARTITION BY unique_id ORDER BY generated_at, run_id, step_index)),
summed AS (
    SELECT unique_id, count(*) AS runs, count(*) FILTER (WHERE failed) AS failures,
           count(*) FILTER (WHERE failed <> failed_before) AS changes,
           count(*) FILTER (WHERE failed <> failed_before AND git_sha = sha_before)
               AS changes_without_commit,
           (array_agg(name ORDER BY generated_at DESC))[1] AS name,
           (array_agg(status ORDER BY generated_at DESC))[1] AS last_status,
           max(generated_at) FILTER (WHERE failed) AS last_failed_at,
           max(generated_at) AS last_run_at
    FROM outcomes GROUP BY unique_id)
SELECT *, CASE WHEN runs > 1 THEN changes / (runs - 1)::double precision ELSE 0 END AS flakiness
FROM summed ORDER BY changes_without_commit DESC, changes DESC, failures DESC, unique_id LIMIT $4)"};

}  // namespace

Awaitable<std::vector<NodeRun>> list_node_runs(pg::Connection& connection, Id environment_id,
                                               std::string_view unique_id, TimeSpan span,
                                               int limit) {
    MW_CO_TRY(auto rows, co_await connection.run(kNodeRuns, environment_id, unique_id, span.from,
                                                 span.until, limit));
    co_return rows.all<NodeRun>();
}

Awaitable<std::vector<NodeRun>> list_tests_of_runs(pg::Connection& connection, Id environment_id,
                                                   const std::vector<std::string>& unique_ids,
                                                   const std::vector<Id>& run_ids, TimeSpan span) {
    MW_CO_TRY(auto rows, co_await connection.run(kTestsOfRuns, environment_id, unique_ids, run_ids,
                                                 span.from, span.until));
    co_return rows.all<NodeRun>();
}

Awaitable<std::vector<TestReliability>> list_test_reliability(pg::Connection& connection,
                                                              Id environment_id, TimeSpan span,
                                                              int limit) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kReliability, environment_id, span.from, span.until, limit));
    co_return rows.all<TestReliability>();
}

}  // namespace mw::history
