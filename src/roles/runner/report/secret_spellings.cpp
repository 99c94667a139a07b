#include "roles/runner/report/secret_spellings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/trimmed.hpp"

namespace mw::runner {
namespace {

// Shorter ones are too common in ordinary text.
constexpr std::size_t kLeastLineBytes = 8;
constexpr std::size_t kLeastEncodedBytes = 6;

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

unsigned byte_of(char c) {
    return static_cast<unsigned char>(c);
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

struct PercentStyle {
    std::string_view safe;
    bool plus = false;
};

std::string percent_encoded(std::string_view text, PercentStyle style, bool capitals) {
    std::string encoded;
    for (char c : text) {
        if (is_alphanumeric(c) || style.safe.contains(c))
            encoded += c;
        else if (c == ' ' && style.plus)
            encoded += '+';
        else if (capitals)
            encoded += fmt::format("%{:02X}", byte_of(c));
        else
            encoded += fmt::format("%{:02x}", byte_of(c));
    }
    return encoded;
}

// The code point of the sequence at `at`, which then stands behind it; none if it is no UTF-8.
std::optional<std::uint32_t> next_code_point(std::string_view text, std::size_t& at) {
    unsigned lead = byte_of(text[at]);
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length == 1 || at + length > text.size()) return std::nullopt;
    std::uint32_t point = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i)
        point = point << 6 | (byte_of(text[at + i]) & 0x3FU);
    at += length;
    return point;
}

std::string utf16_escape(std::uint32_t point) {
    if (point < 0x10000) return fmt::format("\\u{:04x}", point);
    point -= 0x10000;
    return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (point >> 10), 0xDC00 + (point & 0x3FF));
}

std::string json_escaped(std::string_view text, bool ascii) {
    constexpr std::string_view kShort = "\b\f\n\r\t\"\\";
    constexpr std::string_view kLetters = "bfnrt\"\\";
    std::string escaped;
    for (std::size_t at = 0; at < text.size();) {
        char c = text[at];
        if (auto place = kShort.find(c); place != std::string_view::npos) {
            escaped += {'\\', kLetters[place]};
        } else if (byte_of(c) < 0x20) {
            escaped += utf16_escape(byte_of(c));
        } else if (ascii && byte_of(c) >= 0x80) {
            if (auto point = next_code_point(text, at)) {
                escaped += utf16_escape(*point);
                continue;
            }
            escaped += c;
        } else {
            escaped += c;
        }
        ++at;
    }
    return escaped;
}

std::string with_escaped_slashes(std::string_view text) {
    std::string escaped;
    for (char c : text)
        escaped += c == '/' ? std::string("\\/") : std::string(1, c);
    return escaped;
}

std::string hex(std::string_view text, bool capitals) {
    std::string digits;
    for (char c : text)
        digits += capitals ? fmt::format("{:02X}", byte_of(c)) : fmt::format("{:02x}", byte_of(c));
    return digits;
}

// What is the same whatever stands around it, when `shift` bytes stand before it in its group of
// three.
Spelling base64(std::string_view text, std::size_t shift, std::string_view alphabet) {
    std::size_t first = (shift * 8 + 5) / 6;
    std::size_t end = (shift + text.size()) * 8 / 6;
    auto bit = [&](std::size_t i) -> unsigned {
        i -= shift * 8;
        return byte_of(text[i / 8]) >> (7 - i % 8) & 1U;
    };
    Spelling spelling{.text = {}, .before = shift > 0, .after = (shift + text.size()) % 3 > 0};
    for (std::size_t character = first; character < end; ++character) {
        unsigned sextet = 0;
        for (std::size_t i = 0; i < 6; ++i)
            sextet = sextet << 1 | bit(character * 6 + i);
        spelling.text += alphabet[sextet];
    }
    return spelling;
}

}  // namespace

bool is_base64(char c) {
    return is_alphanumeric(c) || std::string_view("+/-_").contains(c);
}

std::vector<std::string> secrets_in(std::string_view value) {
    std::vector<std::string> secrets;
    auto add = [&](std::string_view secret) {
        if (std::ranges::find(secrets, secret) == secrets.end()) secrets.emplace_back(secret);
    };
    value = trimmed(value);
    if (value.empty()) return secrets;
    add(value);
    for (std::size_t start = 0; start < value.size();) {
        auto end = std::min(value.find('\n', start), value.size());
        if (auto line = trimmed(value.substr(start, end - start)); line.size() >= kLeastLineBytes)
            add(line);
        start = end + 1;
    }
    return secrets;
}

std::vector<Spelling> spellings_of(std::string_view secret) {
    // RFC 3986; Python's quote; JavaScript's encodeURIComponent; forms, as RFC 3986 and as
    // browsers.
    constexpr auto kStyles = std::to_array<PercentStyle>(
        {{"-._~"}, {"-._~/"}, {"-._~!*'()"}, {"-._~", true}, {"-._*", true}});
    std::vector<Spelling> all;
    all.push_back({std::string(secret)});
    for (auto style : kStyles)
        for (bool capitals : {true, false})
            all.push_back({percent_encoded(secret, style, capitals)});
    for (bool ascii : {true, false}) {
        all.push_back({json_escaped(secret, ascii)});
        all.push_back({with_escaped_slashes(all.back().text)});
    }
    auto add_encoded = [&](Spelling spelling) {
        if (spelling.text.size() >= kLeastEncodedBytes) all.push_back(std::move(spelling));
    };
    for (bool capitals : {true, false})
        add_encoded({hex(secret, capitals)});
    for (auto alphabet : {kStandard, kUrlSafe})
        for (std::size_t shift = 0; shift < 3; ++shift)
            add_encoded(base64(secret, shift, alphabet));
    std::ranges::sort(all);
    auto [first, last] = std::ranges::unique(all);
    all.erase(first, last);
    return all;
}

}  // namespace mw::runner
