#include "features/passwords/own_password.hpp"

#include <fmt/format.h>

#include "features/users/user_store.hpp"
#include "infra/crypto/password.hpp"

namespace mw::passwords {

boost::asio::awaitable<result<>> OwnPassword::check(Id user_id, Secret password,
                                                    std::string field) {
    auto key = std::to_string(user_id);
    auto moment = SignInThrottle::Moment::clock::now();
    if (auto wait = throttle_.wait(key, moment); wait.count() > 0)
        co_return fail(Errc::limit_exceeded,
                       fmt::format("Too many failed tries. Try again in {} s.", wait.count()));
    std::string hash;
    {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(hash, co_await users::find_password(*connection, user_id));
    }
    MW_CO_TRY(bool fits,
              co_await offload(blocking_, [&] { return crypto::verify_password(hash, password); }));
    if (fits) {
        throttle_.succeeded(key);
        co_return result<>{};
    }
    throttle_.failed(key, moment);
    co_return fail_field(std::move(field), "is not your password");
}

}  // namespace mw::passwords
