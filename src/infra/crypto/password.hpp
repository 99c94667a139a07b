// Passwords: argon2id, with parameters and salt inside the hash.
//
// Each call takes about 100 ms and 64 MiB by design. From a coroutine call through offload
// (base/offload.hpp), never on the io thread. Safe from any thread.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::crypto {

// What a person who chooses one must give at least.
inline constexpr std::size_t kPasswordLeast = 8;
// Longer than any password that a person types; keeps the cost of a request bounded.
inline constexpr std::size_t kPasswordBytesMax = 1024;

// "$argon2id$v=19$…". Errors: invalid_argument when empty or too long; unavailable without memory.
result<std::string> hash_password(const Secret& password);

// False for a wrong password and for a hash that is none.
bool verify_password(const std::string& hash, const Secret& password);

// True when the hash was made with other parameters than today's: hash anew at next sign-in.
bool password_needs_rehash(const std::string& hash);

// A hash that no password fits. Sign-in with an unknown name verifies against it, so that the
// time of the answer doesn't tell which names exist. The first call is as slow as hash_password.
const std::string& decoy_password_hash();

}  // namespace mw::crypto
