// Connections in the database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/connections/connection.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connections {

boost::asio::awaitable<result<std::optional<Connection>>> find_connection(pg::Pool& pool,
                                                                          Id account_id, Id id);
boost::asio::awaitable<result<std::optional<Connection>>> find_connection(
    pg::Connection& connection, Id account_id, Id id);
boost::asio::awaitable<result<Id>> insert_connection(pg::Connection& connection,
                                                     const crypto::Sealer& sealer,
                                                     NewConnection values);
// Instead of the sealed secret fields that it has.
boost::asio::awaitable<result<>> set_sealed(pg::Connection& connection, Id id, pg::Bytes sealed);
// Names of environments and profiles that use it.
boost::asio::awaitable<result<std::vector<std::string>>> find_uses(pg::Connection& connection,
                                                                   Id account_id, Id id);
// What catalog_config.hpp keeps for one; empty: nothing was said.
boost::asio::awaitable<result<boost::json::object>> catalog_filters(pg::Connection& connection,
                                                                    Id id);
boost::asio::awaitable<result<>> set_catalog_filters(pg::Connection& tx, Id id,
                                                     boost::json::object filters);
// Those that the project or an environment of it uses.
boost::asio::awaitable<result<std::vector<Connection>>> connections_of_project(
    pg::Connection& connection, Id account_id, Id project_id);
// A project without a connection gets this one.
boost::asio::awaitable<result<>> adopt(pg::Connection& tx, Id account_id, Id project_id, Id id);

// Under what name the secret fields of a connection are sealed.
std::string sealing_context(Id id);

}  // namespace mw::connections
