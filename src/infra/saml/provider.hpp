// The two sides of a SAML 2.0 sign-on: this service, and who vouches for its users.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::saml {

// This service. Its key signs requests and opens encrypted assertions.
struct ServiceProvider {
    std::string entity_id;
    std::string acs_url;          // where answers are posted to ("assertion consumer service")
    Secret key_pem;               // RSA, PKCS#1 or PKCS#8, without a passphrase
    std::string certificate_pem;  // of that key
};

struct IdentityProvider {
    std::string entity_id;
    std::string sso_url;  // http or https; may have a query
    // PEM, or bare base64 as the pages of identity providers show it. Several, one after the other
    // (bare ones with an empty line between them), when a new key takes over from an old one.
    std::string certificate_pem;
    bool sign_requests = false;
};

// The XML that introduces this service to an identity provider: its one ACS by HTTP-POST, and its
// certificate for signatures and encryption. Pure; any thread.
//
// Errors: `invalid_argument` when the certificate cannot be read.
result<std::string> metadata(const ServiceProvider& service);

}  // namespace mw::saml
