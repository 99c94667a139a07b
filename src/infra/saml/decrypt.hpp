// Encrypted assertions (xmlenc). Private to this folder.
#pragma once

#include <libxml/tree.h>

#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::saml::detail {

// The XML inside an EncryptedAssertion: AES (CBC, GCM) under a key that was encrypted by RSA-OAEP
// for this service. Not RSA 1.5, whose failures give the content away.
//
// Errors: `invalid_argument` for this service's key; `unauthenticated`, always the same, when it
// cannot be decrypted.
result<std::string> decrypt(xmlNode* encrypted_assertion, const Secret& key_pem);

// That one error. Whoever can tell apart why it failed can decrypt what is not theirs.
std::unexpected<Error> undecryptable();

}  // namespace mw::saml::detail
