#include "features/service_tokens/token.hpp"

#include <algorithm>

#include "base/described_json.hpp"

namespace mw::service_tokens {
namespace {

// The contract's numbers for what a token is of (Type34eEnum).
constexpr int kOfService = 1;
constexpr int kOfUser = 3;

}  // namespace

boost::json::object token_json(const Token& token) {
    auto json = described_to_json(token);
    for (auto inner : {"kind", "token_hash", "last_used_at"})
        json.erase(inner);
    json["last_used"] = member_to_json(token.last_used_at);
    json["last_identify"] = nullptr;
    json["type"] = token.kind == "user" ? kOfUser : kOfService;
    json["token"] = nullptr;
    // Shown by the call that makes it, and never again.
    json["token_string"] = nullptr;
    json["user"] = nullptr;
    json["permission_grants"] = boost::json::array{};
    json["service_token_permissions"] = boost::json::array{};
    json["semantic_layer_credentials"] = boost::json::array{};
    json["metadata_only"] = false;
    json["webhooks_only"] = false;
    return json;
}

boost::json::object token_permission_json(const TokenPermission& permission) {
    auto json = described_to_json(permission);
    json["all_projects"] = !permission.project_id;
    return json;
}

void add_permissions(boost::json::object& token, const std::vector<TokenPermission>& permissions) {
    auto& grants = token["permission_grants"].as_array();
    auto& rows = token["service_token_permissions"].as_array();
    for (const auto& permission : permissions) {
        rows.push_back(token_permission_json(permission));
        grants.push_back(
            boost::json::object{{"permission_set", permission.permission_set},
                                {"project_id", member_to_json(permission.project_id)},
                                {"writable_environment_categories",
                                 member_to_json(permission.writable_environment_categories)}});
    }
    auto only = [&](std::string_view set) {
        return !permissions.empty() && std::ranges::all_of(permissions, [&](const auto& each) {
            return each.permission_set == set;
        });
    };
    token["metadata_only"] = only("metadata_only");
    token["webhooks_only"] = only("webhooks_only");
}

}  // namespace mw::service_tokens
