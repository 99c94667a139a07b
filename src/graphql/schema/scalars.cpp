#include "graphql/schema/scalars.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "graphql/schema/input_value.hpp"

namespace mw::graphql {
namespace {

namespace json = boost::json;

// A value and how an error shows it.
struct Given {
    json::value value;
    std::string shown;
    bool is_text = false;  // "4" is no number
};

std::optional<std::int64_t> whole(const json::value& value) {
    if (const auto* number = value.if_int64()) return *number;
    if (const auto* number = value.if_uint64())
        return *number <= INT64_MAX ? std::optional(static_cast<std::int64_t>(*number))
                                    : std::nullopt;
    const auto* number = value.if_double();
    if (!number || std::trunc(*number) != *number || std::abs(*number) > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::optional<std::int64_t> digits(std::string_view text) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::unexpected<std::string> wrong(std::string_view what, const std::string& shown) {
    return std::unexpected(fmt::format("{}: {}", what, shown));
}

Scalar int_of(const Given& given) {
    auto number = whole(given.value);
    if (!number) return wrong("Int cannot represent non-integer value", given.shown);
    if (*number > INT32_MAX || *number < INT32_MIN)
        return wrong("Int cannot represent non 32-bit signed integer value", given.shown);
    return json::value(*number);
}

Scalar big_int_of(const Given& given) {
    if (auto number = whole(given.value)) return json::value(*number);
    if (const auto* text = given.value.if_string())
        if (auto number = digits(*text)) return json::value(*number);
    return wrong("BigInt cannot represent value", given.shown);
}

Scalar float_of(const Given& given) {
    const auto& value = given.value;
    if (value.is_double()) return value;
    if (value.is_int64()) return json::value(static_cast<double>(value.get_int64()));
    if (value.is_uint64()) return json::value(static_cast<double>(value.get_uint64()));
    return wrong("Float cannot represent non numeric value", given.shown);
}

Scalar id_of(const Given& given) {
    if (given.value.is_string()) return given.value;
    if (auto number = whole(given.value)) return json::value(std::to_string(*number));
    return wrong("ID cannot represent value", given.shown);
}

Scalar scalar_of(std::string_view type, const Given& given) {
    if (type == "Int") return int_of(given);
    if (type == "BigInt") return big_int_of(given);
    if (type == "Float") return float_of(given);
    if (type == "ID") return id_of(given);
    if (type == "String") {
        if (given.value.is_string()) return given.value;
        return wrong("String cannot represent a non string value", given.shown);
    }
    if (type == "Boolean") {
        if (given.value.is_bool()) return given.value;
        return wrong("Boolean cannot represent a non boolean value", given.shown);
    }
    return given.value;
}

// What a literal is on its own; empty: a variable.
json::value plain(const Value& value) {
    switch (value.kind) {
        case Value::Kind::integer: {
            if (auto number = digits(value.text)) return *number;
            return std::strtod(value.text.c_str(), nullptr);
        }
        case Value::Kind::floating:
            return std::strtod(value.text.c_str(), nullptr);
        case Value::Kind::boolean:
            return value.text == "true";
        case Value::Kind::string:
        case Value::Kind::enumeration:
            return json::value(value.text);
        case Value::Kind::list: {
            json::array list;
            for (const auto& item : value.items)
                list.push_back(plain(item));
            return list;
        }
        case Value::Kind::object: {
            json::object object;
            for (const auto& [name, field] : value.fields)
                object[name] = plain(field);
            return object;
        }
        case Value::Kind::null:
        case Value::Kind::variable:
            break;
    }
    return nullptr;
}

}  // namespace

Scalar scalar_from_json(std::string_view type, const json::value& value) {
    return scalar_of(type, {value, json::serialize(value)});
}

Scalar scalar_from_literal(std::string_view type, const Value& value) {
    Given given{plain(value), to_text(value)};
    // As text they would be numbers and booleans of another kind.
    bool whole_float = value.kind == Value::Kind::floating && (type == "Int" || type == "BigInt");
    bool word = value.kind == Value::Kind::enumeration;
    bool known = type == "Int" || type == "BigInt" || type == "Float" || type == "String" ||
                 type == "Boolean" || type == "ID";
    if (known && (whole_float || word)) given.value = nullptr;
    return scalar_of(type, given);
}

Scalar scalar_for_answer(std::string_view type, const json::value& value) {
    Given given{value, json::serialize(value)};
    if (type == "String") {
        if (value.is_string()) return value;
        if (value.is_bool()) return json::value(value.get_bool() ? "true" : "false");
        if (value.is_number()) return json::value(json::serialize(value));
        return wrong("String cannot represent value", given.shown);
    }
    if (type == "Boolean" && value.is_number()) return json::value(value.to_number<double>() != 0);
    return scalar_of(type, given);
}

}  // namespace mw::graphql
