#include "infra/jwt/algorithm.hpp"

#include <algorithm>
#include <array>

namespace mw::jwt::detail {

const Algorithm* find_algorithm(std::string_view name) {
    static constexpr std::array<Algorithm, 9> kAlgorithms{{
        {"RS256", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"RS384", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"RS512", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"PS256", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"PS384", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"PS512", CJOSE_JWK_KTY_RSA, CJOSE_JWK_EC_INVALID},
        {"ES256", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_256},
        {"ES384", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_384},
        {"ES512", CJOSE_JWK_KTY_EC, CJOSE_JWK_EC_P_521},
    }};
    const auto* found = std::ranges::find(kAlgorithms, name, &Algorithm::name);
    return found == kAlgorithms.end() ? nullptr : found;
}

}  // namespace mw::jwt::detail
