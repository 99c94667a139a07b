#include "features/project_state/state_store.hpp"

namespace mw::project_state {
namespace {

const pg::Query kEnsure{"project_state.ensure", R"(
INSERT INTO environment_states (environment_id) VALUES ($1) ON CONFLICT DO NOTHING)"};

const pg::Query kLock{"project_state.lock", R"(
SELECT greatest(generated_at, '1970-01-01') AS generated_at FROM environment_states
WHERE environment_id = $1 FOR UPDATE)"};

const pg::Query kSet{"project_state.set", R"(
UPDATE environment_states
SET run_id = $2, job_id = $3, generated_at = $4, dbt_version = $5, project_name = $6,
    adapter_type = $7
WHERE environment_id = $1)"};

const pg::Query kDigests{"project_state.digests", R"(
SELECT unique_id, defined FROM environment_nodes WHERE environment_id = $1)"};

const pg::Query kDefine{"project_state.define", R"(
WITH given AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb)
    AS g(unique_id text, resource_type text, name text, parents text[], digest text)
)
INSERT INTO environment_nodes (environment_id, unique_id, resource_type, name, parents, defined)
SELECT $1, unique_id, resource_type, name, parents, digest FROM given
ON CONFLICT (environment_id, unique_id) DO UPDATE
SET resource_type = excluded.resource_type, name = excluded.name, parents = excluded.parents,
    defined = excluded.defined)"};

const pg::Query kKeepFacts{"project_state.keep_facts", R"(
INSERT INTO node_facts (environment_id, unique_id, digest, facts)
SELECT $1, g.unique_id, g.digest, g.facts::jsonb
FROM unnest($2::text[], $3::text[], $4::text[]) AS g(unique_id, digest, facts)
ON CONFLICT DO NOTHING)"};

const pg::Query kRemove{"project_state.remove", R"(
WITH gone AS (
    DELETE FROM node_facts WHERE environment_id = $1 AND unique_id = ANY($2::text[]))
DELETE FROM environment_nodes WHERE environment_id = $1 AND unique_id = ANY($2::text[]))"};

const pg::Query kRecord{"project_state.record", R"(
UPDATE environment_nodes n
SET last_run_id = $2, last_job_id = $3, last_status = g.status, last_error = g.error,
    last_generated_at = $4, run_elapsed_time = $5, execution_time = g.execution_time,
    failures = g.failures, compile_started_at = g.compile_started_at,
    compile_completed_at = g.compile_completed_at, execute_started_at = g.execute_started_at,
    execute_completed_at = g.execute_completed_at,
    applied = CASE WHEN g.applied THEN n.defined ELSE n.applied END,
    compiled_code = CASE WHEN g.compiled_digest IS DISTINCT FROM n.compiled_digest
                              AND g.compiled_digest IS NOT NULL
                         THEN g.compiled_code ELSE n.compiled_code END,
    compiled_digest = coalesce(g.compiled_digest, n.compiled_digest),
    success_run_id = CASE WHEN g.succeeded THEN $2 ELSE n.success_run_id END,
    success_job_id = CASE WHEN g.succeeded THEN $3 ELSE n.success_job_id END,
    success_generated_at = CASE WHEN g.succeeded THEN $4 ELSE n.success_generated_at END
FROM jsonb_to_recordset($6::jsonb)
     AS g(unique_id text, status text, error text, execution_time double precision,
          failures bigint, succeeded boolean, applied boolean, compile_started_at timestamptz,
          compile_completed_at timestamptz, execute_started_at timestamptz,
          execute_completed_at timestamptz, compiled_code text, compiled_digest text)
WHERE n.environment_id = $1 AND n.unique_id = g.unique_id
  AND (n.last_generated_at IS NULL OR n.last_generated_at <= $4))"};

const pg::Query kFreshness{"project_state.record_freshness", R"(
UPDATE environment_nodes n
SET freshness = g.facts, freshness_run_id = $2, freshness_at = $3
FROM jsonb_to_recordset($4::jsonb) AS g(unique_id text, facts jsonb)
WHERE n.environment_id = $1 AND n.unique_id = g.unique_id
  AND (n.freshness_at IS NULL OR n.freshness_at <= $3))"};

const pg::Query kCatalog{"project_state.record_catalog", R"(
UPDATE environment_nodes n
SET catalog = g.facts, catalog_run_id = $2, catalog_at = $3
FROM jsonb_to_recordset($4::jsonb) AS g(unique_id text, facts jsonb)
WHERE n.environment_id = $1 AND n.unique_id = g.unique_id
  AND (n.catalog_at IS NULL OR n.catalog_at <= $3))"};

const pg::Query kRemoveFacts{"project_state.remove_facts", R"(
DELETE FROM node_facts f USING environment_nodes n
WHERE n.environment_id = $1 AND f.environment_id = n.environment_id
  AND f.unique_id = n.unique_id AND f.digest <> n.defined
  AND f.digest IS DISTINCT FROM n.applied)"};

// Of tables that seem to hold one row of the environment, every plan costs the same: one that looks
// at all of them for each node takes minutes for some ten thousand.
const pg::Query kExpectMany{"project_state.expect_many", "SET LOCAL enable_nestloop = off"};
const pg::Query kLookAtMany{"project_state.look_at_many", "ANALYZE environment_nodes, node_facts"};

}  // namespace

Awaitable<Timestamp> lock_state(pg::Connection& tx, Id environment_id) {
    MW_CO_CHECK(co_await tx.run(kEnsure, environment_id));
    MW_CO_TRY(auto rows, co_await tx.run(kLock, environment_id));
    co_return rows.get<Timestamp>(0, "generated_at");
}

Awaitable<> set_state(pg::Connection& tx, const TakenRun& run, const StateFacts& facts) {
    MW_CO_CHECK(co_await tx.run(kSet, run.environment_id, run.run_id, run.job_id,
                                facts.generated_at, facts.dbt_version, facts.project_name,
                                facts.adapter_type));
    co_return result<>{};
}

Awaitable<std::map<std::string, std::string>> defined_digests(pg::Connection& tx,
                                                              Id environment_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kDigests, environment_id));
    auto ids = rows.column<std::string>("unique_id");
    auto digests = rows.column<std::string>("defined");
    std::map<std::string, std::string> found;
    for (std::size_t i = 0; i < ids.size(); ++i)
        found.emplace(std::move(ids[i]), std::move(digests[i]));
    co_return found;
}

Awaitable<> define_nodes(pg::Connection& tx, Id environment_id,
                         std::span<const DefinedNode> nodes) {
    boost::json::array rows;
    std::vector<std::string> ids;
    std::vector<std::string> digests;
    std::vector<std::string> facts;
    for (const auto& node : nodes) {
        rows.push_back({{"unique_id", node.unique_id},
                        {"resource_type", node.resource_type},
                        {"name", node.name},
                        {"parents", boost::json::array(node.parents.begin(), node.parents.end())},
                        {"digest", node.digest}});
        ids.push_back(node.unique_id);
        digests.push_back(node.digest);
        facts.push_back(node.facts);
    }
    MW_CO_CHECK(co_await tx.run(kDefine, environment_id, rows));
    MW_CO_CHECK(co_await tx.run(kKeepFacts, environment_id, ids, digests, facts));
    co_return result<>{};
}

Awaitable<> remove_nodes(pg::Connection& tx, Id environment_id,
                         const std::vector<std::string>& unique_ids) {
    if (unique_ids.empty()) co_return result<>{};
    MW_CO_CHECK(co_await tx.run(kRemove, environment_id, unique_ids));
    co_return result<>{};
}

Awaitable<> record_executions(pg::Connection& tx, const TakenRun& run,
                              const Executions& executions) {
    MW_CO_CHECK(co_await tx.run(kRecord, run.environment_id, run.run_id, run.job_id,
                                executions.generated_at, executions.elapsed_time_s,
                                executions.nodes));
    co_return result<>{};
}

Awaitable<> record_freshness(pg::Connection& tx, const TakenRun& run, const Seen& seen) {
    MW_CO_CHECK(
        co_await tx.run(kFreshness, run.environment_id, run.run_id, seen.generated_at, seen.nodes));
    co_return result<>{};
}

Awaitable<> record_catalog(pg::Connection& tx, const TakenRun& run, const Seen& seen) {
    MW_CO_CHECK(
        co_await tx.run(kCatalog, run.environment_id, run.run_id, seen.generated_at, seen.nodes));
    co_return result<>{};
}

Awaitable<> remove_unused_facts(pg::Connection& tx, Id environment_id) {
    MW_CO_CHECK(co_await tx.run(kRemoveFacts, environment_id));
    co_return result<>{};
}

Awaitable<> expect_many_nodes(pg::Connection& tx) {
    MW_CO_CHECK(co_await tx.run(kExpectMany));
    co_return result<>{};
}

Awaitable<> look_at_many_nodes(pg::Pool& pool) {
    MW_CO_CHECK(co_await pool.run(kLookAtMany));
    co_return result<>{};
}

}  // namespace mw::project_state
