// Signing in by OpenID Connect: the authorization code flow with PKCE (OpenID Connect Core 1.0,
// RFC 7636). What a provider says of itself (OpenID Connect Discovery 1.0) is kept for an hour,
// its keys until a token names one that is not among them.
//
// Errors: invalid_argument (the provider's row lacks what is needed), unauthenticated (the
// provider's answer is not good), forbidden (whom it vouches for is not of its domain),
// unavailable, timeout, upstream_failed. One io thread.
#pragma once

#include <map>
#include <string>

#include "base/secret.hpp"
#include "features/sign_on/attempt.hpp"
#include "features/sign_on/auth_provider.hpp"
#include "features/sign_on/awaitable.hpp"
#include "features/sign_on/identity.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/http/client/client.hpp"
#include "infra/jwt/key_set.hpp"

namespace mw::sign_on {

// By its type; empty where the row lacks what it is made of.
std::string issuer_of(const AuthProvider& provider);
// https, or http on this machine.
bool is_safe_url(std::string_view url);

class OidcProviders {
  public:
    // `networks`: where besides the public internet providers may be.
    OidcProviders(const boost::asio::any_io_executor& executor, http::AddressRules networks);

    // Where to send the browser.
    Awaitable<std::string> authorize_url(AuthProvider provider, Attempt attempt,
                                         std::string callback);
    // What it says of whoever came back with this code.
    Awaitable<Attributes> redeem(AuthProvider provider, Secret client_secret, Attempt attempt,
                                 std::string code, std::string callback);

  private:
    struct Metadata {
        std::string issuer;
        std::string authorization_endpoint;
        std::string token_endpoint;
        std::string userinfo_endpoint;
        std::string jwks_uri;
        bool secret_in_body = false;
        Timestamp read_at;
    };
    struct Tokens {
        std::string id_token;
        Secret access_token;
    };

    Awaitable<Metadata> metadata_of(const AuthProvider& provider);
    // With the key that the token names, if the provider has it. The token is the provider's own
    // answer, so nobody else makes us ask.
    Awaitable<jwt::KeySet> keys_for(const std::string& jwks_uri, const std::string& token);
    Awaitable<Tokens> exchange(const AuthProvider& provider, const Metadata& metadata,
                               const Secret& client_secret, const Attempt& attempt,
                               const std::string& code, const std::string& callback);
    // Errors of reaching it say nothing of the user's: who signs in is let in without groups.
    Awaitable<boost::json::object> userinfo(const Metadata& metadata, Secret access_token);
    Awaitable<boost::json::value> fetch(http::ClientRequest request, std::string what);

    http::Client client_;
    http::AddressRules networks_;
    std::map<std::string, Metadata> metadata_;  // by issuer
    std::map<std::string, jwt::KeySet> keys_;   // by their address
};

}  // namespace mw::sign_on
