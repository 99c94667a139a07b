#include "features/groups/group.hpp"

#include "base/described_json.hpp"

namespace mw::groups {

boost::json::object group_json(const Group& group) {
    auto json = described_to_json(group);
    json.erase("external_id");
    json["group_permissions"] = boost::json::array{};
    json["member_count"] = 0;
    return json;
}

boost::json::object group_permission_json(const GroupPermission& permission) {
    auto json = described_to_json(permission);
    json["all_projects"] = !permission.project_id;
    json["permission_level"] = nullptr;
    return json;
}

}  // namespace mw::groups
