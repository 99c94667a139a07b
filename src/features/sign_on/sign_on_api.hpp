// Signing in by an identity provider, as a browser does it:
//
//   GET  /api/ui/sign-on/            which providers there are, for the sign-in page
//   GET  /enterprise-login/{slug}    sends the browser to the provider (dbt Cloud's address)
//   GET  …/{slug}/metadata           what a SAML provider wants to know of us
//   GET, POST /complete/{type}       where the provider sends it back to
//
// What goes wrong on the way is told on the sign-in page, by a word in its address; the audit
// log has the reason in full.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/pg/pool.hpp"

namespace mw::sign_on {

struct SignOnParts {
    pg::Pool& pool;
    const crypto::Sealer& sealer;
    BlockingPool& blocking;
    std::string public_url;
    http::AddressRules networks;  // where besides the public internet providers may be
};

void add_sign_on_endpoints(api::Api& api, const boost::asio::any_io_executor& executor,
                           SignOnParts parts);

}  // namespace mw::sign_on
