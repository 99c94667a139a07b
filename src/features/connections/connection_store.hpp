// Connections in the database.
#pragma once

#include <optional>

#include "features/connections/connection.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/pg/pool.hpp"

namespace mw::connections {

boost::asio::awaitable<result<std::optional<Connection>>> find_connection(pg::Pool& pool,
                                                                          Id account_id, Id id);
boost::asio::awaitable<result<Id>> insert_connection(pg::Connection& connection,
                                                     const crypto::Sealer& sealer,
                                                     NewConnection values);
// Under what name the secret fields of a connection are sealed.
std::string sealing_context(Id id);

}  // namespace mw::connections
