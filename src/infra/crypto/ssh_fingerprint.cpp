#include "infra/crypto/ssh_fingerprint.hpp"

#include "infra/crypto/base64.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::crypto {

std::string ssh_fingerprint(std::string_view public_key) {
    auto key = base64_decode(public_key);
    if (!key || key->empty()) return "unreadable";
    auto text = base64_encode(sha256(*key));
    while (text.ends_with('='))
        text.pop_back();
    return "SHA256:" + text;
}

}  // namespace mw::crypto
