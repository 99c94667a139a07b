#include "graphql/schema/input_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "graphql/schema/scalars.hpp"

namespace mw::graphql {
namespace {

std::unexpected<RequestError> wrong(std::string message, Location at) {
    return std::unexpected(RequestError{std::move(message), {at}, {}});
}

std::string quoted(std::string_view text) {
    return json::serialize(json::value(text));
}

// What a variable was given, with its place inside for errors.
class JsonCoercion {
  public:
    JsonCoercion(const Schema& schema, std::string_view name, Location at)
        : schema_(schema), name_(name), at_(at) {}

    Parsed<json::value> coerce(const TypeReference& type, const json::value& given,
                               const std::string& path) {
        if (given.is_null()) {
            if (!type.non_null) return json::value(nullptr);
            return bad(
                path, given,
                fmt::format("Expected non-nullable type \"{}\" not to be null.", to_text(type)));
        }
        if (type.of) return list(type, given, path);
        const auto& named = *schema_.find(type.name);
        if (named.kind == TypeKind::input) return object(named, given, path);
        if (named.kind == TypeKind::enumeration) return enumeration(named, given, path);
        auto scalar = scalar_from_json(named.name, given);
        if (!scalar) return bad(path, given, scalar.error());
        return std::move(*scalar);
    }

  private:
    std::unexpected<RequestError> bad(const std::string& path, const json::value& given,
                                      const std::string& why) const {
        auto place = path.empty() ? std::string() : fmt::format(" at \"{}{}\"", name_, path);
        return wrong(fmt::format("Variable \"${}\" got invalid value {}{}; {}", name_,
                                 json::serialize(given), place, why),
                     at_);
    }

    Parsed<json::value> list(const TypeReference& type, const json::value& given,
                             const std::string& path) {
        json::array made;
        const auto* items = given.if_array();
        // One is a list of one.
        if (!items) {
            MW_TRY(auto item, coerce(*type.of, given, path));
            made.push_back(std::move(item));
            return made;
        }
        for (std::size_t i = 0; i < items->size(); ++i) {
            MW_TRY(auto item, coerce(*type.of, (*items)[i], fmt::format("{}[{}]", path, i)));
            made.push_back(std::move(item));
        }
        return made;
    }

    Parsed<json::value> enumeration(const NamedType& type, const json::value& given,
                                    const std::string& path) const {
        const auto* text = given.if_string();
        if (!text)
            return bad(path, given,
                       fmt::format("Enum \"{}\" cannot represent non-string value: {}.", type.name,
                                   json::serialize(given)));
        if (!contains(type.names, std::string(*text)))
            return bad(
                path, given,
                fmt::format("Value {} does not exist in \"{}\" enum.", quoted(*text), type.name));
        return given;
    }

    Parsed<json::value> object(const NamedType& type, const json::value& given,
                               const std::string& path) {
        const auto* fields = given.if_object();
        if (!fields)
            return bad(path, given,
                       fmt::format("Expected type \"{}\" to be an object.", type.name));
        json::object made;
        for (const auto& input : type.inputs) {
            const auto* field = fields->if_contains(input.name);
            if (field) {
                MW_TRY(made[input.name], coerce(input.type, *field, path + "." + input.name));
            } else if (input.otherwise) {
                made[input.name] = *input.otherwise;
            } else if (input.type.non_null) {
                return bad(path, given,
                           fmt::format("Field \"{}\" of required type \"{}\" was not provided.",
                                       input.name, to_text(input.type)));
            }
        }
        for (const auto& [name, value] : *fields)
            if (!type.find_input(name))
                return bad(path, given,
                           fmt::format("Field \"{}\" is not defined by type \"{}\".",
                                       std::string_view(name), type.name));
        return made;
    }

    const Schema& schema_;
    std::string_view name_;
    Location at_;
};

class LiteralCoercion {
  public:
    LiteralCoercion(const Schema& schema, const json::object& variables)
        : schema_(schema), variables_(variables) {}

    using Made = Parsed<std::optional<json::value>>;

    Made coerce(const TypeReference& type, const Value& given) {
        if (given.kind == Value::Kind::variable) {
            const auto* value = variables_.if_contains(given.text);
            if (!value) return std::nullopt;
            if (value->is_null() && type.non_null) return unexpected(type, given);
            return *value;
        }
        if (given.kind == Value::Kind::null) {
            if (type.non_null) return unexpected(type, given);
            return json::value(nullptr);
        }
        if (type.of) return list(type, given);
        const auto& named = *schema_.find(type.name);
        if (named.kind == TypeKind::input) return object(type, named, given);
        if (named.kind == TypeKind::enumeration) return enumeration(named, given);
        auto scalar = scalar_from_literal(named.name, given);
        if (!scalar) return wrong(scalar.error(), given.at);
        return std::move(*scalar);
    }

  private:
    static std::unexpected<RequestError> unexpected(const TypeReference& type, const Value& given) {
        return wrong(
            fmt::format("Expected value of type \"{}\", found {}.", to_text(type), to_text(given)),
            given.at);
    }

    Made list(const TypeReference& type, const Value& given) {
        json::array made;
        if (given.kind != Value::Kind::list) {
            MW_TRY(auto item, coerce(*type.of, given));
            made.push_back(item.value_or(nullptr));
            return made;
        }
        for (const auto& each : given.items) {
            MW_TRY(auto item, coerce(*type.of, each));
            if (!item && type.of->non_null) return unexpected(*type.of, each);
            made.push_back(item.value_or(nullptr));
        }
        return made;
    }

    static Made enumeration(const NamedType& type, const Value& given) {
        if (given.kind != Value::Kind::enumeration)
            return wrong(fmt::format("Enum \"{}\" cannot represent non-enum value: {}.", type.name,
                                     to_text(given)),
                         given.at);
        if (!contains(type.names, given.text))
            return wrong(
                fmt::format("Value \"{}\" does not exist in \"{}\" enum.", given.text, type.name),
                given.at);
        return json::value(given.text);
    }

    Made object(const TypeReference& reference, const NamedType& type, const Value& given) {
        if (given.kind != Value::Kind::object) return unexpected(reference, given);
        for (const auto& [name, value] : given.fields)
            if (!type.find_input(name))
                return wrong(
                    fmt::format("Field \"{}\" is not defined by type \"{}\".", name, type.name),
                    value.at);
        json::object made;
        for (const auto& input : type.inputs) {
            auto field = std::ranges::find(given.fields, input.name,
                                           [](const auto& each) { return each.first; });
            std::optional<json::value> value;
            if (field != given.fields.end()) {
                MW_TRY(value, coerce(input.type, field->second));
            }
            if (!value) value = input.otherwise;
            if (value)
                made[input.name] = std::move(*value);
            else if (input.type.non_null)
                return wrong(
                    fmt::format("Field \"{}.{}\" of required type \"{}\" was not provided.",
                                type.name, input.name, to_text(input.type)),
                    given.at);
        }
        return made;
    }

    const Schema& schema_;
    const json::object& variables_;
};

}  // namespace

Parsed<json::value> coerce_variable(const Schema& schema, const TypeReference& type,
                                    const json::value& given, std::string_view name, Location at) {
    return JsonCoercion(schema, name, at).coerce(type, given, "");
}

Parsed<std::optional<json::value>> coerce_literal(const Schema& schema, const TypeReference& type,
                                                  const Value& given,
                                                  const json::object& variables) {
    return LiteralCoercion(schema, variables).coerce(type, given);
}

std::string to_text(const Value& value) {
    std::string text;
    switch (value.kind) {
        case Value::Kind::variable:
            return "$" + value.text;
        case Value::Kind::string:
            return quoted(value.text);
        case Value::Kind::list:
            for (const auto& item : value.items)
                text += (text.empty() ? "" : ", ") + to_text(item);
            return "[" + text + "]";
        case Value::Kind::object:
            for (const auto& [name, field] : value.fields)
                text += (text.empty() ? "" : ", ") + name + ": " + to_text(field);
            return "{" + text + "}";
        default:
            return value.text;
    }
}

}  // namespace mw::graphql
