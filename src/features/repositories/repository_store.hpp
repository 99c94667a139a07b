// Repositories in the database.
#pragma once

#include <optional>

#include "features/repositories/repository.hpp"
#include "infra/pg/pool.hpp"

namespace mw::repositories {

boost::asio::awaitable<result<std::optional<Repository>>> find_repository(pg::Pool& pool,
                                                                          Id account_id, Id id);
boost::asio::awaitable<result<std::optional<Repository>>> find_repository(
    pg::Connection& connection, Id account_id, Id id);
// Those of `ids` that are there, whoever's they are.
boost::asio::awaitable<result<std::vector<Id>>> find_existing(pg::Pool& pool, std::vector<Id> ids);
boost::asio::awaitable<result<Id>> insert_repository(pg::Connection& connection, Id account_id,
                                                     Id project_id, std::string remote_url,
                                                     std::string git_clone_strategy);
// One that is kept here.
boost::asio::awaitable<result<Id>> insert_managed(pg::Connection& connection, Id account_id,
                                                  Id project_id, std::string name);

// Under what name the private key is sealed.
std::string sealing_context(Id id);
boost::asio::awaitable<result<>> set_deploy_key(pg::Connection& tx, Id id, std::string public_key,
                                                pg::Bytes sealed);

}  // namespace mw::repositories
