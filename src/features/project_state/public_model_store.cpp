#include "features/project_state/public_model_store.hpp"

namespace mw::project_state {
namespace {

template <class T>
using Awaitable = boost::asio::awaitable<result<T>>;

#define MW_IS_PUBLIC             \
    "n.resource_type = 'model' " \
    "AND coalesce(d.facts->>'access', d.facts->'config'->>'access') = 'public' "

const pg::Query kModels{"project_state.public_models", R"(
SELECT n.environment_id, e.project_id, e.deployment_type, s.project_name AS dbt_project,
       n.unique_id, n.name, d.facts, n.last_status, s.generated_at
FROM environments e
JOIN environment_states s ON s.environment_id = e.id
JOIN environment_nodes n ON n.environment_id = e.id
JOIN node_facts d ON d.environment_id = n.environment_id AND d.unique_id = n.unique_id
     AND d.digest = n.defined
WHERE e.account_id = $1 AND e.state = 1 AND )" MW_IS_PUBLIC R"(
  AND ($2::bigint[] IS NULL OR e.project_id = ANY($2::bigint[]))
  AND ($3::bigint[] = '{}' OR e.id = ANY($3::bigint[]))
  AND ($4 = '' OR s.project_name = $4)
  AND ($5::text[] = '{}' OR n.unique_id = ANY($5::text[]))
  AND (n.environment_id, n.unique_id) > ($6, $7)
ORDER BY n.environment_id, n.unique_id LIMIT $8)"};

const pg::Query kProjects{"project_state.projects", R"(
SELECT DISTINCT ON (p.id) p.id AS project_id, p.name, e.id AS environment_id,
       s.project_name AS dbt_project,
       (SELECT count(*) FROM environment_nodes n
        JOIN node_facts d ON d.environment_id = n.environment_id AND d.unique_id = n.unique_id
             AND d.digest = n.defined
        WHERE n.environment_id = e.id AND )" MW_IS_PUBLIC R"() AS public_models
FROM projects p
JOIN environments e ON e.project_id = p.id AND e.state = 1
JOIN environment_states s ON s.environment_id = e.id AND s.run_id IS NOT NULL
WHERE p.account_id = $1 AND p.state = 1
  AND ($2::bigint[] IS NULL OR p.id = ANY($2::bigint[]))
ORDER BY p.id, (e.deployment_type = 'production') DESC NULLS LAST, s.generated_at DESC)"};

}  // namespace

Awaitable<std::vector<PublicModel>> list_public_models(pg::Connection& connection, Id account_id,
                                                       const PublicModelFilter& filter,
                                                       const PublicModelPage& page) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kModels, account_id, filter.project_ids,
                                      filter.environment_ids, filter.dbt_project, filter.unique_ids,
                                      page.environment_id, page.unique_id, page.limit));
    co_return rows.all<PublicModel>();
}

Awaitable<std::vector<ProjectState>> list_project_states(
    pg::Connection& connection, Id account_id, const std::optional<std::vector<Id>>& project_ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kProjects, account_id, project_ids));
    co_return rows.all<ProjectState>();
}

}  // namespace mw::project_state
