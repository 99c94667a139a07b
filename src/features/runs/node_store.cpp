#include "features/runs/node_store.hpp"

#include "base/described_json.hpp"

namespace mw::runs {
namespace {

#define MW_SELECT_NODE                                                                    \
    "SELECT step_index, unique_id, name, resource_type, status, node_index, node_total, " \
    "execution_time, started_at, finished_at, message, revision FROM run_nodes "

const pg::Query kUpsert{"run_nodes.upsert", R"(
INSERT INTO run_nodes AS n
    (run_id, step_index, unique_id, name, resource_type, status, node_index, node_total,
     execution_time, started_at, finished_at, message)
SELECT $1, g.step_index, g.unique_id, g.name, g.resource_type, g.status, g.node_index,
       g.node_total, g.execution_time, g.started_at, g.finished_at, g.message
FROM jsonb_to_recordset($2::jsonb)
     AS g(step_index integer, unique_id text, name text, resource_type text, status text,
          node_index integer, node_total integer, execution_time double precision,
          started_at timestamptz, finished_at timestamptz, message text)
ON CONFLICT (run_id, step_index, unique_id) DO UPDATE
SET name = excluded.name, resource_type = excluded.resource_type, status = excluded.status,
    node_index = coalesce(excluded.node_index, n.node_index),
    node_total = coalesce(excluded.node_total, n.node_total),
    execution_time = excluded.execution_time,
    started_at = coalesce(excluded.started_at, n.started_at),
    finished_at = excluded.finished_at, message = excluded.message,
    revision = nextval('run_nodes_revision')
WHERE excluded.status <> 'started' OR n.status = 'started')"};

const pg::Query kAll{"run_nodes.all", MW_SELECT_NODE
                     "WHERE run_id = $1 ORDER BY step_index, node_index NULLS LAST, unique_id"};

const pg::Query kChanged{"run_nodes.changed", MW_SELECT_NODE
                         "WHERE run_id = $1 AND revision > $2 ORDER BY revision LIMIT $3"};

const pg::Query kRevisionBefore{"run_nodes.revision_before", R"(
SELECT coalesce((SELECT revision FROM run_nodes WHERE run_id = $1
                 ORDER BY revision DESC OFFSET $2 LIMIT 1), 0) AS revision)"};

}  // namespace

Awaitable<> upsert_nodes(pg::Connection& connection, Id run_id, const std::vector<Node>& nodes) {
    boost::json::array rows;
    for (const auto& node : nodes)
        rows.push_back(described_to_json(node));
    MW_CO_CHECK(co_await connection.run(kUpsert, run_id, rows));
    co_return result<>{};
}

Awaitable<std::vector<Node>> find_nodes(pg::Connection& connection, Id run_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kAll, run_id));
    co_return rows.all<Node>();
}

Awaitable<std::vector<Node>> changed_nodes(pg::Connection& connection, Id run_id,
                                           std::int64_t revision, int limit) {
    MW_CO_TRY(auto rows, co_await connection.run(kChanged, run_id, revision, limit));
    co_return rows.all<Node>();
}

Awaitable<std::int64_t> revision_before(pg::Connection& connection, Id run_id, int count) {
    MW_CO_TRY(auto rows, co_await connection.run(kRevisionBefore, run_id, count));
    co_return rows.get<std::int64_t>(0, "revision");
}

}  // namespace mw::runs
