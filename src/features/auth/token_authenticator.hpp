// Who is calling, by token or by the browser's cookie.
#pragma once

#include "api/caller.hpp"
#include "infra/pg/pool.hpp"

namespace mw::auth {

inline constexpr std::string_view kSessionCookie = "millwright_session";

// The value of a cookie of a request, empty if it has none of that name.
std::string_view cookie_value(const http::Request& request, std::string_view name);

// The credential of "Token X" or "Bearer X" (any case), empty otherwise.
std::string_view authorization_token(const http::Request& request);

class TokenAuthenticator final : public api::Authenticator {
  public:
    explicit TokenAuthenticator(pg::Pool& pool) : pool_(pool) {}
    // unauthenticated (401) when there is no credential or it is not, or no longer, good.
    boost::asio::awaitable<result<api::Caller>> authenticate(const http::Request& request) override;

  private:
    pg::Pool& pool_;
};

}  // namespace mw::auth
