#include <fmt/format.h>

#include "dbt/adapters/adapter.hpp"
#include "features/connections/connection_api.hpp"

namespace mw::connections {
namespace {

std::string_view type_of(const dbt::AdapterField& field) {
    switch (field.type) {
        case dbt::FieldType::integer:
        case dbt::FieldType::number:
            return "number";
        case dbt::FieldType::boolean:
            return "boolean";
        case dbt::FieldType::list:
        case dbt::FieldType::object:
            return "json";
        case dbt::FieldType::text:
            return "text";
    }
    return "text";
}

// The fields of one part, as forms are made of them.
boost::json::object schema_of(const dbt::Adapter& adapter, dbt::Part part) {
    boost::json::array order;
    boost::json::object fields;
    for (const auto& field : adapter.fields) {
        // A secret is the credentials' unless the table says otherwise.
        auto place = field.part != dbt::Part::both ? field.part
                     : field.secret                ? dbt::Part::credentials
                                                   : dbt::Part::connection;
        if (place != part) continue;
        auto name = field.label();
        order.emplace_back(name);
        fields[name] = {{"metadata",
                         {{"label", name},
                          {"field_type", type_of(field)},
                          {"encrypt", field.secret},
                          {"overrideable", false},
                          {"validation", {{"required", field.required}}}}}};
    }
    return {{"field_order", std::move(order)},
            {"field_groups", boost::json::array{}},
            {"fields", std::move(fields)}};
}

api::Reply show(api::Call& call) {
    auto name = call.request.query_value("adapter_version").value_or("");
    if (name.empty()) co_return fail_field("adapter_version", "is required");
    MW_CO_TRY(const auto* adapter, dbt::find_adapter(name, "adapter_version"));
    boost::json::object schema{{"metadata",
                                {{"title", adapter->name},
                                 {"docs_link", ""},
                                 {"image_link", ""},
                                 {"private_link", nullptr}}},
                               {"connection", schema_of(*adapter, dbt::Part::connection)},
                               {"credential", schema_of(*adapter, dbt::Part::credentials)}};
    for (auto none : {"platform_metadata_credentials", "analytics_credentials",
                      "semantic_layer_credentials", "cost_insights_config"})
        schema[none] = nullptr;
    co_return api::success({{"adapter", std::move(schema)}});
}

}  // namespace

void add_adapter_schema_endpoint(api::Api& api) {
    api.get("/api/v3/adapter-schema/", api::signed_in(), show)
        .says("The fields of an adapter's connections and credentials")
        .gives(api::Route::Answer::one, {{"type", "object"}})
        .asks({"adapter_version"});
}

}  // namespace mw::connections
