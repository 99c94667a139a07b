// A group, and what it gives, as stored.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::groups {

struct Group {
    Id id = 0;
    Id account_id = 0;
    std::string name;
    bool assign_by_default = false;
    std::vector<std::string> sso_mapping_groups;
    bool scim_managed = false;
    std::optional<std::string> external_id;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Group, (),
                      (id, account_id, name, assign_by_default, sso_mapping_groups, scim_managed,
                       external_id, state, created_at, updated_at))

struct GroupPermission {
    Id id = 0;
    Id account_id = 0;
    Id group_id = 0;
    std::optional<Id> project_id;  // empty: all projects
    std::string permission_set;
    std::vector<std::string> writable_environment_categories;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(GroupPermission, (),
                      (id, account_id, group_id, project_id, permission_set,
                       writable_environment_categories, state, created_at, updated_at))

boost::json::object group_json(const Group& group);
boost::json::object group_permission_json(const GroupPermission& permission);

}  // namespace mw::groups
