#include "infra/crypto/hmac.hpp"

#include "infra/crypto/sodium.hpp"

namespace mw::crypto {

std::string hmac_sha256_hex(const Secret& key, std::string_view message) {
    detail::ensure_sodium();
    crypto_auth_hmacsha256_state state;
    std::string digest(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_init(&state, detail::as_bytes(key.reveal()), key.reveal().size());
    crypto_auth_hmacsha256_update(&state, detail::as_bytes(message), message.size());
    crypto_auth_hmacsha256_final(&state, detail::as_bytes(digest));
    sodium_memzero(&state, sizeof state);
    return detail::to_hex(digest);
}

}  // namespace mw::crypto
