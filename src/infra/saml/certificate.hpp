// What can be told of an identity provider's certificates before anyone signs in with them. Pure;
// any thread.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace mw::saml {

// When the first of the certificates expires (they may be given as IdentityProvider has them).
// Signatures are checked by the key alone: an expired certificate still works, and somebody should
// be told.
//
// Errors: `invalid_argument`, which says what is wrong with the text.
result<Timestamp> certificate_expiry(std::string_view certificate_pem);

}  // namespace mw::saml
