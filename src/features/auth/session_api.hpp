// Signing in and out of the web application: /api/ui/session.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "features/passwords/sign_in_throttle.hpp"
#include "features/second_factors/second_factors.hpp"
#include "infra/pg/pool.hpp"

namespace mw::auth {

class SessionApi {
  public:
    SessionApi(pg::Pool& pool, const crypto::Sealer& sealer, BlockingPool& blocking)
        : pool_(pool), second_factors_(pool, sealer), blocking_(blocking) {}
    void add_endpoints(api::Api& api);

  private:
    api::Reply sign_in(http::Request& request);
    api::Reply who_am_i(api::Call& call);
    boost::asio::awaitable<result<>> check_second_factor(Id user_id, std::string code);
    api::Reply sign_out(http::Request& request);

    pg::Pool& pool_;
    second_factors::SecondFactors second_factors_;
    BlockingPool& blocking_;
    passwords::SignInThrottle throttle_;
};

}  // namespace mw::auth
