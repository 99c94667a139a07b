#include "features/pull_request_schemas/schema_store.hpp"

#include <boost/json/parse.hpp>

#include "dbt/relation.hpp"
#include "features/connection_tests/connection_test_store.hpp"

namespace mw::pull_request_schemas {
namespace {

const pg::Query kRun{"pull_request_schemas.run", R"(
SELECT r.environment_id, r.job_id, r.trigger->>'schema_override' AS schema_override
FROM runs r
WHERE r.id = $1 AND r.is_ci AND r.trigger->>'cause_category' IN ('ci', 'rerun')
  AND r.trigger->>'schema_override' ~ '^dbt_cloud_pr_[0-9]+_[0-9]+$')"};

// One that comes back after it was dropped, or while it is to be, has to go again.
const pg::Query kNote{"pull_request_schemas.note", R"(
INSERT INTO pull_request_schemas (environment_id, job_id, pull_request, database_name, schema_name)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (job_id, pull_request, environment_id, database_name, schema_name) DO UPDATE
SET noted_at = now(), dropped_at = NULL, attempts = 0, next_try_at = now(), last_error = NULL)"};

#define MW_OF_REPOSITORY                                                        \
    "pull_request = $2 AND job_id IN (SELECT j.id FROM jobs j JOIN projects p " \
    "ON p.id = j.project_id WHERE p.repository_id = $1)"

const pg::Query kWantDropped{"pull_request_schemas.want_dropped", R"(
UPDATE pull_request_schemas SET drop_wanted_at = now(), next_try_at = now(), attempts = 0
WHERE dropped_at IS NULL AND drop_wanted_at IS NULL AND )" MW_OF_REPOSITORY};

const pg::Query kWantKept{"pull_request_schemas.want_kept", R"(
UPDATE pull_request_schemas SET drop_wanted_at = NULL WHERE )" MW_OF_REPOSITORY};

// Unless a run has written to it since the errand began: then it is there again.
const pg::Query kDropped{"pull_request_schemas.dropped", R"(
UPDATE pull_request_schemas s SET errand_id = NULL, last_error = NULL,
    dropped_at = CASE WHEN s.noted_at < t.started_at THEN now() END
FROM connection_tests t WHERE t.id = s.errand_id AND t.status = 10)"};

// Five tries, each pause thrice as long: what then stands there is told on the page of the
// pull request's runs, and a person has to look.
const pg::Query kNotDropped{"pull_request_schemas.not_dropped", R"(
UPDATE pull_request_schemas s SET errand_id = NULL, attempts = s.attempts + 1,
    last_error = coalesce((SELECT t.message FROM connection_tests t WHERE t.id = s.errand_id),
                          'What became of it is not known.'),
    next_try_at = now() + make_interval(secs => 60 * 3 ^ s.attempts)
WHERE s.errand_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM connection_tests t
                  WHERE t.id = s.errand_id AND t.status IN (1, 3, 10)))"};

const pg::Query kDue{"pull_request_schemas.due", R"(
SELECT e.account_id, s.environment_id,
       jsonb_agg(jsonb_build_object('database', s.database_name, 'schema', s.schema_name)
                 ORDER BY s.database_name, s.schema_name)::text AS schemas
FROM pull_request_schemas s JOIN environments e ON e.id = s.environment_id
WHERE s.drop_wanted_at IS NOT NULL AND s.dropped_at IS NULL AND s.errand_id IS NULL
  AND s.next_try_at <= now() AND s.attempts < 5
  AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.job_id = s.job_id AND r.status IN (1, 2, 3)
                  AND r.trigger->>'schema_override'
                      = 'dbt_cloud_pr_' || s.job_id || '_' || s.pull_request)
GROUP BY e.account_id, s.environment_id
ORDER BY min(s.next_try_at) LIMIT 5)"};

const pg::Query kSent{"pull_request_schemas.sent", R"(
UPDATE pull_request_schemas s SET errand_id = $2
FROM jsonb_to_recordset($3::jsonb) AS d (database text, schema text)
WHERE s.environment_id = $1 AND s.database_name = d.database AND s.schema_name = d.schema
  AND s.drop_wanted_at IS NOT NULL AND s.dropped_at IS NULL AND s.errand_id IS NULL)"};

const pg::Query kLock{"pull_request_schemas.lock",
                      "SELECT pg_try_advisory_xact_lock(7260371) AS locked"};

struct RunOfPullRequest {
    Id environment_id = 0;
    Id job_id = 0;
    std::string schema_override;
};
BOOST_DESCRIBE_STRUCT(RunOfPullRequest, (), (environment_id, job_id, schema_override))

struct DueDrop {
    Id account_id = 0;
    Id environment_id = 0;
    std::string schemas;
};
BOOST_DESCRIBE_STRUCT(DueDrop, (), (account_id, environment_id, schemas))

// "dbt_cloud_pr_4_12": the job's and the pull request's numbers.
std::optional<std::int64_t> pull_request_of(const RunOfPullRequest& run) {
    auto prefix = "dbt_cloud_pr_" + std::to_string(run.job_id) + "_";
    if (!run.schema_override.starts_with(prefix)) return std::nullopt;
    return parse_id(run.schema_override.substr(prefix.size()));
}

}  // namespace

Awaitable<> note_schemas(pg::Connection& tx, Id run_id, const std::vector<std::string>& relations) {
    MW_CO_TRY(auto rows, co_await tx.run(kRun, run_id));
    auto run = rows.first<RunOfPullRequest>();
    auto number = run ? pull_request_of(*run) : std::nullopt;
    if (!number) co_return result<>{};
    for (const auto& text : relations) {
        auto relation = dbt::parse_relation(text);
        if (!relation || !dbt::is_schema_of(relation->schema, run->schema_override)) continue;
        MW_CO_CHECK(co_await tx.run(kNote, run->environment_id, run->job_id, *number,
                                    relation->database, relation->schema));
    }
    co_return result<>{};
}

Awaitable<int> want_dropped(pg::Connection& tx, Id repository_id, std::int64_t pull_request) {
    MW_CO_TRY(auto rows, co_await tx.run(kWantDropped, repository_id, pull_request));
    co_return static_cast<int>(rows.affected());
}

Awaitable<> want_kept(pg::Connection& tx, Id repository_id, std::int64_t pull_request) {
    MW_CO_CHECK(co_await tx.run(kWantKept, repository_id, pull_request));
    co_return result<>{};
}

Awaitable<int> settle_errands(pg::Connection& tx) {
    MW_CO_TRY(auto dropped, co_await tx.run(kDropped));
    MW_CO_CHECK(co_await tx.run(kNotDropped));
    co_return static_cast<int>(dropped.affected());
}

Awaitable<int> send_errands(pg::Connection& tx) {
    // One scheduler at a time: each schema is one errand's.
    MW_CO_TRY(auto lock, co_await tx.run(kLock));
    if (!lock.get<bool>(0, "locked")) co_return 0;
    MW_CO_TRY(auto rows, co_await tx.run(kDue));
    int sent = 0;
    for (auto& due : rows.all<DueDrop>()) {
        MW_CO_TRY(auto errand, co_await connection_tests::insert_drop(
                                   tx, due.account_id, due.environment_id, due.schemas));
        MW_CO_CHECK(co_await tx.run(kSent, due.environment_id, errand, due.schemas));
        ++sent;
    }
    co_return sent;
}

}  // namespace mw::pull_request_schemas
