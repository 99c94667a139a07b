// An identity provider for tests: messages by hand, signed and encrypted through xmlsec.
#pragma once

#include <libxml/tree.h>
#include <xmlsec/keys.h>
#include <xmlsec/transforms.h>
#include <xmlsec/xmlsec.h>

#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "infra/saml/keys.hpp"
#include "infra/saml/provider.hpp"

namespace mw::saml::testing_ {

// A key and a certificate that it vouches for itself, which expires after so many days.
class Pair {
  public:
    explicit Pair(const char* kind = "RSA", unsigned int bits = 2048, int days = 365);

    std::string certificate_pem() const;
    std::string certificate_base64() const { return detail::to_base64(certificate_.get()); }
    Secret key_pem(const EVP_CIPHER* cipher = nullptr) const;
    std::string public_key_pem() const;
    EVP_PKEY* key() const { return key_.get(); }

  private:
    detail::Pkey key_;
    detail::Certificate certificate_;
};

struct Algorithms {
    xmlSecTransformId signature;
    xmlSecTransformId digest;
    xmlSecTransformId canonical;
};
Algorithms sha256();
Algorithms sha1();
Algorithms ecdsa();

// Signs the element with that ID, behind its Issuer, and brings the signer's certificate along.
std::string sign(const std::string& xml, const std::string& id, const Pair& signer,
                 const Algorithms& algorithms);

// Puts the one Assertion's text into an EncryptedAssertion for `receiver`. `beside`: the key stands
// next to the data, as some providers have it, instead of inside.
std::string encrypt(const std::string& xml, const Pair& receiver, bool beside,
                    xmlSecTransformId cipher, xmlSecTransformId key_transport);

std::string base64(std::string_view bytes);
std::string replaced(std::string text, std::string_view what, std::string_view by);

}  // namespace mw::saml::testing_
