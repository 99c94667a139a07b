// Somebody who may do more is not one's to demote, to take out, or to let in anew.
#pragma once

#include "api/caller.hpp"
#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::users {

// Errors: forbidden, for a member who may do more than the caller; not_found, for no member.
boost::asio::awaitable<result<>> check_may_change(pg::Connection& connection,
                                                  const api::Caller& caller, Id user_id);

// The same for what lets its holder in as that person, into every account that they are in: only
// of people who are in the caller's alone.
boost::asio::awaitable<result<>> check_may_let_in(pg::Connection& connection,
                                                  const api::Caller& caller, Id user_id);

}  // namespace mw::users
