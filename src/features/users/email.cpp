#include "features/users/email.hpp"

#include <algorithm>
#include <cctype>

namespace mw::users {

bool is_email(std::string_view text) {
    auto at = text.find('@');
    return at != 0 && at != text.npos && at + 1 < text.size() && text.size() <= 320 &&
           text.find_first_of(" \t\r\n<>,;") == text.npos && text.find('@', at + 1) == text.npos;
}

std::string lower_email(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace mw::users
