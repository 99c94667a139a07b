#include "infra/crypto/token_hash.hpp"

#include <new>

#include "infra/crypto/sodium.hpp"

namespace mw::crypto {
namespace {

crypto_hash_sha256_state* hash_state(std::array<std::byte, 128>& room) {
    static_assert(sizeof(crypto_hash_sha256_state) <= sizeof room);
    return std::launder(reinterpret_cast<crypto_hash_sha256_state*>(room.data()));
}

}  // namespace

std::string hash_token(std::string_view token) {
    return sha256_hex(token);
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.hex();
}

std::string sha256(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.bytes();
}

Sha256::Sha256() {
    detail::ensure_sodium();
    crypto_hash_sha256_init(::new (state_.data()) crypto_hash_sha256_state);
}

void Sha256::update(std::string_view bytes) {
    crypto_hash_sha256_update(hash_state(state_), detail::as_bytes(bytes), bytes.size());
}

std::string Sha256::hex() {
    return detail::to_hex(bytes());
}

std::string Sha256::bytes() {
    std::string digest(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256_final(hash_state(state_), detail::as_bytes(digest));
    return digest;
}

bool constant_time_equal(std::string_view left, std::string_view right) {
    detail::ensure_sodium();
    return left.size() == right.size() &&
           sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace mw::crypto
