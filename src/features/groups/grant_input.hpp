// Permission sets as clients give them to groups and service tokens. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/json_reader.hpp"

namespace mw::groups {

struct GrantInput {
    std::string permission_set;
    std::optional<Id> project_id;  // empty: all projects
    std::vector<std::string> writable_environment_categories;
};

// {"permission_set", "project_id" or "all_projects", "writable_environment_categories"}
void read_grant(JsonReader& in, GrantInput& grant);

// A list of these; `field` names it in errors ("permission_grants"), empty for a whole body.
result<std::vector<GrantInput>> read_grants(const boost::json::value& list, std::string_view field);

}  // namespace mw::groups
