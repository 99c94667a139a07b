#include "features/worker_api/spec_store.hpp"

#include <fmt/format.h>

#include "features/account_features/feature_list.hpp"
#include "features/account_features/feature_store.hpp"
#include "features/accounts/account_store.hpp"
#include "features/connections/connection_store.hpp"
#include "features/connections/encryption_store.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/jobs/job_store.hpp"
#include "features/projects/project_store.hpp"
#include "features/repositories/repository_store.hpp"
#include "features/runs/deferral_store.hpp"
#include "features/runs/run_store.hpp"
#include "features/worker_api/granted.hpp"

namespace mw::worker_api {
namespace {

// Personal values are for development sessions: no run has them.
const pg::Query kVariables{"worker_api.variables", R"(
SELECT id, name, value, sealed_value,
       CASE WHEN job_id IS NOT NULL THEN 2 WHEN environment_id IS NOT NULL THEN 1 ELSE 0 END AS rank
FROM environment_variables
WHERE project_id = $1 AND state = 1 AND user_id IS NULL
  AND coalesce(environment_id, $2) = $2 AND coalesce(job_id, $3) = $3)"};

template <class Row>
result<Row> needed(std::optional<Row> row, std::string sentence) {
    if (!row) return fail(Errc::invalid_argument, std::move(sentence));
    return std::move(*row);
}

Awaitable<std::optional<DeferralSource>> find_deferral_source(pg::Connection& connection,
                                                              const runs::Run& run) {
    auto plan = runs::from_stored(run.trigger).plan;
    MW_CO_TRY(auto deferral, co_await runs::find_deferral(connection, run, plan));
    if (!deferral) co_return std::nullopt;
    DeferralSource source{std::move(*deferral), {}};
    if (source.deferral.run) {
        MW_CO_TRY(source.artifacts,
                  co_await list_state_artifacts(connection, source.deferral.run->id));
    }
    co_return source;
}

// What one connection can fetch.
Awaitable<> load_from(pg::Connection& connection, Id run_id, SpecParts& parts) {
    MW_CO_TRY(auto run, co_await runs::find_run(connection, run_id));
    if (!run) co_return fail(Errc::lease_lost, "The run is gone.");
    parts.run = std::move(*run);
    MW_CO_TRY(auto job,
              co_await jobs::find_job(connection, parts.run.account_id, parts.run.job_id));
    if (job) parts.job_name = job->name;
    MW_CO_TRY(auto limits, co_await accounts::find_run_limits(connection, parts.run.account_id));
    parts.account_limits = limits.value_or(accounts::RunLimits{});
    MW_CO_TRY(auto project, co_await projects::find_project(connection, parts.run.account_id,
                                                            parts.run.project_id));
    MW_CO_TRY(parts.project, needed(std::move(project), "The run's project is gone."));
    MW_CO_TRY(auto environment, co_await environments::find_environment(
                                    connection, parts.run.account_id, parts.run.environment_id));
    MW_CO_TRY(parts.environment, needed(std::move(environment), "The run's environment is gone."));
    MW_CO_TRY(auto variables, co_await connection.run(kVariables, parts.run.project_id,
                                                      parts.run.environment_id, parts.run.job_id));
    parts.variables = variables.all<Variable>();
    MW_CO_TRY(parts.ssh_host_keys,
              co_await ssh_host_keys::find_pinned(connection, parts.run.account_id));
    MW_CO_TRY(parts.repository_may_be_cached,
              co_await account_features::has_feature(connection, parts.run.account_id,
                                                     std::string(account_features::kRepoCaching)));
    MW_CO_TRY(parts.retry, co_await find_retry_source(connection, parts.run));
    MW_CO_TRY(parts.deferral, co_await find_deferral_source(connection, parts.run));
    co_return result<>{};
}

// The connection and the credentials of the parts' environment.
Awaitable<> load_warehouse(pg::Pool& pool, Id account_id, SpecParts& parts) {
    auto connection_id = parts.environment.connection_id ? parts.environment.connection_id
                                                         : parts.project.connection_id;
    MW_CO_TRY(auto connection,
              co_await connections::find_connection(pool, account_id, connection_id.value_or(0)));
    MW_CO_TRY(parts.connection,
              needed(std::move(connection),
                     fmt::format("The environment {} has no connection to a data warehouse.",
                                 parts.environment.name)));
    if (parts.connection.is_ssh_tunnel_enabled) {
        MW_CO_TRY(parts.tunnel,
                  co_await connections::find_tunnel(pool, account_id, parts.connection.id));
        if (!parts.tunnel)
            co_return fail(Errc::invalid_argument,
                           fmt::format("The connection {} goes through an SSH tunnel, which nobody "
                                       "has set up.",
                                       parts.connection.name));
    }
    MW_CO_TRY(auto credentials,
              co_await credentials::find_credentials(pool, account_id,
                                                     parts.environment.credentials_id.value_or(0)));
    MW_CO_TRY(parts.credentials,
              needed(std::move(credentials), fmt::format("The environment {} has no credentials.",
                                                         parts.environment.name)));
    co_return result<>{};
}

}  // namespace

Awaitable<SpecParts> load_spec_parts(pg::Pool& pool, Id run_id, std::chrono::seconds lease) {
    SpecParts parts;
    parts.lease = lease;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_CHECK(co_await load_from(*connection, run_id, parts));
    }
    auto account_id = parts.run.account_id;
    MW_CO_TRY(auto repository, co_await repositories::find_repository(
                                   pool, account_id, parts.project.repository_id.value_or(0)));
    MW_CO_TRY(parts.repository,
              needed(std::move(repository),
                     fmt::format("The project {} has no repository.", parts.project.name)));
    MW_CO_CHECK(co_await load_warehouse(pool, account_id, parts));
    co_return parts;
}

Awaitable<SpecParts> load_connection_parts(pg::Pool& pool, Id account_id, Id environment_id) {
    SpecParts parts;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_TRY(auto environment,
                  co_await environments::find_environment(*connection, account_id, environment_id));
        MW_CO_TRY(parts.environment, needed(std::move(environment), "The environment is gone."));
        auto project_id = parts.environment.project_id;
        MW_CO_TRY(auto project,
                  co_await projects::find_project(*connection, account_id, project_id));
        MW_CO_TRY(parts.project, needed(std::move(project), "The environment's project is gone."));
        MW_CO_TRY(auto variables,
                  co_await connection->run(kVariables, project_id, environment_id, Id{0}));
        parts.variables = variables.all<Variable>();
        MW_CO_TRY(parts.ssh_host_keys,
                  co_await ssh_host_keys::find_pinned(*connection, account_id));
    }
    MW_CO_CHECK(co_await load_warehouse(pool, account_id, parts));
    co_return parts;
}

}  // namespace mw::worker_api
