// Certificates and keys as OpenSSL and xmlsec want them. Private to this folder.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <xmlsec/keys.h>
#include <xmlsec/xmlsec.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::saml::detail {

struct FreeKey {
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(BIO* bio) const { BIO_free_all(bio); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(xmlSecKey* key) const { xmlSecKeyDestroy(key); }
};
using Certificate = std::unique_ptr<X509, FreeKey>;
using Pkey = std::unique_ptr<EVP_PKEY, FreeKey>;
using Bio = std::unique_ptr<BIO, FreeKey>;
using Digest = std::unique_ptr<EVP_MD_CTX, FreeKey>;
using XmlKey = std::unique_ptr<xmlSecKey, FreeKey>;

// At least one, each with an RSA key of 2048 bits or more, or an EC key.
//
// Errors: `invalid_argument`, which says what is wrong with the text.
result<std::vector<Certificate>> read_certificates(std::string_view text);

// The public keys of the certificates.
result<std::vector<XmlKey>> read_public_keys(std::string_view certificates);

// Errors: `invalid_argument` when it is no RSA key in PEM, or has a passphrase.
result<Pkey> read_private_key(const Secret& pem);

// Null when xmlsec does not know the kind of key.
XmlKey to_xml_key(EVP_PKEY* key);

// DER in base64, without line ends, as it stands in XML.
std::string to_base64(const X509* certificate);

}  // namespace mw::saml::detail
