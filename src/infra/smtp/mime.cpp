#include "infra/smtp/mime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace mw::smtp::detail {
namespace {

constexpr std::size_t kLineMax = 76;
constexpr std::string_view kWordBegin = "=?UTF-8?B?";
constexpr std::string_view kWordEnd = "?=";

// Whether a line of `text` ends at `at`.
bool line_ends(std::string_view text, std::size_t at) {
    auto rest = text.substr(at);
    return rest.empty() || rest.starts_with('\n') || rest.starts_with("\r\n");
}

}  // namespace

std::string base64(std::string_view bytes) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= count ? kAlphabet[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

std::string encoded_words(std::string_view text, std::size_t indent) {
    std::string out;
    while (!text.empty()) {
        auto room = kLineMax - indent - kWordBegin.size() - kWordEnd.size();
        auto bytes = std::min(text.size(), room / 4 * 3);
        // Back to the first byte of a UTF-8 sequence.
        while (bytes > 1 && bytes < text.size() &&
               (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80)
            --bytes;
        if (!out.empty()) out += "\r\n ";
        out.append(kWordBegin).append(base64(text.substr(0, bytes))).append(kWordEnd);
        text.remove_prefix(bytes);
        indent = 1;
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    auto put = [&](std::string_view piece) {
        // The last place of a line is for the sign that it goes on.
        if (column + piece.size() > kLineMax - 1) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (line_ends(text, i)) {
            out += "\r\n";
            column = 0;
            if (c == '\r') ++i;
            continue;
        }
        // Blanks at the end of a line get lost on the way.
        bool blank = (c == ' ' || c == '\t') && !line_ends(text, i + 1);
        if (blank || (c > ' ' && c < 0x7F && c != '='))
            put(text.substr(i, 1));
        else
            put(fmt::format("={:02X}", static_cast<unsigned char>(c)));
    }
    return out;
}

}  // namespace mw::smtp::detail
