// E-mail addresses as people are known by. Pure.
#pragma once

#include <string>
#include <string_view>

namespace mw::users {

// Whether it may be somebody's: one @ with something on both sides, no blank, no list, at most 320
// bytes.
bool is_email(std::string_view text);

// As addresses are stored and compared.
std::string lower_email(std::string text);

}  // namespace mw::users
