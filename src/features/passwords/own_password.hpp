// Whether somebody who is signed in knows their password: asked before what a session that was left
// open must not do.
#pragma once

#include "base/ids.hpp"
#include "base/offload.hpp"
#include "base/secret.hpp"
#include "features/passwords/sign_in_throttle.hpp"
#include "infra/pg/pool.hpp"

namespace mw::passwords {

class OwnPassword {
  public:
    OwnPassword(pg::Pool& pool, BlockingPool& blocking) : pool_(pool), blocking_(blocking) {}

    // Errors: invalid_argument that names `field`; limit_exceeded after too many wrong ones.
    boost::asio::awaitable<result<>> check(Id user_id, Secret password, std::string field);

  private:
    pg::Pool& pool_;
    BlockingPool& blocking_;
    SignInThrottle throttle_;
};

}  // namespace mw::passwords
