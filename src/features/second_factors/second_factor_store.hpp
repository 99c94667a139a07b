// Second factors and recovery codes in the database.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::second_factors {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

struct SecondFactor {
    pg::Bytes sealed_secret;
    std::optional<Timestamp> confirmed_at;  // counts since then
    std::int64_t last_step = 0;             // of the last code that was good
    int failures = 0;
    std::optional<Timestamp> blocked_until;
    int recovery_codes_left = 0;
};
BOOST_DESCRIBE_STRUCT(SecondFactor, (),
                      (sealed_secret, confirmed_at, last_step, failures, blocked_until,
                       recovery_codes_left))

Awaitable<std::optional<SecondFactor>> find_second_factor(pg::Connection& connection, Id user_id);
// Held until the transaction ends.
Awaitable<std::optional<SecondFactor>> lock_second_factor(pg::Connection& tx, Id user_id);
// In the place of one that was never confirmed.
Awaitable<> set_second_factor(pg::Connection& tx, Id user_id, pg::Bytes sealed_secret);
// From now on it counts; the recovery codes that there were are gone.
Awaitable<> confirm_second_factor(pg::Connection& tx, Id user_id, std::int64_t step,
                                  std::vector<std::string> recovery_hashes);
// Whether there was one.
Awaitable<bool> delete_second_factor(pg::Connection& tx, Id user_id);

Awaitable<> note_right_code(pg::Connection& tx, Id user_id, std::int64_t step);
Awaitable<> note_wrong_code(pg::Connection& tx, Id user_id, std::optional<Timestamp> blocked_until);
// Whether it was one of theirs that was not used before.
Awaitable<bool> use_recovery_code(pg::Connection& tx, Id user_id, std::string hash);

}  // namespace mw::second_factors
