#include "features/environments/environment_store.hpp"

namespace mw::environments {
namespace {

#define MW_ENVIRONMENT_FROM                                                \
    " FROM environments e JOIN projects p ON p.id = e.project_id "         \
    "LEFT JOIN profiles f ON f.id = e.primary_profile_id AND f.state = 1 " \
    "LEFT JOIN extended_attributes x ON x.state = 1 AND x.id = "           \
    "coalesce(f.extended_attributes_id, e.extended_attributes_id) WHERE e.account_id = $1"
#define MW_ENVIRONMENT_COLUMNS                                                               \
    "SELECT e.id, e.account_id, e.project_id, e.name, e.type, e.deployment_type, "           \
    "e.dbt_version, coalesce(f.connection_id, e.connection_id) AS connection_id, "           \
    "coalesce(f.credentials_id, e.credentials_id) AS credentials_id, p.repository_id, "      \
    "p.dbt_project_subdirectory, coalesce(x.extended_attributes, e.extended_attributes) AS " \
    "extended_attributes, "                                                                  \
    "e.use_custom_branch, e.custom_branch, "                                                 \
    "e.created_by_id, e.state, e.created_at, e.updated_at" MW_ENVIRONMENT_FROM

const pg::Query kFind{"environments.find", MW_ENVIRONMENT_COLUMNS " AND e.id = $2"};

const pg::Query kInsert{"environments.insert", R"(
INSERT INTO environments (account_id, project_id, name, type, deployment_type, dbt_version,
                          connection_id, credentials_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id)"};

const pg::Query kSameKind{"environments.same_kind", R"(
SELECT name FROM environments
WHERE project_id = $1 AND id <> $2 AND state = 1
  AND (deployment_type = $3 OR ($4 = 'development' AND type = $4)))"};

const pg::Query kJobs{"environments.jobs", R"(
SELECT name FROM jobs WHERE account_id = $1 AND environment_id = $2 AND state = 1 ORDER BY id)"};

}  // namespace

asio::awaitable<result<std::optional<std::string>>> find_of_same_kind(
    pg::Connection& connection, Id project_id, Id id, std::string type,
    std::optional<std::string> deployment_type) {
    MW_CO_TRY(auto rows, co_await connection.run(kSameKind, project_id, id, deployment_type, type));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<std::string>(0, "name"));
}

asio::awaitable<result<std::vector<std::string>>> jobs_in(pg::Connection& connection, Id account_id,
                                                          Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kJobs, account_id, id));
    co_return rows.column<std::string>("name");
}

asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Pool& pool, Id account_id,
                                                                     Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Environment>();
}

asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Connection& connection,
                                                                     Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Environment>();
}

asio::awaitable<result<Id>> insert_environment(pg::Connection& connection,
                                               NewEnvironment environment) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kInsert, environment.account_id, environment.project_id,
                                      environment.name, environment.type,
                                      environment.deployment_type, environment.dbt_version,
                                      environment.connection_id, environment.credentials_id));
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::environments
