#include "infra/crypto/base64.hpp"

#include "infra/crypto/sodium.hpp"

namespace mw::crypto {
namespace {

std::optional<std::string> decode(std::string_view text, int variant) {
    detail::ensure_sodium();
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    int failed = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(),
                                   text.data(), text.size(), nullptr, &size, &end, variant);
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

std::string encode(std::string_view bytes, int variant) {
    detail::ensure_sodium();
    // With the zero that libsodium ends it with.
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), detail::as_bytes(bytes), bytes.size(), variant);
    text.pop_back();
    return text;
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_ORIGINAL);
}

std::string base64_encode(std::string_view bytes) {
    return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::optional<std::string> base64url_decode(std::string_view text) {
    return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string base64url_encode(std::string_view bytes) {
    return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace mw::crypto
