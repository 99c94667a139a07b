// The public keys of one issuer, as its JWKS document (RFC 7517) has them.
//
// Immutable and cheap to copy; any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mw::jwt {

namespace detail {
struct Key;
}

class KeySet {
  public:
    // Leaves out what no token can be verified with: keys that are not RSA or EC (P-256, P-384,
    // P-521), that are not for signatures, that are damaged, and RSA keys below 2048 bits.
    //
    // Errors: `upstream_failed` when it is no JWKS document, is larger than 1 MiB, or no key is
    // left.
    static result<KeySet> parse(std::string_view jwks_json);

    // Whether the token names a key (`kid`) that is not here. Then it is worth to fetch the keys
    // anew: issuers change them. False for what is no token. Nothing of the token is verified.
    bool lacks_key_of(std::string_view token) const;

    std::size_t size() const;
    const std::vector<detail::Key>& keys() const { return *keys_; }

  private:
    explicit KeySet(std::shared_ptr<const std::vector<detail::Key>> keys)
        : keys_(std::move(keys)) {}

    std::shared_ptr<const std::vector<detail::Key>> keys_;
};

}  // namespace mw::jwt
