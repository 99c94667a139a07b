#include "features/repositories/repository_store.hpp"

namespace mw::repositories {
namespace {

const pg::Query kFind{"repositories.find", R"(
SELECT id, account_id, project_id, remote_url, git_clone_strategy, state, created_at, updated_at
FROM repositories WHERE account_id = $1 AND id = $2 AND state = 1)"};

const pg::Query kInsert{"repositories.insert", R"(
INSERT INTO repositories (account_id, project_id, remote_url, git_clone_strategy)
VALUES ($1, $2, $3, $4) RETURNING id)"};

}  // namespace

boost::asio::awaitable<result<std::optional<Repository>>> find_repository(pg::Pool& pool,
                                                                          Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, id));
    co_return rows.first<Repository>();
}

boost::asio::awaitable<result<std::optional<Repository>>> find_repository(
    pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Repository>();
}

boost::asio::awaitable<result<Id>> insert_repository(pg::Connection& connection, Id account_id,
                                                     Id project_id, std::string remote_url,
                                                     std::string git_clone_strategy) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, account_id, project_id, remote_url,
                                                 git_clone_strategy));
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::repositories
