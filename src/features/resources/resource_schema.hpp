// JSON Schema of what a resource answers and takes, for the OpenAPI document.
#pragma once

#include "base/described_schema.hpp"
#include "features/resources/resource.hpp"

namespace mw::resources {

template <class T>
boost::json::object json_of(const Resource<T>& resource, const T& row) {
    return resource.json ? resource.json(row) : described_to_json(row);
}

// T's types where the name is T's; what a hook adds may be anything.
template <class T>
boost::json::object answer_schema(const Resource<T>& resource) {
    auto described = described_schema<T>();
    const auto& members = described.at("properties").as_object();
    boost::json::object properties;
    for (const auto& [name, value] : json_of(resource, T{}))
        properties[name] =
            members.contains(name) ? members.at(name) : boost::json::value(boost::json::object{});
    for (const auto& [name, value] : resource.schema)
        properties[name] = value;
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

template <class T>
boost::json::object body_schema(const Resource<T>& resource, bool is_new) {
    boost::json::object properties{{"state", {{"type", "integer"}, {"enum", {1, 2}}}}};
    boost::json::array required;
    for (const auto& field : resource.fields) {
        properties[field.name] = field.schema;
        if (field.rules.required && is_new) required.emplace_back(field.name);
    }
    boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

}  // namespace mw::resources
