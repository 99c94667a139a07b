#include "api/example_schema.hpp"

#include <boost/json/array.hpp>

namespace mw::api {

boost::json::object schema_like(const boost::json::value& example) {
    switch (example.kind()) {
        case boost::json::kind::null:
            return {};
        case boost::json::kind::bool_:
            return {{"type", "boolean"}};
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
            return {{"type", "integer"}};
        case boost::json::kind::double_:
            return {{"type", "number"}};
        case boost::json::kind::string:
            return {{"type", "string"}};
        case boost::json::kind::array: {
            const auto& items = example.get_array();
            return {{"type", "array"},
                    {"items", items.empty() ? boost::json::object{} : schema_like(items[0])}};
        }
        case boost::json::kind::object:
            break;
    }
    boost::json::object properties;
    for (const auto& [name, value] : example.get_object())
        properties[name] = schema_like(value);
    boost::json::object schema{{"type", "object"}};
    if (!properties.empty()) schema["properties"] = std::move(properties);
    return schema;
}

}  // namespace mw::api
