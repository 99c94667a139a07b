// SSH tunnels in the database, beside what the resource's own SQL does.
#pragma once

#include <optional>

#include "features/connections/encryption.hpp"

namespace mw::connections {

boost::asio::awaitable<result<>> set_tunnel_key(pg::Connection& tx, const Encryption& tunnel);

// The one that was set up last for the connection.
boost::asio::awaitable<result<std::optional<Encryption>>> find_tunnel(pg::Pool& pool, Id account_id,
                                                                      Id connection_id);

}  // namespace mw::connections
