// Who is calling, by token or by the browser's cookie.
#pragma once

#include "api/caller.hpp"
#include "features/auth/known_owners.hpp"
#include "infra/pg/pool.hpp"

namespace mw::auth {

// The credential of "Token X" or "Bearer X" (any case), empty otherwise.
std::string_view authorization_token(const http::Request& request);

class TokenAuthenticator final : public api::Authenticator {
  public:
    explicit TokenAuthenticator(pg::Pool& pool);
    // unauthenticated (401) when there is no credential or it is not, or no longer, good.
    boost::asio::awaitable<result<api::Caller>> authenticate(const http::Request& request) override;
    void rights_changed() override { known_.forget_all(); }

    // Hears of changes until it is cancelled; without it every request is looked up.
    boost::asio::awaitable<void> run() { return listener_.run(); }

  private:
    boost::asio::awaitable<result<std::optional<TokenOwner>>> owner_of(
        std::string_view token, const std::optional<std::string>& address);

    pg::Pool& pool_;
    KnownOwners known_;
    pg::Listener listener_;
};

}  // namespace mw::auth
