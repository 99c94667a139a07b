// What goes into a statement (parameters, text format) and what comes out of a column.
#pragma once

#include <boost/json/value.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/described_json.hpp"
#include "base/time.hpp"

namespace mw::pg {

// Raw bytes (bytea), apart from text.
struct Bytes {
    std::string data;
};

// A parameter in PostgreSQL's text format; empty = NULL.
using Param = std::optional<std::string>;

Param to_param(std::string_view text);
inline Param to_param(const std::string& text) {
    return text;
}
inline Param to_param(const char* text) {
    return std::string(text);
}
Param to_param(bool value);
Param to_param(Timestamp at);
Param to_param(const Bytes& bytes);
Param to_param(const boost::json::value& json);
Param to_param(const boost::json::object& json);
Param to_param(const boost::json::array& json);
Param to_param(const std::vector<std::int64_t>& ids);     // bigint[]
Param to_param(const std::vector<int>& numbers);          // int[]
Param to_param(const std::vector<std::string>& strings);  // text[]
inline Param to_param(std::nullptr_t) {
    return std::nullopt;
}
template <std::integral T>
    requires(!std::same_as<T, bool>)
Param to_param(T value) {
    return std::to_string(value);
}
inline Param to_param(double value) {
    return std::to_string(value);
}
template <class T>
Param to_param(const std::optional<T>& value) {
    return value ? to_param(*value) : std::nullopt;
}

// Column text → value. They throw std::runtime_error when the text is not of that type: the
// query and its reader disagree, which is a broken invariant.
void from_column(std::string_view text, std::string& out);
void from_column(std::string_view text, bool& out);
void from_column(std::string_view text, int& out);
void from_column(std::string_view text, std::int64_t& out);
void from_column(std::string_view text, double& out);
void from_column(std::string_view text, Timestamp& out);
void from_column(std::string_view text, Bytes& out);
void from_column(std::string_view text, boost::json::value& out);
void from_column(std::string_view text, boost::json::object& out);
void from_column(std::string_view text, boost::json::array& out);
void from_column(std::string_view text, std::vector<std::string>& out);
void from_column(std::string_view text, std::vector<std::int64_t>& out);

}  // namespace mw::pg

namespace mw {

template <>
inline constexpr bool kHiddenInJson<pg::Bytes> = true;
template <>
inline constexpr bool kHiddenInJson<std::optional<pg::Bytes>> = true;

}  // namespace mw
