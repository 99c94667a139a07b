// XML signatures (xmldsig) as SAML restricts them. Private to this folder.
#pragma once

#include <libxml/tree.h>

#include <vector>

#include "base/error.hpp"
#include "infra/saml/keys.hpp"

namespace mw::saml::detail {

// Whether `element`, a Response or an Assertion, is signed: false when there is no signature in it.
//
// True means: one signature, a direct child, which covers this element as a whole and nothing else,
// by RSA or ECDSA with SHA-256 or more, made by one of the keys. What the signature says of its own
// key is not looked at. Once for an element: it registers its ID.
//
// Errors: `unauthenticated` when there is a signature which is not good.
result<bool> check_signature(xmlNode* element, const std::vector<XmlKey>& keys);

}  // namespace mw::saml::detail
