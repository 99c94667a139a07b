// An invitation, as stored and as clients see it.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::invites {

struct Invite {
    Id id = 0;
    Id account_id = 0;
    std::string email_address;
    std::string license_type;
    std::vector<Id> group_ids;
    int status = 1;  // 1 sent, 2 accepted, 3 withdrawn
    std::optional<Timestamp> redeemed_at;
    Timestamp expires_at;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Invite, (),
                      (id, account_id, email_address, license_type, group_ids, status, redeemed_at,
                       expires_at, created_at))

boost::json::object invite_json(const Invite& invite);

}  // namespace mw::invites
