// One key of an issuer, and what may be verified with it. Private to this folder.
#pragma once

#include <optional>
#include <string>

#include "infra/jwt/algorithm.hpp"
#include "infra/jwt/cjose.hpp"

namespace mw::jwt::detail {

struct Key {
    std::optional<std::string> id;         // "kid"
    std::optional<std::string> algorithm;  // "alg": for this one alone
    Jwk jwk;

    bool fits(const Algorithm& wanted) const {
        cjose_err ignored;
        if (algorithm && *algorithm != wanted.name) return false;
        if (cjose_jwk_get_kty(jwk.get(), &ignored) != wanted.key_type) return false;
        return wanted.key_type != CJOSE_JWK_KTY_EC ||
               cjose_jwk_EC_get_curve(jwk.get(), &ignored) == wanted.curve;
    }
};

}  // namespace mw::jwt::detail
