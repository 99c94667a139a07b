// Checks a signed JSON Web Token, such as an ID token of OpenID Connect.
//
// Takes no longer than one signature, or one for each key when the token names none; any thread.
//
// Errors: `unauthenticated`; `message` says which check failed and repeats nothing of the token.
// Whether the issuer's keys should be fetched anew is KeySet::lacks_key_of.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "infra/jwt/key_set.hpp"

namespace mw::jwt {

struct Expected {
    std::string issuer;    // exactly
    std::string audience;  // the client's id
    Timestamp now;
    std::chrono::seconds leeway{60};  // how far the issuer's clock may be off
    std::optional<std::string> nonce = {};
};

// The claims, of a token of at most 32 KiB in the compact form that is:
// - signed with RS, PS or ES by a key of the set: the one that its `kid` names, or any that fits;
// - `iss` the issuer, `aud` the audience or a list with it (of several, `azp` is it);
// - not expired (`exp` must be there), and neither `nbf` nor `iat` is in the future;
// - `nonce` the expected one, if there is one.
result<boost::json::object> verify(std::string_view token, const KeySet& keys,
                                   const Expected& expected);

}  // namespace mw::jwt
