// A person as clients see them: with their membership of the account and its groups.
#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "features/groups/group.hpp"
#include "features/users/user.hpp"

namespace mw::users {

boost::json::object user_json(const User& user, Id account_id,
                              const std::vector<groups::Group>& groups);
// Licence and groups, which the API calls `permissions`.
boost::json::object membership_json(const User& user, Id account_id,
                                    const std::vector<groups::Group>& groups);

}  // namespace mw::users
