#include "graphql/schema/meta_fields.hpp"

#include <array>

namespace mw::graphql {

const FieldType* find_field(const Schema& schema, const NamedType& parent, std::string_view name) {
    static const FieldType type_name{"__typename", type_of("String!")};
    if (name == type_name.name) return &type_name;
    if (name.starts_with("__") && parent.name == schema.query().name)
        if (const auto* own = schema.find("__Introspection")) return own->find_field(name);
    return parent.find_field(name);
}

const DirectiveType* find_directive(std::string_view name) {
    static const std::array directives{
        DirectiveType{"skip", {{"if", type_of("Boolean!")}}},
        DirectiveType{"include", {{"if", type_of("Boolean!")}}},
    };
    for (const auto& directive : directives)
        if (directive.name == name) return &directive;
    return nullptr;
}

}  // namespace mw::graphql
