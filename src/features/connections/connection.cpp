#include "features/connections/connection.hpp"

namespace mw::connections {

boost::json::object connection_json(const Connection& connection) {
    return {{"id", connection.id},
            {"account_id", connection.account_id},
            {"project_id", nullptr},
            {"name", connection.name},
            {"type", connection.adapter()},
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
