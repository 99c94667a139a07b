// Sends a browser to an identity provider to sign in: a SAML 2.0 AuthnRequest by HTTP-Redirect.
//
// No network, but BLOCKING for the milliseconds of an RSA signature when requests are signed: call
// it on a BlockingPool then. Any thread, any number of threads.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "infra/saml/provider.hpp"

namespace mw::saml {

struct AuthnRequest {
    std::string id;   // what the answer must be to; keep it for this browser alone
    std::string url;  // where to send the browser
};

// Leaves the name's format to the provider, does not force a new sign-in, and asks for the answer
// by HTTP-POST. `relay_state` comes back with it as it is; at most 80 bytes, and no secret.
//
// Errors: `invalid_argument` for a relay state that is too long, a URL of the provider's that is
// none, and a key that cannot be read.
result<AuthnRequest> make_request(const ServiceProvider& service, const IdentityProvider& provider,
                                  std::string_view relay_state, Timestamp now = mw::now());

}  // namespace mw::saml
