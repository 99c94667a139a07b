// Base64 in its standard alphabet (RFC 4648, section 4), as in an Authorization header, and in that
// of URLs (section 5), which goes without padding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mw::crypto {

// Empty when the text is not base64, with its padding.
std::optional<std::string> base64_decode(std::string_view text);

std::string base64_encode(std::string_view bytes);

std::optional<std::string> base64url_decode(std::string_view text);
std::string base64url_encode(std::string_view bytes);

}  // namespace mw::crypto
