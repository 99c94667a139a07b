// A rule that lets addresses in or keeps them out, as stored.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::ip_restrictions {

struct IpRule {
    Id id = 0;
    Id account_id = 0;
    std::string name;
    int type = 1;  // 1 allow, 2 deny
    std::optional<std::string> description;
    std::vector<std::string> cidrs;
    std::optional<Id> created_by_id;
    std::optional<Id> created_by_service_token_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(IpRule, (),
                      (id, account_id, name, type, description, cidrs, created_by_id,
                       created_by_service_token_id, state, created_at, updated_at))

}  // namespace mw::ip_restrictions
