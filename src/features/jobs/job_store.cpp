#include "features/jobs/job_store.hpp"

namespace mw::jobs {
namespace {

#define MW_JOB_COLUMNS                                                                             \
    "j.id, j.account_id, j.project_id, j.environment_id, j.name, j.description, j.job_type, "      \
    "j.dbt_version, j.execute_steps, j.threads, j.target_name, j.timeout_seconds, "                \
    "j.memory_limit_mb, j.cpu_limit, j.process_limit, "                                            \
    "j.generate_docs, j.run_generate_sources, j.run_lint, j.errors_on_lint_failure, "              \
    "j.run_compare_changes, j.compare_changes_flags, j.lifecycle_webhooks, "                       \
    "j.cost_optimization_features, j.deferring_environment_id, j.deferring_job_definition_id, "    \
    "j.triggers, j.triggers_on_draft_pr, j.schedule, j.job_completion_trigger_condition, j.cron, " \
    "j.schedule_enabled, j.next_run_at, j.run_failure_count, j.state, j.created_at, "              \
    "j.updated_at, "                                                                               \
    "j.force_node_selection"

constexpr api::Filter kFilters[] = {
    {"id", "j.id", api::FilterType::id},
    {"pk", "j.id", api::FilterType::id},
    {"project_id", "j.project_id", api::FilterType::id},
    {"environment_id", "j.environment_id", api::FilterType::id},
    {"name", "j.name", api::FilterType::text},
    {"job_type", "j.job_type", api::FilterType::text},
    {"dbt_version", "j.dbt_version", api::FilterType::text},
    {"triggers_schedule", "j.schedule_enabled", api::FilterType::boolean}};
constexpr api::OrderColumn kOrders[] = {{"id", "j.id"},
                                        {"name", "j.name"},
                                        {"project_id", "j.project_id"},
                                        {"environment_id", "j.environment_id"},
                                        {"created_at", "j.created_at"},
                                        {"updated_at", "j.updated_at"},
                                        {"next_run", "j.next_run_at"}};

const api::ListSpec kList{"jobs.list",
                          "SELECT " MW_JOB_COLUMNS " FROM jobs j WHERE j.account_id = $1",
                          "SELECT count(*) AS total FROM jobs j WHERE j.account_id = $1",
                          kFilters,
                          kOrders,
                          "id",
                          "j.project_id",
                          "j.state",
                          api::DefaultState::active};

#define MW_FIND_JOB "SELECT " MW_JOB_COLUMNS " FROM jobs j WHERE j.account_id = $1 AND j.id = $2"
const pg::Query kFind{"jobs.find", MW_FIND_JOB};
const pg::Query kLock{"jobs.lock", MW_FIND_JOB " FOR UPDATE"};
const pg::Query kHold{"jobs.hold", MW_FIND_JOB " FOR KEY SHARE"};

const pg::Query kVariables{"jobs.variables", R"(
SELECT v.id, v.account_id, v.project_id, v.job_id AS job_definition_id, v.name,
       coalesce(v.value, '**********') AS display_value, v.state
FROM environment_variables v
WHERE v.account_id = $1 AND v.job_id = $2 AND v.state = 1 ORDER BY v.name)"};

const pg::Query kInsert{"jobs.insert", R"(
INSERT INTO jobs AS j (account_id, project_id, environment_id, name, description, job_type,
    dbt_version, execute_steps, threads, target_name, timeout_seconds, generate_docs,
    run_generate_sources, run_lint, errors_on_lint_failure, run_compare_changes,
    compare_changes_flags, lifecycle_webhooks, cost_optimization_features,
    deferring_environment_id, deferring_job_definition_id, triggers, triggers_on_draft_pr,
    schedule, job_completion_trigger_condition, cron, schedule_enabled, next_run_at, state,
    memory_limit_mb, cpu_limit, process_limit, force_node_selection)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
    $19::text[], $20, $21, $22::jsonb, $23, $24::jsonb, $25::jsonb, $26, $27, $28, $29,
    $30, $31, $32, $33)
RETURNING )" MW_JOB_COLUMNS};

const pg::Query kUpdate{"jobs.update", R"(
UPDATE jobs j SET environment_id = $3, name = $4, description = $5, job_type = $6,
    dbt_version = $7, execute_steps = $8::text[], threads = $9, target_name = $10,
    timeout_seconds = $11, generate_docs = $12, run_generate_sources = $13, run_lint = $14,
    errors_on_lint_failure = $15, run_compare_changes = $16, compare_changes_flags = $17,
    lifecycle_webhooks = $18, cost_optimization_features = $19::text[],
    deferring_environment_id = $20, deferring_job_definition_id = $21, triggers = $22::jsonb,
    triggers_on_draft_pr = $23, schedule = $24::jsonb,
    job_completion_trigger_condition = $25::jsonb, cron = $26, schedule_enabled = $27,
    next_run_at = $28, state = $29, memory_limit_mb = $30, cpu_limit = $31, process_limit = $32,
    force_node_selection = $33, project_id = $2, updated_at = now()
WHERE j.account_id = $1 AND j.id = $34
RETURNING )" MW_JOB_COLUMNS};

const pg::Query kWakeScheduler{"jobs.wake_scheduler", "SELECT pg_notify('job_schedule', '')"};

asio::awaitable<result<pg::Rows>> write(pg::Connection& connection, const pg::Query& query,
                                        const Job& job, std::optional<Id> id) {
    auto run = [&](const auto&... last) {
        return connection.run(
            query, job.account_id, job.project_id, job.environment_id, job.name, job.description,
            job.job_type, job.dbt_version, job.execute_steps, job.threads, job.target_name,
            job.timeout_seconds, job.generate_docs, job.run_generate_sources, job.run_lint,
            job.errors_on_lint_failure, job.run_compare_changes, job.compare_changes_flags,
            job.lifecycle_webhooks, job.cost_optimization_features, job.deferring_environment_id,
            job.deferring_job_definition_id, job.triggers, job.triggers_on_draft_pr, job.schedule,
            job.job_completion_trigger_condition, job.cron, job.schedule_enabled, job.next_run_at,
            job.state, job.memory_limit_mb, job.cpu_limit, job.process_limit,
            job.force_node_selection, last...);
    };
    if (id) co_return co_await run(*id);
    co_return co_await run();
}

const pg::Query kLockCompletions{"jobs.lock_completions",
                                 "SELECT pg_advisory_xact_lock(hashtext('job_completions'), "
                                 "($1::bigint % 2147483647)::integer)"};
// What was stored before it was checked may be anything.
const pg::Query kChain{"jobs.chain_before", R"(
WITH RECURSIVE chain AS (
    SELECT id, name, job_completion_trigger_condition #> '{condition,job_id}' AS before,
           ARRAY[id] AS path
    FROM jobs WHERE account_id = $1 AND id = $2 AND state = 1
    UNION ALL
    SELECT j.id, j.name, j.job_completion_trigger_condition #> '{condition,job_id}', c.path || j.id
    FROM chain c JOIN jobs j ON jsonb_typeof(c.before) = 'number' AND to_jsonb(j.id) = c.before
    WHERE j.account_id = $1 AND j.state = 1 AND NOT j.id = ANY(c.path))
SELECT id, name FROM chain ORDER BY cardinality(path))"};

}  // namespace

const api::ListSpec& job_list() {
    return kList;
}

asio::awaitable<result<std::optional<Job>>> find_job(pg::Connection& connection, Id account_id,
                                                     Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Job>();
}

asio::awaitable<result<std::optional<Job>>> lock_job(pg::Connection& connection, Id account_id,
                                                     Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kLock, account_id, id));
    co_return rows.first<Job>();
}

asio::awaitable<result<std::optional<Job>>> hold_job(pg::Connection& connection, Id account_id,
                                                     Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kHold, account_id, id));
    co_return rows.first<Job>();
}

asio::awaitable<result<std::vector<JobVariable>>> find_job_variables(pg::Pool& pool, Id account_id,
                                                                     Id job_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kVariables, account_id, job_id));
    co_return rows.all<JobVariable>();
}

asio::awaitable<result<Job>> insert_job(pg::Connection& connection, const Job& job) {
    MW_CO_TRY(auto rows, co_await write(connection, kInsert, job, std::nullopt));
    MW_CO_CHECK(co_await connection.run(kWakeScheduler));
    co_return rows.as<Job>(0);
}

asio::awaitable<result<Job>> update_job(pg::Connection& connection, const Job& job) {
    MW_CO_TRY(auto rows, co_await write(connection, kUpdate, job, job.id));
    if (rows.empty()) co_return fail(Errc::not_found, "The job is gone.");
    MW_CO_CHECK(co_await connection.run(kWakeScheduler));
    co_return rows.as<Job>(0);
}

asio::awaitable<result<>> lock_completions(pg::Connection& tx, Id account_id) {
    MW_CO_CHECK(co_await tx.run(kLockCompletions, account_id));
    co_return result<>{};
}

asio::awaitable<result<std::vector<ChainLink>>> chain_before(pg::Connection& tx, Id account_id,
                                                             Id job_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kChain, account_id, job_id));
    co_return rows.all<ChainLink>();
}

}  // namespace mw::jobs
