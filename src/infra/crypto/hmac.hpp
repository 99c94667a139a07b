// HMAC-SHA256 (RFC 2104), as webhooks are signed with.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace mw::crypto {

// Lower-case hex, 64 characters.
std::string hmac_sha256_hex(const Secret& key, std::string_view message);

}  // namespace mw::crypto
