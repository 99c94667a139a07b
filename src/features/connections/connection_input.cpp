#include "features/connections/connection_input.hpp"

#include "dbt/adapters/adapter.hpp"

namespace mw::connections {

result<boost::json::object> read_config(const RequestBody& body, std::string_view field,
                                        bool is_new, Connection& connection) {
    JsonReader in(body);
    std::string adapter = connection.adapter_version;
    std::string type;
    in.keep("type", type);
    in.keep("adapter_version", adapter);
    boost::json::object given;
    in.keep(field, given);
    MW_CHECK(in.finish());
    if (is_new) {
        if (adapter.empty() && !type.empty() && type != "adapter") adapter = type;
        if (adapter.empty()) return fail_field("adapter_version", "is required");
        MW_CHECK(dbt::find_adapter(adapter, "adapter_version"));
        connection.adapter_version = dbt::with_version(adapter);
    } else if (dbt::with_version(adapter) != connection.adapter_version) {
        return fail_field("adapter_version", "can't be changed; make a new connection");
    }
    boost::json::object secrets;
    for (auto& [name, value] : given) {
        if (value.is_null())
            connection.config.erase(name);
        else if (dbt::is_secret_field(connection.adapter(), name))
            secrets[name] = std::move(value);
        else
            connection.config[name] = std::move(value);
    }
    return secrets;
}

}  // namespace mw::connections
