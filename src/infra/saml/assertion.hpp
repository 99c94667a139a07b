// What is asked of an Assertion once its signature is known to be good. Private to this folder.
#pragma once

#include <libxml/tree.h>

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "infra/saml/response.hpp"

namespace mw::saml::detail {

struct Wanted {
    const ServiceProvider& service;
    const IdentityProvider& provider;
    std::string request_id;
    Timestamp now;
};

// Errors: `unauthenticated`.
result<Subject> read_assertion(const xmlNode* assertion, const Wanted& wanted);

// Whether an Issuer element names the provider.
bool is_from(const xmlNode* issuer, const IdentityProvider& provider);

}  // namespace mw::saml::detail
