// Whether somebody has a second factor, and whether a code is right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "features/second_factors/second_factor_store.hpp"
#include "infra/crypto/sealed.hpp"

namespace mw::second_factors {

enum class Verdict {
    not_needed,  // there is none
    missing,     // no code was given
    wrong,
    right,  // and not good a second time
};

class SecondFactors {
  public:
    SecondFactors(pg::Pool& pool, const crypto::Sealer& sealer) : pool_(pool), sealer_(sealer) {}

    // `code`: of the app, or a recovery code. Errors: limit_exceeded after too many wrong ones,
    // with the time to wait.
    Awaitable<Verdict> check(Id user_id, std::string code);

    // A new secret, which counts once a code of it has come. Errors: conflict when there is one
    // that counts.
    Awaitable<Secret> begin(Id user_id);
    // Recovery codes, to be shown once. Errors: invalid_argument for a wrong code, conflict.
    Awaitable<std::vector<std::string>> confirm(Id user_id, std::string code);

    pg::Pool& pool() { return pool_; }

  private:
    Awaitable<Verdict> check_locked(pg::Connection& tx, Id user_id, const SecondFactor& factor,
                                    const std::string& code);
    result<Secret> open(Id user_id, const SecondFactor& factor) const;

    pg::Pool& pool_;
    const crypto::Sealer& sealer_;
};

}  // namespace mw::second_factors
