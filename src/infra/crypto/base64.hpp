// Base64 in its standard alphabet (RFC 4648, section 4), as in an Authorization header.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mw::crypto {

// Empty when the text is not base64, with its padding.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace mw::crypto
