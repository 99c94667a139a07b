#include "infra/jwt/verify.hpp"

#include <openssl/err.h>

#include "base/json_reader.hpp"
#include "infra/jwt/claims.hpp"
#include "infra/jwt/key.hpp"
#include "infra/jwt/token.hpp"

namespace mw::jwt {
namespace {

result<> check_signature(const detail::Token& token, const KeySet& keys) {
    const auto* algorithm = detail::find_algorithm(token.algorithm);
    bool named = false, tried = false;
    for (const auto& key : keys.keys()) {
        if (token.key_id && key.id != token.key_id) continue;
        named = true;
        if (!algorithm || !key.fits(*algorithm)) continue;
        tried = true;
        cjose_err error;
        bool good = cjose_jws_verify(token.jws.get(), key.jwk.get(), &error);
        // A failure leaves OpenSSL's errors on this thread's queue, where others would find them.
        ERR_clear_error();
        if (good) return {};
    }
    if (!named)
        return fail(Errc::unauthenticated,
                    "The token is signed by a key that its issuer's list "
                    "does not have");
    if (!tried)
        return fail(Errc::unauthenticated,
                    "The token names a way to sign that does not fit its issuer's key");
    return fail(Errc::unauthenticated, "The token's signature is wrong");
}

}  // namespace

result<boost::json::object> verify(std::string_view token, const KeySet& keys,
                                   const Expected& expected) {
    MW_TRY(auto read, detail::read_token(token));
    MW_CHECK(check_signature(read, keys));
    uint8_t* bytes = nullptr;
    std::size_t size = 0;
    cjose_err error;
    if (!cjose_jws_get_plaintext(read.jws.get(), &bytes, &size, &error))
        return fail(Errc::unauthenticated, "The token cannot be read", "no payload");
    auto claims = parse_json({reinterpret_cast<const char*>(bytes), size});
    if (!claims || !claims->is_object())
        return fail(Errc::unauthenticated, "The token cannot be read", "claims are no JSON object");
    MW_CHECK(detail::check_claims(claims->get_object(), expected));
    return std::move(claims->get_object());
}

}  // namespace mw::jwt
