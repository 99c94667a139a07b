// Any bytes as text that JSON and the database hold. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mw {

// Valid UTF-8 without NUL: what is neither becomes U+FFFD. Beyond `most_bytes` it is cut, and says
// how much is missing (in some 30 bytes more).
std::string storable_text(std::string_view text, std::size_t most_bytes);

}  // namespace mw
