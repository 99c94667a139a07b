#include "features/environments/engine_use_store.hpp"

namespace mw::environments {
namespace {

const pg::Query kList{"environments.engine_uses", R"(
WITH places AS (
    SELECT e.id, e.name AS environment, e.dbt_version, e.state, p.name AS project,
           p.state AS project_state, coalesce(c.adapter_version, '') AS adapter_version
    FROM environments e
    JOIN projects p ON p.id = e.project_id
    LEFT JOIN connections c ON c.id = coalesce(e.connection_id, p.connection_id))
SELECT 'environment' AS kind, id, environment AS name, environment, project, dbt_version,
       adapter_version
FROM places WHERE state = 1 AND project_state = 1
UNION ALL
SELECT 'job', j.id, j.name, l.environment, l.project, j.dbt_version, l.adapter_version
FROM jobs j JOIN places l ON l.id = j.environment_id
WHERE j.state = 1 AND l.state = 1 AND l.project_state = 1 AND j.dbt_version IS NOT NULL
UNION ALL
SELECT 'run', r.id, '', l.environment, l.project, r.dbt_version, l.adapter_version
FROM runs r JOIN places l ON l.id = r.environment_id
WHERE r.status IN (1, 2, 3)
ORDER BY kind, id)"};

}  // namespace

boost::asio::awaitable<result<std::vector<EngineUse>>> list_engine_uses(pg::Pool& pool) {
    MW_CO_TRY(auto rows, co_await pool.run(kList));
    co_return rows.all<EngineUse>();
}

}  // namespace mw::environments
