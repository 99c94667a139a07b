#include "features/projects/project_store.hpp"

namespace mw::projects {
namespace {

#define MW_PROJECT_COLUMNS                                                                 \
    "SELECT p.id, p.account_id, p.name, p.description, p.connection_id, p.repository_id, " \
    "p.dbt_project_subdirectory, p.docs_job_id, p.freshness_job_id, p.type, p.state, "     \
    "p.created_at, p.updated_at FROM projects p WHERE p.account_id = $1"

const pg::Query kFind{"projects.find", MW_PROJECT_COLUMNS " AND p.id = $2"};

const pg::Query kInsert{"projects.insert", R"(
INSERT INTO projects (account_id, name, connection_id) VALUES ($1, $2, $3) RETURNING id)"};

const pg::Query kSetRepository{
    "projects.set_repository",
    "UPDATE projects SET repository_id = $2, updated_at = now() WHERE id = $1"};

const pg::Query kEndJobs{"projects.end_jobs", R"(
UPDATE jobs SET state = 2, next_run_at = NULL, updated_at = now()
WHERE account_id = $1 AND project_id = $2 AND state = 1 RETURNING id)"};

const pg::Query kEndEnvironments{"projects.end_environments", R"(
UPDATE environments SET state = 2, updated_at = now()
WHERE account_id = $1 AND project_id = $2 AND state = 1)"};

}  // namespace

asio::awaitable<result<std::vector<Id>>> end_project(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_TRY(auto jobs, co_await tx.run(kEndJobs, account_id, id));
    MW_CO_CHECK(co_await tx.run(kEndEnvironments, account_id, id));
    co_return jobs.column<Id>("id");
}

asio::awaitable<result<std::optional<Project>>> find_project(pg::Pool& pool, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Project>();
}

asio::awaitable<result<std::optional<Project>>> find_project(pg::Connection& connection,
                                                             Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Project>();
}

asio::awaitable<result<Id>> insert_project(pg::Connection& connection, Id account_id,
                                           std::string name, std::optional<Id> connection_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, account_id, name, connection_id));
    co_return rows.get<Id>(0, "id");
}

asio::awaitable<result<>> set_repository(pg::Connection& connection, Id project_id,
                                         Id repository_id) {
    MW_CO_CHECK(co_await connection.run(kSetRepository, project_id, repository_id));
    co_return result<>{};
}

}  // namespace mw::projects
