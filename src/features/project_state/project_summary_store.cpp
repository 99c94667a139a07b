#include "features/project_state/project_summary_store.hpp"

namespace mw::project_state {
namespace {

template <class T>
using Awaitable = boost::asio::awaitable<result<T>>;

#define MW_DEFINED_NODES                                           \
    "FROM environment_nodes n "                                    \
    "JOIN node_facts d ON d.environment_id = n.environment_id "    \
    "     AND d.unique_id = n.unique_id AND d.digest = n.defined " \
    "WHERE n.environment_id = $1 "
// Newer engines say it below "config" alone.
#define MW_TAGS                                                                              \
    "(CASE WHEN jsonb_typeof(d.facts->'tags') = 'array' THEN d.facts->'tags' "               \
    "WHEN jsonb_typeof(d.facts->'config'->'tags') = 'array' THEN d.facts->'config'->'tags' " \
    "ELSE '[]'::jsonb END)"

const pg::Query kLineage{"project_state.lineage", R"(
SELECT n.unique_id, n.resource_type, n.name, n.parents,
       d.facts->>'original_file_path' AS file_path,
       d.facts->'config'->>'materialized' AS materialized,
       coalesce(d.facts->>'access', d.facts->'config'->>'access') AS access,
       coalesce(d.facts->>'group', d.facts->'config'->>'group') AS group_name,
       d.facts->>'description' AS description, d.facts->>'database' AS database,
       d.facts->>'schema' AS schema, d.facts->>'alias' AS alias,
       d.facts->>'source_name' AS source_name, coalesce(d.facts->'fqn', '[]'::jsonb) AS fqn,
       )" MW_TAGS R"( AS tags, n.last_status )" MW_DEFINED_NODES R"(
  AND CASE WHEN $2::text[] = '{}' THEN n.resource_type NOT IN ('macro', 'group')
           ELSE n.resource_type = ANY($2::text[]) END
  AND ($3::text[] = '{}' OR n.unique_id = ANY($3::text[]))
ORDER BY n.unique_id)"};

const pg::Query kPackages{"project_state.packages", R"(
SELECT DISTINCT d.facts->>'package_name' AS name )" MW_DEFINED_NODES R"(
  AND d.facts->>'package_name' <> '' AND ($2 = '' OR n.resource_type = $2)
ORDER BY 1)"};

const pg::Query kTags{"project_state.tags",
                      R"(
SELECT DISTINCT t.name )"
                      "FROM (SELECT " MW_TAGS " AS tags " MW_DEFINED_NODES R"() n,
     jsonb_array_elements_text(n.tags) AS t(name)
ORDER BY 1)"};

const pg::Query kOwners{"project_state.owners", R"(
SELECT DISTINCT d.facts->'owner'->>'name' AS name,
       CASE jsonb_typeof(d.facts->'owner'->'email') WHEN 'string' THEN d.facts->'owner'->>'email'
       END AS email )" MW_DEFINED_NODES R"(
  AND n.resource_type IN ('exposure', 'group') AND ($2 = '' OR n.resource_type = $2)
  AND jsonb_typeof(d.facts->'owner') = 'object'
ORDER BY 1, 2)"};

const pg::Query kTypes{"project_state.count_types", R"(
SELECT resource_type, count(*) AS count FROM environment_nodes
WHERE environment_id = $1 GROUP BY resource_type ORDER BY resource_type)"};

// A node is found once, where it says most.
const pg::Query kSearch{"project_state.search", R"(
WITH texts AS (
    SELECT n.unique_id, n.name, t.rank, t.field, t.text
    FROM environment_nodes n
    JOIN node_facts d ON d.environment_id = n.environment_id AND d.unique_id = n.unique_id
         AND d.digest = n.defined,
    LATERAL (VALUES
        (1, 'name', n.name),
        (2, 'relation', concat_ws('.', d.facts->>'database', d.facts->>'schema',
                                  coalesce(d.facts->>'alias', d.facts->>'identifier'))),
        (3, 'description', d.facts->>'description'),
        (4, 'column', (SELECT string_agg(concat_ws(' ', c.key, c.value->>'description'), ' ')
                       FROM jsonb_each(CASE jsonb_typeof(d.facts->'columns') WHEN 'object'
                                       THEN d.facts->'columns' ELSE '{}'::jsonb END) c)),
        (5, 'code', coalesce(d.facts->>'raw_code', d.facts->>'macro_sql'))) t(rank, field, text)
    WHERE n.environment_id = $1
      AND ($4::text[] = '{}' OR n.resource_type = ANY($4::text[]))
      AND ($5::text[] = '{}'
           OR coalesce(d.facts->>'access', d.facts->'config'->>'access') = ANY($5::text[]))
      AND ($6::text[] = '{}' OR d.facts->'config'->>'materialized' = ANY($6::text[]))
      AND ($7::text[] = '{}' OR )" MW_TAGS R"( ?| $7::text[])),
found AS (
    SELECT DISTINCT ON (unique_id) unique_id, name, rank, field, text
    FROM texts
    WHERE position(lower($2) IN lower(text)) > 0
      AND ($3::text[] = '{}' OR field = ANY($3::text[]))
    ORDER BY unique_id, rank)
SELECT unique_id, field AS matched_field,
       substr(text, greatest(1, position(lower($2) IN lower(text)) - 60), 120 + length($2))
           AS found_in
FROM found ORDER BY rank, length(name), unique_id OFFSET $8 LIMIT $9)"};

const pg::Query kNamed{"project_state.named", R"(
SELECT e.id AS environment_id, e.name AS environment, p.id AS project_id, p.name AS project,
       n.unique_id, n.resource_type, n.name
FROM environments e
JOIN projects p ON p.id = e.project_id AND p.state = 1
JOIN environment_nodes n ON n.environment_id = e.id
WHERE e.account_id = $1 AND e.state = 1 AND ($2 OR e.project_id = ANY($3::bigint[]))
  AND (e.deployment_type = 'production'
       OR NOT EXISTS (SELECT 1 FROM environments o
                      WHERE o.project_id = e.project_id AND o.state = 1
                        AND o.deployment_type = 'production'))
  AND n.resource_type NOT IN ('macro', 'group')
  AND position(lower($4) IN lower(n.name)) > 0
ORDER BY position(lower($4) IN lower(n.name)) > 1, length(n.name), n.name, p.name, e.id
LIMIT $5)"};

}  // namespace

Awaitable<std::vector<NamedNode>> find_named_nodes(pg::Connection& connection,
                                                   const NameSearch& search) {
    MW_CO_TRY(auto rows, co_await connection.run(kNamed, search.account_id, search.all_projects,
                                                 search.project_ids, search.text, search.limit));
    co_return rows.all<NamedNode>();
}

Awaitable<std::vector<LineageNode>> list_lineage(pg::Connection& connection, Id environment_id,
                                                 const std::vector<std::string>& types,
                                                 const std::vector<std::string>& unique_ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kLineage, environment_id, types, unique_ids));
    co_return rows.all<LineageNode>();
}

Awaitable<std::vector<std::string>> list_packages(pg::Connection& connection, Id environment_id,
                                                  std::string_view type) {
    MW_CO_TRY(auto rows, co_await connection.run(kPackages, environment_id, type));
    co_return rows.column<std::string>("name");
}

Awaitable<std::vector<std::string>> list_tags(pg::Connection& connection, Id environment_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kTags, environment_id));
    co_return rows.column<std::string>("name");
}

Awaitable<std::vector<Owner>> list_owners(pg::Connection& connection, Id environment_id,
                                          std::string_view type) {
    MW_CO_TRY(auto rows, co_await connection.run(kOwners, environment_id, type));
    co_return rows.all<Owner>();
}

Awaitable<std::vector<TypeCount>> count_types(pg::Connection& connection, Id environment_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kTypes, environment_id));
    co_return rows.all<TypeCount>();
}

Awaitable<std::vector<Hit>> search_nodes(pg::Connection& connection, Id environment_id,
                                         const SearchFilter& filter, int offset, int limit) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kSearch, environment_id, filter.text, filter.fields,
                                      filter.resource_types, filter.access_levels,
                                      filter.materialized, filter.tags, offset, limit));
    co_return rows.all<Hit>();
}

}  // namespace mw::project_state
