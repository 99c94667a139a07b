#include "features/connections/connection.hpp"

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
            {"state", connection.state},
            {"created_at", format_iso(connection.created_at)},
            {"updated_at", format_iso(connection.updated_at)}};
}

}  // namespace mw::connections
