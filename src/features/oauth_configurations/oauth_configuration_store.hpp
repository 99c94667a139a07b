// What the resource's own SQL does not do.
#pragma once

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::oauth_configurations {

boost::asio::awaitable<result<>> set_client_secret(pg::Connection& tx, Id id, pg::Bytes sealed);

}  // namespace mw::oauth_configurations
