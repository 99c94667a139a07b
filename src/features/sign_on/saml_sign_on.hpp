// Signing in by SAML 2.0: the request that a browser takes to the provider, and what its answer
// says. Blocking work goes to the pool.
#pragma once

#include "base/offload.hpp"
#include "features/sign_on/attempt.hpp"
#include "features/sign_on/auth_provider.hpp"
#include "features/sign_on/awaitable.hpp"
#include "features/sign_on/identity.hpp"
#include "infra/saml/provider.hpp"

namespace mw::sign_on {

struct SamlSubject {
    std::string name_id;
    Attributes attributes;
    std::string assertion_id;
};

class SamlProviders {
  public:
    SamlProviders(BlockingPool& blocking, std::string public_url)
        : blocking_(blocking), public_url_(std::move(public_url)) {}

    // Sets the attempt's request. `key`: ours, if the provider wants signed requests.
    Awaitable<std::string> authorize_url(AuthProvider provider, Secret key, Attempt& attempt);
    // Whether the provider began, and not we: then nobody here waits for the answer.
    Awaitable<bool> is_unsolicited(std::string response);
    // Errors: unauthenticated, saying which check failed.
    Awaitable<SamlSubject> read(AuthProvider provider, Secret key, Attempt attempt,
                                std::string response);
    Awaitable<std::string> metadata(AuthProvider provider);

  private:
    saml::ServiceProvider ours(const AuthProvider& provider, Secret key) const;

    BlockingPool& blocking_;
    std::string public_url_;
};

}  // namespace mw::sign_on
