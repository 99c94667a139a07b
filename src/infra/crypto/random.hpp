// Randomness for keys, tokens and ids, from the operating system's generator.
//
// Safe from any thread; never blocks once the machine has booted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mw::crypto {

// Tokens say what they are, so that a secret scanner and a reader of a config file can tell.
inline constexpr std::string_view kPersonalTokenPrefix = "mwu_";
inline constexpr std::string_view kServiceTokenPrefix = "mws_";
inline constexpr std::string_view kRunTokenPrefix = "mwr_";

// `size` raw bytes.
std::string random_bytes(std::size_t size);

// `prefix` and 256 random bits in 43 URL-safe characters (A-Z a-z 0-9 - _).
std::string random_token(std::string_view prefix);

// `bytes` random bytes as lower-case hex; for request ids, file names and the like.
std::string random_hex(std::size_t bytes);

}  // namespace mw::crypto
