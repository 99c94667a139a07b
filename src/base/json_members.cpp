#include "base/json_members.hpp"

#include <array>
#include <boost/json/serializer.hpp>
#include <charconv>

namespace mw {
namespace {

bool is_escaped(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
    static constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            out += "\\u00";
            out += kHex[static_cast<unsigned char>(c) >> 4];
            out += kHex[static_cast<unsigned char>(c) & 15];
    }
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
    out += '"';
    std::size_t written = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_escaped(text[i])) continue;
        out += text.substr(written, i - written);
        append_escaped(out, text[i]);
        written = i + 1;
    }
    out += text.substr(written);
    out += '"';
}

void append_json(std::string& out, std::int64_t number) {
    std::array<char, 20> digits;
    auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_json(std::string& out, const boost::json::value& value) {
    boost::json::serializer serializer;
    serializer.reset(&value);
    std::array<char, 4096> part;
    while (!serializer.done())
        out += std::string_view(serializer.read(part.data(), part.size()));
}

}  // namespace mw
