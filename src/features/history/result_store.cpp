#include "features/history/result_store.hpp"

namespace mw::history {
namespace {

const pg::Query kRecord{"history.record", R"(
INSERT INTO node_results
    (account_id, project_id, environment_id, job_id, run_id, is_ci, git_sha, step_index,
     generated_at, run_elapsed_time, full_refresh, unique_id, resource_type, name, status, message,
     execution_time, failures, rows_affected, bytes_processed, slot_ms, execute_started_at,
     execute_completed_at)
SELECT r.account_id, r.project_id, r.environment_id, r.job_id, r.id, r.is_ci, r.git_sha, $2, $3, $4,
       $5, g.unique_id, g.resource_type, g.name, g.status, g.message, g.execution_time, g.failures,
       g.rows_affected, g.bytes_processed, g.slot_ms, g.execute_started_at, g.execute_completed_at
FROM runs r, jsonb_to_recordset($6::jsonb)
     AS g(unique_id text, resource_type text, name text, status text, message text,
          execution_time double precision, failures bigint, rows_affected bigint,
          bytes_processed bigint, slot_ms bigint, execute_started_at timestamptz,
          execute_completed_at timestamptz)
WHERE r.id = $1
ON CONFLICT DO NOTHING)"};

}  // namespace

boost::asio::awaitable<result<>> record_results(pg::Connection& tx, Id run_id,
                                                const StepResults& results) {
    MW_CO_CHECK(co_await tx.run(kRecord, run_id, results.step_index, results.generated_at,
                                results.elapsed_time_s, results.full_refresh, results.nodes));
    co_return result<>{};
}

}  // namespace mw::history
