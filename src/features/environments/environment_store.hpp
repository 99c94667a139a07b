// Environments in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/environments/environment.hpp"
#include "infra/pg/pool.hpp"

namespace mw::environments {

namespace asio = boost::asio;

// With the connection, the credentials and the extended attributes that count: those of its
// profile, if it has one. Active or deleted: the caller looks at `state`.
asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Pool& pool, Id account_id,
                                                                     Id id);
asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Connection& connection,
                                                                     Id account_id, Id id);
asio::awaitable<result<Id>> insert_environment(pg::Connection& connection,
                                               NewEnvironment environment);

// The name of another one that is the project's only one of its kind: production, staging,
// development.
asio::awaitable<result<std::optional<std::string>>> find_of_same_kind(
    pg::Connection& connection, Id project_id, Id id, std::string type,
    std::optional<std::string> deployment_type);
// Names of the jobs that run in it.
asio::awaitable<result<std::vector<std::string>>> jobs_in(pg::Connection& connection, Id account_id,
                                                          Id id);

}  // namespace mw::environments
