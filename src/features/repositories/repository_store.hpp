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
boost::asio::awaitable<result<Id>> insert_repository(pg::Connection& connection, Id account_id,
                                                     Id project_id, std::string remote_url,
                                                     std::string git_clone_strategy);

}  // namespace mw::repositories
