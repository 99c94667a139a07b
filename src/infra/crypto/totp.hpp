// Codes of authenticator apps: RFC 6238 (TOTP) over RFC 4226 (HOTP), with what every such app
// takes: HMAC-SHA1, six digits, steps of 30 seconds.
//
// Safe from any thread; none of it blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace mw::crypto {

// 160 random bits, raw.
Secret random_totp_secret();

std::int64_t totp_step(Timestamp at);
// "031415"
std::string totp_code(const Secret& secret, std::int64_t step);

// Which step the code is of: the present one, or one beside it for clocks that differ. Only later
// ones than `after` count, so that no code is good twice.
std::optional<std::int64_t> matching_totp_step(const Secret& secret, std::string_view code,
                                               Timestamp at, std::int64_t after);

// RFC 4648, without padding: how people and apps are given the secret.
std::string base32(std::string_view bytes);

// "otpauth://totp/…", for a QR code.
std::string totp_uri(const Secret& secret, std::string_view issuer, std::string_view person);

}  // namespace mw::crypto
