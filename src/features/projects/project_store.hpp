// Projects in the database.
#pragma once

#include <optional>
#include <vector>

#include "features/projects/project.hpp"
#include "infra/pg/pool.hpp"

namespace mw::projects {

namespace asio = boost::asio;

// Active or deleted: the caller looks at `state`.
asio::awaitable<result<std::optional<Project>>> find_project(pg::Pool& pool, Id account_id, Id id);
asio::awaitable<result<std::optional<Project>>> find_project(pg::Connection& connection,
                                                             Id account_id, Id id);
asio::awaitable<result<Id>> insert_project(pg::Connection& connection, Id account_id,
                                           std::string name, std::optional<Id> connection_id);
asio::awaitable<result<>> set_repository(pg::Connection& connection, Id project_id,
                                         Id repository_id);

// What a removed project takes with it: its environments, and its jobs, whose ids are given.
asio::awaitable<result<std::vector<Id>>> end_project(pg::Connection& tx, Id account_id, Id id);

}  // namespace mw::projects
