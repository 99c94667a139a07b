// A text without what is blank, or of `what`, at its two ends.
#pragma once

#include <string_view>

namespace mw {

constexpr std::string_view trimmed(std::string_view text, std::string_view what = " \t\r\n\v\f") {
    auto first = text.find_first_not_of(what);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(what) - first + 1);
}

}  // namespace mw
