// Nobody gives, or takes, more than they have: whoever may write groups decides about them all,
// everyone else about groups that give no more than they may do themselves.
#pragma once

#include <vector>

#include "api/caller.hpp"
#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::groups {

// Whether the caller may put others into these groups, or take them out. Errors: forbidden, with
// the group's name.
boost::asio::awaitable<result<>> check_may_give(pg::Connection& connection,
                                                const api::Caller& caller,
                                                std::vector<Id> group_ids);

}  // namespace mw::groups
