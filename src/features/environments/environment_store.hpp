// Environments in the database.
#pragma once

#include <optional>

#include "api/list_query.hpp"
#include "features/environments/environment.hpp"
#include "infra/pg/pool.hpp"

namespace mw::environments {

namespace asio = boost::asio;

const api::ListSpec& environment_list();
// Active or deleted: the caller looks at `state`.
asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Pool& pool, Id account_id,
                                                                     Id id);
asio::awaitable<result<std::optional<Environment>>> find_environment(pg::Connection& connection,
                                                                     Id account_id, Id id);
asio::awaitable<result<Id>> insert_environment(pg::Connection& connection,
                                               NewEnvironment environment);

}  // namespace mw::environments
