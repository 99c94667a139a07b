#include "infra/pg/value.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <stdexcept>

namespace mw::pg {
namespace {

template <class T>
void parse_number(std::string_view text, T& out, const char* type) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size())
        throw std::runtime_error(fmt::format("column value is not {}", type));
}

template <class T>
std::string number_array(const std::vector<T>& values) {
    return fmt::format("{{{}}}", fmt::join(values, ","));
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw std::runtime_error("column value is not bytea");
}

// One element of a text[] literal, from `pos` on; leaves `pos` at the delimiter.
std::string array_element(std::string_view text, std::size_t& pos) {
    std::string element;
    if (text[pos] != '"') {
        while (pos < text.size() && text[pos] != ',' && text[pos] != '}')
            element += text[pos++];
        return element;
    }
    for (++pos; pos < text.size() && text[pos] != '"'; ++pos) {
        if (text[pos] == '\\') ++pos;
        element += text.at(pos);
    }
    ++pos;
    return element;
}

std::vector<std::string> array_elements(std::string_view text) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}')
        throw std::runtime_error("column value is not an array");
    std::vector<std::string> elements;
    for (std::size_t pos = 1; pos + 1 < text.size(); ++pos)
        elements.push_back(array_element(text, pos));
    return elements;
}

}  // namespace

Param to_param(std::string_view text) {
    return std::string(text);
}
Param to_param(bool value) {
    return std::string(value ? "t" : "f");
}
Param to_param(Timestamp at) {
    return format_rfc3339(at);
}
Param to_param(const boost::json::value& json) {
    return boost::json::serialize(json);
}
Param to_param(const boost::json::object& json) {
    return boost::json::serialize(json);
}
Param to_param(const boost::json::array& json) {
    return boost::json::serialize(json);
}
Param to_param(const std::vector<std::int64_t>& ids) {
    return number_array(ids);
}
Param to_param(const std::vector<int>& numbers) {
    return number_array(numbers);
}

Param to_param(const Bytes& bytes) {
    std::string text = "\\x";
    for (unsigned char c : bytes.data)
        text += fmt::format("{:02x}", c);
    return text;
}

Param to_param(const std::vector<std::string>& strings) {
    std::string text = "{";
    for (const auto& element : strings) {
        if (text.size() > 1) text += ',';
        text += '"';
        for (char c : element) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

void from_column(std::string_view text, std::string& out) {
    out = text;
}
void from_column(std::string_view text, bool& out) {
    out = text == "t";
}
void from_column(std::string_view text, int& out) {
    parse_number(text, out, "an int");
}
void from_column(std::string_view text, std::int64_t& out) {
    parse_number(text, out, "a bigint");
}
void from_column(std::string_view text, double& out) {
    parse_number(text, out, "a number");
}

void from_column(std::string_view text, Timestamp& out) {
    auto parsed = parse_time(text);
    if (!parsed) throw std::runtime_error("column value is not a timestamp");
    out = *parsed;
}

void from_column(std::string_view text, Bytes& out) {
    if (!text.starts_with("\\x") || text.size() % 2 != 0)
        throw std::runtime_error("column value is not bytea");
    out.data.clear();
    for (std::size_t i = 2; i < text.size(); i += 2)
        out.data += static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1]));
}

void from_column(std::string_view text, boost::json::value& out) {
    out = boost::json::parse(text);
}
void from_column(std::string_view text, boost::json::object& out) {
    out = boost::json::parse(text).as_object();
}
void from_column(std::string_view text, boost::json::array& out) {
    out = boost::json::parse(text).as_array();
}

void from_column(std::string_view text, std::vector<std::string>& out) {
    out = array_elements(text);
}

void from_column(std::string_view text, std::vector<std::int64_t>& out) {
    out.clear();
    for (const auto& element : array_elements(text)) {
        std::int64_t id = 0;
        from_column(element, id);
        out.push_back(id);
    }
}

}  // namespace mw::pg
