// JSON Schema of what described_json.hpp makes of a struct, for the OpenAPI document.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/described_json.hpp"

namespace mw {

template <class T>
boost::json::object described_schema();

template <class T>
struct SchemaOf {
    static boost::json::object get() {
        if constexpr (std::same_as<T, std::string>)
            return {{"type", "string"}};
        else if constexpr (std::same_as<T, Timestamp>)
            return {{"type", "string"}, {"format", "date-time"}};
        else if constexpr (std::same_as<T, bool>)
            return {{"type", "boolean"}};
        else if constexpr (std::integral<T>)
            return {{"type", "integer"}};
        else if constexpr (std::floating_point<T>)
            return {{"type", "number"}};
        else if constexpr (std::same_as<T, boost::json::object>)
            return {{"type", "object"}};
        else if constexpr (std::same_as<T, boost::json::array>)
            return {{"type", "array"}, {"items", boost::json::object{}}};
        else if constexpr (boost::describe::has_describe_members<T>::value)
            return described_schema<T>();
        else
            return {};
    }
};
template <class T>
struct SchemaOf<std::optional<T>> {
    static boost::json::object get() {
        auto schema = SchemaOf<T>::get();
        if (auto* type = schema.if_contains("type")) *type = boost::json::array{*type, "null"};
        return schema;
    }
};
template <class T>
struct SchemaOf<std::vector<T>> {
    static boost::json::object get() { return {{"type", "array"}, {"items", SchemaOf<T>::get()}}; }
};

template <class T>
boost::json::object described_schema() {
    boost::json::object properties;
    using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                             boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>([&](auto member) {
        using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
        if constexpr (!kHiddenInJson<Member>) properties[member.name] = SchemaOf<Member>::get();
    });
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace mw
