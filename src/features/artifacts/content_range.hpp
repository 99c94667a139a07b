// Which part of a file a request asks for (RFC 9110, section 14). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mw::artifacts {

struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // inclusive
    std::uint64_t length() const { return last - first + 1; }
};

struct AskedRange {
    enum class Kind { whole, part, unsatisfiable };
    Kind kind = Kind::whole;
    ContentRange range = {};
};

// Of the header Range, for a file of that size. What is no range of bytes, or more than one, is
// as if it were not there.
AskedRange asked_range(std::string_view header, std::uint64_t size_bytes);

}  // namespace mw::artifacts
