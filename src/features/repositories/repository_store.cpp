#include "features/repositories/repository_store.hpp"

namespace mw::repositories {
namespace {

const pg::Query kFind{"repositories.find", R"(
SELECT id, account_id, project_id, remote_url, git_clone_strategy, deploy_public_key,
       sealed_deploy_key, pull_request_url_template, github_installation_id, gitlab_project_id,
       private_link_endpoint_id, managed_name, state, created_at, updated_at
FROM repositories WHERE account_id = $1 AND id = $2 AND state = 1)"};

const pg::Query kExisting{"repositories.existing", R"(
SELECT id FROM repositories WHERE id = ANY($1::bigint[]) AND state = 1)"};

const pg::Query kInsert{"repositories.insert", R"(
INSERT INTO repositories (account_id, project_id, remote_url, git_clone_strategy)
VALUES ($1, $2, $3, $4) RETURNING id)"};

const pg::Query kInsertManaged{"repositories.insert_managed", R"(
INSERT INTO repositories (account_id, project_id, remote_url, git_clone_strategy, managed_name)
VALUES ($1, $2, '', 'git_token', $3) RETURNING id)"};

const pg::Query kSetKey{"repositories.set_deploy_key", R"(
UPDATE repositories SET deploy_public_key = $2, sealed_deploy_key = $3::bytea WHERE id = $1)"};

}  // namespace

std::string sealing_context(Id id) {
    return "repositories:" + std::to_string(id);
}

boost::asio::awaitable<result<>> set_deploy_key(pg::Connection& tx, Id id, std::string public_key,
                                                pg::Bytes sealed) {
    MW_CO_CHECK(co_await tx.run(kSetKey, id, public_key, sealed));
    co_return result<>{};
}

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

boost::asio::awaitable<result<std::vector<Id>>> find_existing(pg::Pool& pool, std::vector<Id> ids) {
    MW_CO_TRY(auto rows, co_await pool.run(kExisting, ids));
    co_return rows.column<Id>("id");
}

boost::asio::awaitable<result<Id>> insert_repository(pg::Connection& connection, Id account_id,
                                                     Id project_id, std::string remote_url,
                                                     std::string git_clone_strategy) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, account_id, project_id, remote_url,
                                                 git_clone_strategy));
    co_return rows.get<Id>(0, "id");
}

boost::asio::awaitable<result<Id>> insert_managed(pg::Connection& connection, Id account_id,
                                                  Id project_id, std::string name) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsertManaged, account_id, project_id, name));
    co_return rows.get<Id>(0, "id");
}

}  // namespace mw::repositories
