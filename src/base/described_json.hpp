// JSON from structs described with Boost.Describe: member name = key, empty optional = null,
// timestamps in the ISO form with "+00:00" (contract 3.4).
#pragma once

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace mw {

// Members of such types are in the row and in no answer: sealed secrets.
template <class T>
inline constexpr bool kHiddenInJson = false;

template <class T>
boost::json::object described_to_json(const T& value);
template <class T>
boost::json::value member_to_json(const std::vector<T>& values);

template <class T>
boost::json::value member_to_json(const T& value) {
    if constexpr (std::same_as<T, Timestamp>)
        return boost::json::value(format_iso(value));
    else if constexpr (boost::describe::has_describe_members<T>::value)
        return described_to_json(value);
    else
        return boost::json::value(value);
}
template <class T>
boost::json::value member_to_json(const std::optional<T>& value) {
    return value ? member_to_json(*value) : boost::json::value(nullptr);
}
template <class T>
boost::json::value member_to_json(const std::vector<T>& values) {
    boost::json::array array;
    for (const auto& value : values)
        array.push_back(member_to_json(value));
    return array;
}

template <class T>
boost::json::object described_to_json(const T& value) {
    boost::json::object object;
    using Members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                             boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<Members>([&](auto member) {
        using Member = std::remove_cvref_t<decltype(value.*member.pointer)>;
        if constexpr (!kHiddenInJson<Member>)
            object[member.name] = member_to_json(value.*member.pointer);
    });
    return object;
}

}  // namespace mw
