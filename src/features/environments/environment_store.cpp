#include "features/environments/environment_store.hpp"

namespace mw::environments {
namespace {

#define MW_ENVIRONMENT_FROM \
    " FROM environments e JOIN projects p ON p.id = e.project_id WHERE e.account_id = $1"
#define MW_ENVIRONMENT_COLUMNS                                                                  \
    "SELECT e.id, e.account_id, e.project_id, e.name, e.type, e.deployment_type, "              \
    "e.dbt_version, e.connection_id, e.credentials_id, p.repository_id, "                       \
    "p.dbt_project_subdirectory, e.extended_attributes, e.use_custom_branch, e.custom_branch, " \
    "e.created_by_id, e.state, e.created_at, e.updated_at" MW_ENVIRONMENT_FROM

constexpr api::Filter kFilters[] = {{"pk", "e.id", api::FilterType::id},
                                    {"project_id", "e.project_id", api::FilterType::id},
                                    {"name", "e.name", api::FilterType::text},
                                    {"type", "e.type", api::FilterType::text},
                                    {"deployment_type", "e.deployment_type", api::FilterType::text},
                                    {"dbt_version", "e.dbt_version", api::FilterType::text}};
constexpr api::OrderColumn kOrders[] = {{"id", "e.id"},
                                        {"name", "e.name"},
                                        {"project_id", "e.project_id"},
                                        {"created_at", "e.created_at"},
                                        {"updated_at", "e.updated_at"}};

const api::ListSpec kList{"environments.list",
                          MW_ENVIRONMENT_COLUMNS,
                          "SELECT count(*) AS total" MW_ENVIRONMENT_FROM,
                          kFilters,
                          kOrders,
                          "id",
                          "e.project_id",
                          "e.state",
                          api::DefaultState::active};

const pg::Query kFind{"environments.find", MW_ENVIRONMENT_COLUMNS " AND e.id = $2"};

const pg::Query kInsert{"environments.insert", R"(
INSERT INTO environments (account_id, project_id, name, type, deployment_type, dbt_version,
                          connection_id, credentials_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id)"};

}  // namespace

const api::ListSpec& environment_list() {
    return kList;
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
