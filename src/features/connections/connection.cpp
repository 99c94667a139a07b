#include "features/connections/connection.hpp"

#include "base/described_json.hpp"

namespace mw::connections {
namespace {

// Four adapters have a type of their own in the contract; every other one is "adapter".
std::string type_of(const Connection& connection) {
    auto adapter = connection.adapter();
    for (auto native : {"postgres", "redshift", "snowflake", "bigquery"})
        if (adapter == native) return adapter;
    return "adapter";
}

}  // namespace

boost::json::object connection_detail_json(const Connection& connection) {
    auto json = described_to_json(connection);
    json.erase("sealed_config");
    json["oauth_redirect_uri"] = nullptr;
    json["is_configured_for_native_oauth"] = false;
    json["platform_metadata_credentials_id"] = nullptr;
    json["analytics_credentials_id"] = nullptr;
    json["environment__count"] = 0;
    return json;
}

boost::json::object connection_json(const Connection& connection) {
    return {{"id", connection.id},
            {"account_id", connection.account_id},
            {"project_id", nullptr},
            {"name", connection.name},
            {"type", type_of(connection)},
            {"adapter_version", connection.adapter_version},
            {"details", connection.config},
            {"config", connection.config},
            {"created_by_id", nullptr},
            {"created_by_service_token_id", nullptr},
            {"private_link_endpoint_id", member_to_json(connection.private_link_endpoint_id)},
            {"oauth_configuration_id", member_to_json(connection.oauth_configuration_id)},
            {"oauth_redirect_uri", nullptr},
            {"state", connection.state},
            {"created_at", format_iso(connection.created_at)},
            {"updated_at", format_iso(connection.updated_at)}};
}

}  // namespace mw::connections
