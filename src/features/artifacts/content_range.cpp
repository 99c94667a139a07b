#include "features/artifacts/content_range.hpp"

#include <algorithm>
#include <charconv>

namespace mw::artifacts {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

AskedRange asked_range(std::string_view header, std::uint64_t size_bytes) {
    using Kind = AskedRange::Kind;
    constexpr std::string_view kUnit = "bytes=";
    if (!header.starts_with(kUnit)) return {};
    auto spec = header.substr(kUnit.size());
    auto dash = spec.find('-');
    if (dash == spec.npos || spec.find(',') != spec.npos) return {};
    auto first = number(spec.substr(0, dash));
    auto last = number(spec.substr(dash + 1));
    if (dash == 0) {
        // The last so many bytes.
        if (!last) return {};
        if (*last == 0 || size_bytes == 0) return {Kind::unsatisfiable};
        return {Kind::part, {size_bytes - std::min(*last, size_bytes), size_bytes - 1}};
    }
    bool open_end = dash + 1 == spec.size();
    if (!first || (!last && !open_end) || (last && *last < *first)) return {};
    if (*first >= size_bytes) return {Kind::unsatisfiable};
    return {Kind::part, {*first, std::min(last.value_or(size_bytes - 1), size_bytes - 1)}};
}

}  // namespace mw::artifacts
