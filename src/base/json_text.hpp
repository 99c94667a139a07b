// A member of a JSON object that is a text, or may be. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace mw {

// Empty when it is not there or no text.
inline std::string text_of(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

}  // namespace mw
