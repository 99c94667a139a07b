#include "graphql/execution/introspection.hpp"

#include <boost/json/serialize.hpp>

namespace mw::graphql {
namespace {

namespace asio = boost::asio;

// A type is handed on as it is written, {"ref": "[Model!]!"}: so it may lead to itself.
json::value type_json(const TypeReference& type) {
    return json::object{{"ref", to_text(type)}};
}

json::value named(std::string_view name) {
    return json::object{{"ref", name}};
}

TypeReference reference_of(const json::value& parent) {
    return type_of(parent.at("ref").as_string());
}

std::string_view kind_of(const TypeReference& type, const NamedType* named) {
    if (type.non_null) return "NON_NULL";
    if (type.of) return "LIST";
    switch (named->kind) {
        case TypeKind::scalar:
            return "SCALAR";
        case TypeKind::object:
            return "OBJECT";
        case TypeKind::interface:
            return "INTERFACE";
        case TypeKind::unified:
            return "UNION";
        case TypeKind::enumeration:
            return "ENUM";
        case TypeKind::input:
            return "INPUT_OBJECT";
    }
    return {};
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array inputs_json(const std::vector<InputType>& inputs) {
    json::array list;
    for (const auto& input : inputs)
        list.push_back(json::object{
            {"name", input.name},
            {"description", text_or_null(input.description)},
            {"type", type_json(input.type)},
            {"defaultValue", input.otherwise ? json::value(json::serialize(*input.otherwise))
                                             : json::value(nullptr)},
            {"isDeprecated", false},
            {"deprecationReason", nullptr}});
    return list;
}

json::value fields_json(const NamedType& type, bool with_deprecated) {
    if (type.kind != TypeKind::object && type.kind != TypeKind::interface) return nullptr;
    json::array list;
    for (const auto& field : type.fields) {
        if (!field.deprecated.empty() && !with_deprecated) continue;
        list.push_back(json::object{{"name", field.name},
                                    {"description", text_or_null(field.description)},
                                    {"args", inputs_json(field.arguments)},
                                    {"type", type_json(field.type)},
                                    {"isDeprecated", !field.deprecated.empty()},
                                    {"deprecationReason", text_or_null(field.deprecated)}});
    }
    return list;
}

json::value names_json(const std::vector<std::string>& names) {
    json::array list;
    for (const auto& name : names)
        list.push_back(named(name));
    return list;
}

json::value values_json(const NamedType& type) {
    if (type.kind != TypeKind::enumeration) return nullptr;
    json::array list;
    for (const auto& name : type.names)
        list.push_back(json::object{{"name", name},
                                    {"description", nullptr},
                                    {"isDeprecated", false},
                                    {"deprecationReason", nullptr}});
    return list;
}

bool flag(const json::object& arguments, std::string_view name) {
    const auto* value = arguments.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

// `answer(reference, named type or nullptr for a wrapper, arguments)`.
template <class Answer>
Resolver of_type(const Schema& schema, Answer answer) {
    return [&schema, answer](const Asked& asked) -> asio::awaitable<result<json::value>> {
        auto type = reference_of(asked.parent);
        const auto* known = type.of || type.non_null ? nullptr : schema.find(type.name);
        co_return answer(type, known, asked.arguments);
    };
}

// The same for what only a named type has.
template <class Answer>
Resolver of_named(const Schema& schema, Answer answer) {
    return of_type(schema,
                   [answer](const TypeReference&, const NamedType* type,
                            const json::object& arguments) -> json::value {
                       return type ? answer(*type, arguments) : json::value(nullptr);
                   });
}

void add_type(Schema& schema) {
    using Arguments = json::object;
    auto& type = schema.object("__Type");
    type.field("kind", "__TypeKind!")
        .resolve(of_type(schema,
                         [](const TypeReference& reference, const NamedType* known,
                            const Arguments&) -> json::value {
                             return json::value(kind_of(reference, known));
                         }));
    type.field("ofType", "__Type")
        .resolve(of_type(
            schema, [](TypeReference reference, const NamedType*, const Arguments&) -> json::value {
                if (reference.non_null) {
                    reference.non_null = false;
                    return type_json(reference);
                }
                return reference.of ? type_json(*reference.of) : json::value(nullptr);
            }));
    type.field("name", "String")
        .resolve(of_named(schema, [](const NamedType& known, const Arguments&) -> json::value {
            return json::value(known.name);
        }));
    type.field("description", "String")
        .resolve(of_named(schema, [](const NamedType& known, const Arguments&) {
            return text_or_null(known.description);
        }));
    type.field("specifiedByURL", "String")
        .resolve(of_named(
            schema, [](const NamedType&, const Arguments&) -> json::value { return nullptr; }));
    type.field("fields", "[__Field!]")
        .argument("includeDeprecated", "Boolean", false)
        .resolve(of_named(schema, [](const NamedType& known, const Arguments& arguments) {
            return fields_json(known, flag(arguments, "includeDeprecated"));
        }));
    type.field("interfaces", "[__Type!]")
        .resolve(of_named(schema, [](const NamedType& known, const Arguments&) -> json::value {
            bool may = known.kind == TypeKind::object || known.kind == TypeKind::interface;
            return may ? names_json(known.interfaces) : json::value(nullptr);
        }));
    type.field("possibleTypes", "[__Type!]")
        .resolve(
            of_named(schema, [&schema](const NamedType& known, const Arguments&) -> json::value {
                bool may = known.kind == TypeKind::interface || known.kind == TypeKind::unified;
                return may ? names_json(schema.objects_of(known)) : json::value(nullptr);
            }));
    type.field("enumValues", "[__EnumValue!]")
        .argument("includeDeprecated", "Boolean", false)
        .resolve(of_named(
            schema, [](const NamedType& known, const Arguments&) { return values_json(known); }));
    type.field("inputFields", "[__InputValue!]")
        .argument("includeDeprecated", "Boolean", false)
        .resolve(of_named(schema, [](const NamedType& known, const Arguments&) -> json::value {
            if (known.kind != TypeKind::input) return nullptr;
            return inputs_json(known.inputs);
        }));
}

json::value directives_json() {
    json::array list;
    for (auto name : {"include", "skip"})
        list.push_back(json::object{{"name", name},
                                    {"description", nullptr},
                                    {"isRepeatable", false},
                                    {"locations", {"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}},
                                    {"args", inputs_json({{"if", type_of("Boolean!")}})}});
    return list;
}

}  // namespace

void add_introspection(Schema& schema) {
    schema.enumeration("__TypeKind")
        .values(
            {"SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"});
    schema.enumeration("__DirectiveLocation")
        .values({"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"});
    add_type(schema);
    schema.object("__InputValue")
        .field("name", "String!")
        .field("description", "String")
        .field("type", "__Type!")
        .field("defaultValue", "String")
        .field("isDeprecated", "Boolean!")
        .field("deprecationReason", "String");
    schema.object("__Field")
        .field("name", "String!")
        .field("description", "String")
        .field("args", "[__InputValue!]!")
        .argument("includeDeprecated", "Boolean", false)
        .field("type", "__Type!")
        .field("isDeprecated", "Boolean!")
        .field("deprecationReason", "String");
    schema.object("__EnumValue")
        .field("name", "String!")
        .field("description", "String")
        .field("isDeprecated", "Boolean!")
        .field("deprecationReason", "String");
    schema.object("__Directive")
        .field("name", "String!")
        .field("description", "String")
        .field("isRepeatable", "Boolean!")
        .field("locations", "[__DirectiveLocation!]!")
        .field("args", "[__InputValue!]!")
        .argument("includeDeprecated", "Boolean", false);
    schema.object("__Schema")
        .field("description", "String")
        .field("types", "[__Type!]!")
        .field("queryType", "__Type!")
        .field("mutationType", "__Type")
        .field("subscriptionType", "__Type")
        .field("directives", "[__Directive!]!");
    // Not a type that anybody sees: it holds the two fields of every query.
    schema.object("__Introspection")
        .field("__schema", "__Schema!")
        .resolve([&schema](const Asked&) -> asio::awaitable<result<json::value>> {
            json::array types;
            for (const auto& type : schema.types())
                if (type.name != "__Introspection") types.push_back(named(type.name));
            co_return json::object{{"description", nullptr},
                                   {"types", std::move(types)},
                                   {"queryType", named(schema.query().name)},
                                   {"mutationType", nullptr},
                                   {"subscriptionType", nullptr},
                                   {"directives", directives_json()}};
        })
        .field("__type", "__Type")
        .argument("name", "String!")
        .resolve([&schema](const Asked& asked) -> asio::awaitable<result<json::value>> {
            const auto& name = asked.arguments.at("name").as_string();
            const auto* type = schema.find(name);
            if (!type || type->name == "__Introspection") co_return json::value(nullptr);
            co_return named(type->name);
        });
}

}  // namespace mw::graphql
