#include "features/credentials/credentials.hpp"

#include "dbt/adapters/adapter.hpp"

namespace mw::credentials {
namespace {

// What each of the old types calls the schema.
std::string_view schema_field(std::string_view type) {
    return type == "postgres" || type == "redshift" ? "default_schema" : "schema";
}

boost::json::object details_of(const Credentials& credentials) {
    boost::json::object fields;
    auto add = [&](std::string_view name, const boost::json::value& value) {
        fields[name] = {{"metadata",
                         {{"label", name},
                          {"field_type", "text"},
                          {"encrypt", false},
                          {"validation", {{"required", false}}}}},
                        {"value", value}};
    };
    for (const auto& [name, value] : credentials.fields)
        add(name, value);
    add("schema", boost::json::value(credentials.schema));
    return {{"fields", std::move(fields)}, {"field_order", boost::json::array{}}};
}

}  // namespace

boost::json::object credentials_json(const Credentials& credentials) {
    boost::json::object json{{"id", credentials.id},
                             {"account_id", credentials.account_id},
                             {"project_id", credentials.project_id},
                             {"type", credentials.type},
                             {"state", credentials.state},
                             {"threads", credentials.threads},
                             {"target_name", credentials.target_name},
                             {"adapter_version", nullptr},
                             {"created_at", format_iso(credentials.created_at)},
                             {"updated_at", format_iso(credentials.updated_at)}};
    if (!credentials.adapter_version.empty()) json["adapter_version"] = credentials.adapter_version;
    if (credentials.type != "adapter") {
        for (const auto& [name, value] : credentials.fields)
            json[name] = value;
        json[schema_field(credentials.type)] = credentials.schema;
        return json;
    }
    json["adapter_id"] = nullptr;
    json["credential_details"] = details_of(credentials);
    auto plain = credentials.fields;
    plain["schema"] = credentials.schema;
    plain["target_name"] = credentials.target_name;
    plain["threads"] = credentials.threads;
    json["unencrypted_credential_details"] = std::move(plain);
    return json;
}

}  // namespace mw::credentials
