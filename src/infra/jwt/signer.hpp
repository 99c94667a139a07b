// Signs JSON Web Tokens with RS256, as a GitHub App does to prove who it is.
//
// Cheap to copy; any thread. The key is in no error.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::jwt {

class Signer {
  public:
    // An RSA key of 2048 bits or more as PEM, PKCS#1 ("BEGIN RSA PRIVATE KEY") or PKCS#8 ("BEGIN
    // PRIVATE KEY"), without a passphrase.
    //
    // Errors: `invalid_argument`, which says what the text is instead.
    static result<Signer> from_pem(const Secret& pem);

    // The token in the compact form. The header has `alg` and `typ` alone.
    //
    // Errors: `internal` from the library.
    result<std::string> sign(const boost::json::object& claims) const;

  private:
    struct Key;
    explicit Signer(std::shared_ptr<const Key> key) : key_(std::move(key)) {}

    std::shared_ptr<const Key> key_;
};

}  // namespace mw::jwt
