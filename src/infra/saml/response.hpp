// Reads what an identity provider posts after a sign-in: a SAML 2.0 Response (web browser SSO
// profile).
//
// BLOCKING for what a few RSA signatures take, some milliseconds, and for less than a second with
// the largest message: call it on a BlockingPool. Any thread, any number of threads.
//
// Errors: `unauthenticated`, with what is wrong in plain words, and `invalid_argument` when this
// service's key or the provider's certificate cannot be read. An answer that says the sign-in
// failed is `unauthenticated` with the provider's own words. Nothing else of the answer is
// repeated.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "infra/saml/provider.hpp"

namespace mw::saml {

// Who has signed in.
struct Subject {
    std::string name_id;
    std::map<std::string, std::vector<std::string>> attributes;  // by Name; encrypted ones are not
    std::string assertion_id;                                    // to be taken once only
    std::optional<Timestamp> session_not_after;
};

// `saml_response_base64` is the form's field SAMLResponse, at most 256 KiB. `expected_request_id`
// is that of the AuthnRequest that this browser was sent with. Taken only when:
// - the Response or its Assertion, or both, are signed by one of the provider's certificates, with
//   SHA-256 or more, and every signature that is there is good;
// - there is one Assertion, which may be encrypted for this service, and the signature covers it;
// - it is from this provider, for this service (audience, Destination, Recipient), an answer to
//   that request, by a bearer, of a sign-in, and within its times, give or take 60 s.
// That an assertion comes only once, by its id, and that a name is somebody's here, is the
// caller's.
result<Subject> read_response(const ServiceProvider& service, const IdentityProvider& provider,
                              std::string_view saml_response_base64,
                              std::string_view expected_request_id, Timestamp now);

// Whether it answers no request: the user began at the identity provider. Nothing in it is
// verified: the caller may only begin a sign-in of its own. False for what is no Response.
bool is_unsolicited(std::string_view saml_response_base64);

}  // namespace mw::saml
