#include "features/project_state/node_state_store.hpp"

namespace mw::project_state {
namespace {

const pg::Query kList{"project_state.list_nodes", R"(
SELECT n.unique_id, n.resource_type, n.name, n.parents, d.facts AS defined,
       a.facts AS applied, n.compiled_code, n.last_run_id, n.last_job_id, n.last_status,
       n.last_error, n.last_generated_at, n.run_elapsed_time, n.execution_time, n.failures,
       n.compile_started_at, n.compile_completed_at, n.execute_started_at,
       n.execute_completed_at, n.success_run_id, n.success_job_id, n.success_generated_at
FROM environment_nodes n
JOIN node_facts d ON d.environment_id = n.environment_id AND d.unique_id = n.unique_id
     AND d.digest = n.defined
LEFT JOIN node_facts a ON a.environment_id = n.environment_id AND a.unique_id = n.unique_id
     AND a.digest = n.applied
WHERE n.environment_id = $1 AND n.resource_type = $2 AND n.unique_id > $3
ORDER BY n.unique_id LIMIT $4)"};

}  // namespace

boost::asio::awaitable<result<std::vector<NodeState>>> list_nodes(pg::Connection& connection,
                                                                  Id environment_id,
                                                                  std::string_view resource_type,
                                                                  std::string_view after,
                                                                  int limit) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kList, environment_id, resource_type, after, limit));
    co_return rows.all<NodeState>();
}

}  // namespace mw::project_state
