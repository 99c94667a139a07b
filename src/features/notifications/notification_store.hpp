// What the resource's own SQL does not do.
#pragma once

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::notifications {

// Ends every e-mail to this user as such, in all accounts; how many there were.
boost::asio::awaitable<result<int>> unsubscribe(pg::Pool& pool, Id user_id);

// One of the account's, held until the transaction ends.
boost::asio::awaitable<result<bool>> is_teams_channel(pg::Connection& tx, Id account_id, Id id);

}  // namespace mw::notifications
