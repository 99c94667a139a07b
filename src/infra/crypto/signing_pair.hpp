// A key pair for signing messages, with a certificate that only carries the public key: RSA 2048,
// ten years. Takes some 100 ms: for a BlockingPool.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::crypto {

struct SigningPair {
    Secret key_pem;  // PKCS#8
    std::string certificate_pem;
};

result<SigningPair> make_signing_pair(std::string_view common_name);

}  // namespace mw::crypto
