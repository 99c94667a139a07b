// What is asked of a token's claims (RFC 7519, OpenID Connect Core 3.1.3.7). Pure. Private to this
// folder.
#pragma once

#include <boost/json/object.hpp>

#include "infra/jwt/verify.hpp"

namespace mw::jwt::detail {

// Errors: `unauthenticated`, with what doesn't hold.
result<> check_claims(const boost::json::object& claims, const Expected& expected);

}  // namespace mw::jwt::detail
