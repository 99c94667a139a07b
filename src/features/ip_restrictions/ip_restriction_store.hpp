// Whether an account's rules count, and whom they let in.
#pragma once

#include <string>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::ip_restrictions {

boost::asio::awaitable<result<bool>> are_enabled(pg::Connection& connection, Id account_id);
boost::asio::awaitable<result<>> set_enabled(pg::Connection& tx, Id account_id, bool enabled);

// Whether the rules would let this address in, if they counted. `without`: as if that rule were
// not there.
boost::asio::awaitable<result<bool>> would_admit(pg::Connection& connection, Id account_id,
                                                 std::string address, Id without = 0);

}  // namespace mw::ip_restrictions
