// Extended attributes and profiles, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::profiles {

struct ExtendedAttributes {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    boost::json::object extended_attributes;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(ExtendedAttributes, (),
                      (id, account_id, project_id, extended_attributes, state, created_at,
                       updated_at))

struct Profile {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    std::string key;
    Id connection_id = 0;
    Id credentials_id = 0;
    std::optional<Id> extended_attributes_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Profile, (),
                      (id, account_id, project_id, key, connection_id, credentials_id,
                       extended_attributes_id, state, created_at, updated_at))

}  // namespace mw::profiles
