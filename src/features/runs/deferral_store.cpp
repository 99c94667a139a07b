#include "features/runs/deferral_store.hpp"

#include <fmt/format.h>

namespace mw::runs {
namespace {

#define MW_DEFERRED_RUN                                                               \
    "SELECT r.id, j.name AS job_name, e.name AS environment_name, r.finished_at "     \
    "FROM runs r JOIN jobs j ON j.id = r.job_id "                                     \
    "JOIN environments e ON e.id = r.environment_id "                                 \
    "WHERE r.account_id = $1 AND r.project_id = $2 AND r.id <> $3 AND r.status = 10 " \
    "AND EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id AND a.path = 'manifest.json') "

// A pull request's run is not what the environment holds.
const pg::Query kOfEnvironment{
    "runs.deferred_of_environment",
    MW_DEFERRED_RUN "AND r.environment_id = $4 AND NOT r.is_ci ORDER BY r.id DESC LIMIT 1"};
const pg::Query kOfJob{"runs.deferred_of_job",
                       MW_DEFERRED_RUN "AND r.job_id = $4 ORDER BY r.id DESC LIMIT 1"};
const pg::Query kOfRetried{"runs.deferred_of_retried", MW_DEFERRED_RUN
                           "AND r.id = (SELECT f.deferring_run_id FROM runs f WHERE f.id = $4)"};

const pg::Query kEnvironmentName{"runs.deferral_environment", R"(
SELECT name FROM environments WHERE account_id = $1 AND id = $2)"};
const pg::Query kJobName{"runs.deferral_job", R"(
SELECT name FROM jobs WHERE account_id = $1 AND id = $2)"};

const pg::Query kSet{"runs.set_deferring_run", R"(
UPDATE runs SET deferring_run_id = $2, updated_at = clock_timestamp()
WHERE id = $1 AND finished_at IS NULL AND deferring_run_id IS DISTINCT FROM $2)"};

Awaitable<std::string> name_of(pg::Connection& connection, const pg::Query& query, Id account_id,
                               Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(query, account_id, id));
    co_return rows.empty() ? std::to_string(id) : rows.get<std::string>(0, "name");
}

Awaitable<std::string> target_of(pg::Connection& connection, const Run& run, const Plan& plan) {
    if (plan.deferring_environment_id) {
        MW_CO_TRY(auto name, co_await name_of(connection, kEnvironmentName, run.account_id,
                                              *plan.deferring_environment_id));
        co_return fmt::format("environment {}", name);
    }
    if (*plan.deferring_job_definition_id == run.job_id) co_return "this job";
    MW_CO_TRY(auto name, co_await name_of(connection, kJobName, run.account_id,
                                          *plan.deferring_job_definition_id));
    co_return fmt::format("job {}", name);
}

Awaitable<std::optional<DeferredRun>> find(pg::Connection& connection, const pg::Query& query,
                                           const Run& run, Id where) {
    MW_CO_TRY(auto rows,
              co_await connection.run(query, run.account_id, run.project_id, run.id, where));
    co_return rows.first<DeferredRun>();
}

}  // namespace

Awaitable<std::optional<Deferral>> find_deferral(pg::Connection& connection, const Run& run,
                                                 const Plan& plan) {
    if (!plan.deferring_environment_id && !plan.deferring_job_definition_id) co_return std::nullopt;
    Deferral deferral;
    MW_CO_TRY(deferral.target, co_await target_of(connection, run, plan));
    if (run.retrying_run_id) {
        MW_CO_TRY(deferral.run, co_await find(connection, kOfRetried, run, *run.retrying_run_id));
    }
    if (!deferral.run && plan.deferring_environment_id) {
        MW_CO_TRY(deferral.run,
                  co_await find(connection, kOfEnvironment, run, *plan.deferring_environment_id));
    } else if (!deferral.run) {
        MW_CO_TRY(deferral.run,
                  co_await find(connection, kOfJob, run, *plan.deferring_job_definition_id));
    }
    co_return deferral;
}

Awaitable<> set_deferring_run(pg::Connection& connection, Id run_id,
                              std::optional<Id> deferring_run_id) {
    MW_CO_CHECK(co_await connection.run(kSet, run_id, deferring_run_id));
    co_return result<>{};
}

}  // namespace mw::runs
