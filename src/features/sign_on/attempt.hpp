// One sign-in that has begun: what must be known when the browser comes back from the provider.
// It travels in that browser, in a sealed cookie, so that nobody else can end it and nothing of
// it is kept here.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/message.hpp"

namespace mw::sign_on {

struct Attempt {
    Id provider_id = 0;
    std::string state;          // comes back with the answer
    std::string nonce;          // OpenID Connect: comes back inside the ID token
    std::string code_verifier;  // PKCE, RFC 7636
    std::string request_id;     // SAML: the answer must name it
    std::string next;           // the page that was wanted; empty: the first one
};
BOOST_DESCRIBE_STRUCT(Attempt, (), (provider_id, state, nonce, code_verifier, request_id, next))

// With fresh random values. A `next` that is no page of ours is dropped.
Attempt begin_attempt(Id provider_id, std::string next);

// Good for ten minutes.
std::string attempt_cookie(const Attempt& attempt, const crypto::Sealer& sealer, Timestamp at);
std::string ended_attempt_cookie();
// Nothing when there is none that is whole, ours and still good.
std::optional<Attempt> attempt_of(const http::Request& request, const crypto::Sealer& sealer,
                                  Timestamp at);

// Whether a browser may be sent there: a path of this application.
bool is_own_page(std::string_view path);

}  // namespace mw::sign_on
