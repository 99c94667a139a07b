#include "base/storable_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mw {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the valid UTF-8 sequence at the start of `text`; 0 when there is none.
std::size_t sequence_length(std::string_view text) {
    auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned lead = at(0);
    if (lead < 0x80) return 1;
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xC0) != 0x80) return 0;
    // Overlong forms, surrogates and what lies beyond the last code point.
    unsigned second = at(1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)) return 0;
    if ((lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) return 0;
    return length;
}

}  // namespace

std::string storable_text(std::string_view text, std::size_t most_bytes) {
    std::string stored;
    stored.reserve(std::min(text.size(), most_bytes));
    while (!text.empty()) {
        auto length = sequence_length(text);
        if (stored.size() + std::max<std::size_t>(length, kReplacement.size()) > most_bytes)
            return stored + fmt::format(" … [cut: {} more bytes]", text.size());
        bool bad = length == 0 || text[0] == '\0';
        stored += bad ? kReplacement : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return stored;
}

}  // namespace mw
