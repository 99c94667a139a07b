#include "features/artifacts/artifact_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace mw::artifacts {
namespace {

#define MW_ARTIFACT_COLUMNS \
    "a.run_id, a.step_index, a.path, a.size_bytes, a.object_key, a.pack_offset, a.pack_bytes "

const pg::Query kRecord{"artifacts.record", R"(
INSERT INTO artifacts (run_id, step_index, path, size_bytes, object_key, pack_offset, pack_bytes)
SELECT $1, $2, g.path, g.size_bytes, g.object_key, g.pack_offset, g.pack_bytes
FROM jsonb_to_recordset($3::jsonb)
     AS g(path text, size_bytes bigint, object_key text, pack_offset bigint, pack_bytes bigint)
ON CONFLICT (run_id, step_index, path) DO UPDATE
SET size_bytes = excluded.size_bytes, object_key = excluded.object_key, created_at = now(),
    pack_offset = excluded.pack_offset, pack_bytes = excluded.pack_bytes)"};

const pg::Query kProjectOfRun{"artifacts.project_of_run",
                              "SELECT project_id FROM runs WHERE account_id = $1 AND id = $2"};
const pg::Query kProjectOfJob{"artifacts.project_of_job",
                              "SELECT project_id FROM jobs WHERE account_id = $1 AND id = $2"};

const pg::Query kPaths{"artifacts.paths", R"(
SELECT DISTINCT path COLLATE "C" AS path FROM artifacts
WHERE run_id = $1 AND ($2::integer IS NULL OR step_index = $2) ORDER BY 1)"};

const pg::Query kFind{"artifacts.find", "SELECT " MW_ARTIFACT_COLUMNS R"(
FROM artifacts a JOIN runs r ON r.id = a.run_id
WHERE r.account_id = $1 AND a.run_id = $2 AND a.path = $3
  AND ($4::integer IS NULL OR a.step_index = $4)
ORDER BY a.step_index DESC LIMIT 1)"};

const pg::Query kOfSteps{"artifacts.of_steps", "SELECT " MW_ARTIFACT_COLUMNS R"(
FROM artifacts a WHERE a.run_id = $1 AND a.path = $2 ORDER BY a.step_index)"};

const pg::Query kFindAfter{"artifacts.find_after", "SELECT " MW_ARTIFACT_COLUMNS R"(
FROM artifacts a WHERE a.run_id = $1 AND a.path = $2 AND a.step_index <= $3
ORDER BY a.step_index DESC LIMIT 1)"};

const pg::Query kFindState{"artifacts.find_state", "SELECT " MW_ARTIFACT_COLUMNS R"(
FROM artifacts a LEFT JOIN run_steps s ON s.run_id = a.run_id AND s.index = a.step_index
WHERE a.run_id = $1 AND a.path = $2
ORDER BY a.path = 'run_results.json' AND coalesce(s.command LIKE 'dbt docs generate%', false),
         a.step_index DESC LIMIT 1)"};

const pg::Query kFindOfJob{"artifacts.find_of_job", "SELECT " MW_ARTIFACT_COLUMNS R"(
FROM runs r JOIN LATERAL (
    SELECT * FROM artifacts
    WHERE run_id = r.id AND path = $3 ORDER BY step_index DESC LIMIT 1) a ON true
WHERE r.account_id = $1 AND r.job_id = $2 AND r.status = 10
ORDER BY r.id DESC LIMIT 1)"};

}  // namespace

Awaitable<> record_artifacts(pg::Connection& connection, const std::vector<Artifact>& artifacts) {
    if (artifacts.empty()) co_return result<>{};
    auto or_null = [](const auto& number) {
        return number ? boost::json::value(*number) : boost::json::value(nullptr);
    };
    boost::json::array rows;
    for (const auto& artifact : artifacts)
        rows.push_back({{"path", artifact.path},
                        {"size_bytes", artifact.size_bytes},
                        {"object_key", artifact.object_key},
                        {"pack_offset", or_null(artifact.pack_offset)},
                        {"pack_bytes", or_null(artifact.pack_bytes)}});
    MW_CO_CHECK(co_await connection.run(kRecord, artifacts.front().run_id,
                                        artifacts.front().step_index,
                                        boost::json::serialize(rows)));
    co_return result<>{};
}

Awaitable<std::optional<Id>> project_of_run(pg::Connection& connection, Id account_id, Id run_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kProjectOfRun, account_id, run_id));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "project_id"));
}

Awaitable<std::optional<Id>> project_of_job(pg::Connection& connection, Id account_id, Id job_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kProjectOfJob, account_id, job_id));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "project_id"));
}

Awaitable<std::vector<std::string>> list_paths(pg::Connection& connection, Id run_id,
                                               std::optional<int> step) {
    MW_CO_TRY(auto rows, co_await connection.run(kPaths, run_id, step));
    co_return rows.column<std::string>("path");
}

Awaitable<std::optional<Artifact>> find_artifact(pg::Connection& connection, Id account_id,
                                                 Id run_id, std::string_view path,
                                                 std::optional<int> step) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, run_id, path, step));
    co_return rows.first<Artifact>();
}

Awaitable<std::vector<Artifact>> find_artifact_of_steps(pg::Connection& connection, Id run_id,
                                                        std::string_view path) {
    MW_CO_TRY(auto rows, co_await connection.run(kOfSteps, run_id, path));
    co_return rows.all<Artifact>();
}

Awaitable<std::optional<Artifact>> find_artifact_after(pg::Connection& connection, Id run_id,
                                                       std::string_view path, int step) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindAfter, run_id, path, step));
    co_return rows.first<Artifact>();
}

Awaitable<std::optional<Artifact>> find_state_artifact(pg::Connection& connection, Id run_id,
                                                       std::string_view path) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindState, run_id, path));
    co_return rows.first<Artifact>();
}

Awaitable<std::optional<Artifact>> find_job_artifact(pg::Connection& connection, Id account_id,
                                                     Id job_id, std::string_view path) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindOfJob, account_id, job_id, path));
    co_return rows.first<Artifact>();
}

}  // namespace mw::artifacts
