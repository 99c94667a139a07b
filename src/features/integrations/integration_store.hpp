// The secrets of integrations in the database.
#pragma once

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::integrations {

boost::asio::awaitable<result<>> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed);

}  // namespace mw::integrations
