#include "features/chat/chat_text.hpp"

#include <algorithm>

#include "base/storable_text.hpp"
#include "base/trimmed.hpp"

namespace mw::chat {
namespace {

constexpr std::string_view kMore = "…";

// What is shown at all of a text is never longer.
constexpr std::size_t kBytesMax = 64UL * 1024;

// Of valid UTF-8.
std::size_t bytes_at(std::string_view text) {
    auto lead = static_cast<unsigned char>(text.front());
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

std::string_view escape_of(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        default:
            return {};
    }
}

std::string cut(std::string_view given, std::size_t most, bool escaped) {
    auto text = storable_text(given, kBytesMax);
    std::string out;
    std::size_t units = 0;
    // Where it ends if more comes than there is room for.
    std::size_t room_for_more = 0;
    for (std::string_view rest = text; !rest.empty();) {
        auto piece = rest.substr(0, bytes_at(rest));
        rest.remove_prefix(piece.size());
        auto length = piece.size() == 4 ? std::size_t{2} : std::size_t{1};
        if (auto escape = escape_of(piece.front()); escaped && !escape.empty()) {
            piece = escape;
            length = escape.size();
        }
        if (units + length > most) return out.substr(0, room_for_more) + std::string(kMore);
        out += piece;
        units += length;
        if (units < most) room_for_more = out.size();
    }
    return out;
}

std::string as_one_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
    return cut(text, most, false);
}

std::string first_line(std::string_view text, std::size_t most) {
    auto words = trimmed(text);
    return cut(as_one_line(trimmed(words.substr(0, words.find_first_of("\r\n")))), most, false);
}

std::string slack_text(std::string_view text, std::size_t most) {
    return cut(as_one_line(text), most, true);
}

}  // namespace mw::chat
