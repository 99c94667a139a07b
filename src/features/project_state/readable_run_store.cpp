#include "features/project_state/readable_run_store.hpp"

namespace mw::project_state {
namespace {

const pg::Query kFind{"project_state.readable_run", R"(
SELECT r.id AS run_id, r.account_id, r.project_id, r.environment_id, r.job_id
FROM runs r
WHERE r.account_id = $1 AND r.job_id = $2 AND ($3::bigint IS NULL OR r.id = $3::bigint)
  AND r.finished_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id AND a.path = 'manifest.json')
ORDER BY r.id DESC LIMIT 1)"};

}  // namespace

boost::asio::awaitable<result<std::optional<ReadableRun>>> find_readable_run(
    pg::Connection& connection, Id account_id, Id job_id, std::optional<Id> run_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, job_id, run_id));
    co_return rows.first<ReadableRun>();
}

}  // namespace mw::project_state
