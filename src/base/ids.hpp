// Identifiers are 64-bit integers, as in the API's contract; kept below 2^53 so that every
// JSON reader holds them exactly.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mw {

using Id = std::int64_t;

// A decimal id from a path or query; empty for anything else, zero and negatives included.
inline std::optional<Id> parse_id(std::string_view text) {
    Id value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
    return value;
}

}  // namespace mw
