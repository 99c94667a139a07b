#include "infra/crypto/random.hpp"

#include "infra/crypto/sodium.hpp"

namespace mw::crypto {

std::string random_bytes(std::size_t size) {
    detail::ensure_sodium();
    std::string bytes(size, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

std::string random_token(std::string_view prefix) {
    constexpr std::size_t kTokenBytes = 32;
    constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    auto bytes = random_bytes(kTokenBytes);
    std::string text(sodium_base64_ENCODED_LEN(kTokenBytes, kVariant), '\0');
    sodium_bin2base64(text.data(), text.size(), detail::as_bytes(bytes), bytes.size(), kVariant);
    text.pop_back();  // the terminating NUL
    auto token = std::string(prefix) + text;
    sodium_memzero(bytes.data(), bytes.size());
    sodium_memzero(text.data(), text.size());
    return token;
}

std::string random_hex(std::size_t bytes) {
    return detail::to_hex(random_bytes(bytes));
}

}  // namespace mw::crypto
