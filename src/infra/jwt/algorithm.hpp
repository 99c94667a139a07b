// The signature algorithms that are accepted (RFC 7518). Pure. Private to this folder.
#pragma once

#include <cjose/cjose.h>

#include <string_view>

namespace mw::jwt::detail {

struct Algorithm {
    std::string_view name;
    cjose_jwk_kty_t key_type;
    cjose_jwk_ec_curve curve;  // CJOSE_JWK_EC_INVALID for RSA
};

// Null for all others, among them "none" and HS256: the public key must never be a shared secret.
const Algorithm* find_algorithm(std::string_view name);

}  // namespace mw::jwt::detail
