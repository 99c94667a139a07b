#include "features/users/user_json.hpp"

#include "base/described_json.hpp"

namespace mw::users {

boost::json::object membership_json(const User& user, Id account_id,
                                    const std::vector<groups::Group>& groups) {
    boost::json::array in_groups;
    for (const auto& group : groups)
        in_groups.push_back(groups::group_json(group));
    return {{"id", user.membership_id},
            {"account_id", account_id},
            {"user_id", user.id},
            {"license_type", user.license_type},
            {"state", 1},
            {"permission_statements", boost::json::array{}},
            {"groups", std::move(in_groups)},
            {"scim_managed", false},
            {"created_at", format_iso(user.member_since)},
            {"updated_at", format_iso(user.membership_updated_at)}};
}

boost::json::object user_json(const User& user, Id account_id,
                              const std::vector<groups::Group>& groups) {
    auto json = described_to_json(user);
    for (auto hidden : {"membership_id", "license_type", "member_since", "membership_updated_at"})
        json.erase(hidden);
    json["fullname"] = user.first_name + " " + user.last_name;
    for (auto provider : {"azure_active_directory", "github", "gitlab"}) {
        json[std::string(provider) + "_connected"] = false;
        json[std::string(provider) + "_username"] = nullptr;
        json[std::string(provider) + "_token_retrieval_failure"] = false;
    }
    json["email_connected"] = true;
    json["email_verified"] = true;
    json["enterprise_connected"] = false;
    json["enterprise_authentication_method"] = nullptr;
    json["sso_only_user"] = false;
    json["scim_managed"] = false;
    json["auth_provider_infos"] = boost::json::object{};
    json["license"] = {{"id", user.membership_id}, {"license_type", user.license_type}};
    auto membership = membership_json(user, account_id, groups);
    json["licenses"] = {{std::to_string(account_id), membership}};
    json["permissions"] = boost::json::array{std::move(membership)};
    return json;
}

}  // namespace mw::users
