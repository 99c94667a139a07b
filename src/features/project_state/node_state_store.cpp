#include "features/project_state/node_state_store.hpp"

#include <algorithm>

namespace mw::project_state {
namespace {

template <class T>
using Awaitable = boost::asio::awaitable<result<T>>;

const pg::Query kState{"project_state.find", R"(
SELECT e.id AS environment_id, e.account_id, e.project_id, s.run_id, s.job_id,
       CASE WHEN s.run_id IS NULL THEN NULL ELSE s.generated_at END AS generated_at,
       coalesce(s.dbt_version, '') AS dbt_version, coalesce(s.project_name, '') AS project_name,
       coalesce(s.adapter_type, '') AS adapter_type
FROM environments e LEFT JOIN environment_states s ON s.environment_id = e.id
WHERE e.account_id = $1 AND e.id = $2 AND e.state = 1)"};

#define MW_WANTED_NODES \
    R"(
FROM environment_nodes n
JOIN node_facts d ON d.environment_id = n.environment_id AND d.unique_id = n.unique_id
     AND d.digest = n.defined
LEFT JOIN node_facts a ON a.environment_id = n.environment_id AND a.unique_id = n.unique_id
     AND a.digest = n.applied
WHERE n.environment_id = $1
  AND ($2::text[] = '{}' OR n.resource_type = ANY($2::text[]))
  AND ($3::text[] = '{}' OR n.unique_id = ANY($3::text[]))
  AND ($4 = '' OR n.last_status = $4)
  AND ($5 = '' OR lower(d.facts->>'database') = lower($5))
  AND ($6 = '' OR lower(d.facts->>'schema') = lower($6))
  AND ($7 = '' OR lower(coalesce(d.facts->>'alias', d.facts->>'identifier')) = lower($7))
  AND ($8 = '' OR d.facts->>'package_name' = $8)
  AND ($9::text[] = '{}' OR coalesce(nullif(d.facts->'tags', 'null'), d.facts->'config'->'tags') ?& $9::text[])
  AND (NOT $10 OR n.last_status IS NOT NULL)
  AND ($11 = '' OR coalesce(d.facts->>'access', d.facts->'config'->>'access') = $11)
  AND ($12 = '' OR coalesce(d.facts->>'group', d.facts->'config'->>'group') = $12)
  AND ($13::boolean IS NULL OR (n.freshness IS NOT NULL) = $13::boolean)
  AND ($14 = '' OR n.freshness->>'status' = $14)
  AND ($15::text[] = '{}' OR d.facts->>'source_name' = ANY($15::text[]))
  AND ($16 = '' OR d.facts->>'original_file_path' ~ ('(^|/)' || $16 || '/')
       OR n.name ~ CASE $16 WHEN 'staging' THEN '^stg_' WHEN 'intermediate' THEN '^int_'
                            WHEN 'marts' THEN '^(fct|fact|dim|mart)_' END)
  AND ($17 = '' OR d.facts->'config'->>'materialized' = $17))"

const pg::Query kList{"project_state.list_nodes", R"(
SELECT n.unique_id, n.resource_type, n.name, n.parents, d.facts AS defined, a.facts AS applied,
       n.compiled_code, n.last_run_id, n.last_job_id, n.last_status, n.last_error,
       n.last_generated_at, n.run_elapsed_time, n.execution_time, n.failures,
       n.compile_started_at, n.compile_completed_at, n.execute_started_at,
       n.execute_completed_at, n.success_run_id, n.success_job_id, n.success_generated_at,
       n.freshness, n.freshness_run_id, n.freshness_at,
       (SELECT r.job_id FROM runs r WHERE r.id = n.freshness_run_id) AS freshness_job_id, n.catalog, n.catalog_run_id)" MW_WANTED_NODES
                                                  R"(
  AND n.unique_id > $18
ORDER BY n.unique_id LIMIT $19)"};

const pg::Query kCount{"project_state.count_nodes", "SELECT count(*) AS count" MW_WANTED_NODES};

const pg::Query kGraph{"project_state.list_graph", R"(
SELECT unique_id, resource_type, name, parents FROM environment_nodes WHERE environment_id = $1)"};

// A plain word: it becomes part of a pattern.
std::string layer_of(const NodeFilter& filter) {
    bool plain = std::ranges::all_of(filter.modeling_layer,
                                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return plain ? filter.modeling_layer : "no such layer";
}

}  // namespace

Awaitable<std::optional<EnvironmentState>> find_state(pg::Connection& connection, Id account_id,
                                                      Id environment_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kState, account_id, environment_id));
    co_return rows.first<EnvironmentState>();
}

Awaitable<std::vector<NodeState>> list_nodes(pg::Connection& connection, Id environment_id,
                                             const NodeFilter& filter, const NodePage& page) {
    MW_CO_TRY(auto rows,
              co_await connection.run(
                  kList, environment_id, filter.resource_types, filter.unique_ids,
                  filter.last_status, filter.database, filter.schema, filter.identifier,
                  filter.package_name, filter.tags, filter.executed, filter.access, filter.group,
                  filter.freshness_checked, filter.freshness_status, filter.source_names,
                  layer_of(filter), filter.materialized, page.after, page.limit));
    co_return rows.all<NodeState>();
}

Awaitable<std::int64_t> count_nodes(pg::Connection& connection, Id environment_id,
                                    const NodeFilter& filter) {
    MW_CO_TRY(auto rows, co_await connection.run(
                             kCount, environment_id, filter.resource_types, filter.unique_ids,
                             filter.last_status, filter.database, filter.schema, filter.identifier,
                             filter.package_name, filter.tags, filter.executed, filter.access,
                             filter.group, filter.freshness_checked, filter.freshness_status,
                             filter.source_names, layer_of(filter), filter.materialized));
    co_return rows.get<std::int64_t>(0, "count");
}

Awaitable<std::vector<GraphNode>> list_graph(pg::Connection& connection, Id environment_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kGraph, environment_id));
    co_return rows.all<GraphNode>();
}

}  // namespace mw::project_state
