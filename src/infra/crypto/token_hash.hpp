// Hashes of tokens and content.
//
// A token has 256 random bits, so one round of SHA-256 without salt is enough to store it, and
// lets it be looked up by an index. Passwords are not tokens: see password.hpp.
// Safe from any thread; none of it blocks.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace mw::crypto {

// Lower-case hex, 64 characters; what is stored for a token that is only ever checked.
std::string hash_token(std::string_view token);

// Lower-case hex of SHA-256.
std::string sha256_hex(std::string_view bytes);

// The 32 bytes themselves.
std::string sha256(std::string_view bytes);

// SHA-256 of content that comes in pieces.
class Sha256 {
  public:
    Sha256();
    void update(std::string_view bytes);
    // Ends the computation; call once, one of the two.
    std::string hex();
    std::string bytes();

  private:
    // Room for libsodium's crypto_hash_sha256_state, so that its header stays in the .cpp.
    alignas(16) std::array<std::byte, 128> state_;
};

// Compares in a time that depends on the lengths alone.
bool constant_time_equal(std::string_view left, std::string_view right);

}  // namespace mw::crypto
