#include "infra/crypto/base64.hpp"

#include "infra/crypto/sodium.hpp"

namespace mw::crypto {

std::optional<std::string> base64_decode(std::string_view text) {
    detail::ensure_sodium();
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    const char* end = nullptr;
    int failed =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &size, &end, sodium_base64_VARIANT_ORIGINAL);
    if (failed != 0 || end != text.data() + text.size()) return std::nullopt;
    bytes.resize(size);
    return bytes;
}

}  // namespace mw::crypto
