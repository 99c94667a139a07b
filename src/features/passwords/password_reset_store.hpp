// Links for a new password, by the hash of their token.
#pragma once

#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::passwords {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// In the place of an earlier one of that person. Until when it is good.
Awaitable<Timestamp> insert_reset(pg::Connection& tx, Id user_id, std::string token_hash);

struct ResetOwner {
    Id user_id = 0;
    std::string email;
    Id account_id = 0;  // the first that they are in
};
BOOST_DESCRIBE_STRUCT(ResetOwner, (), (user_id, email, account_id))
// Whose link this is, if it is good, held until the transaction ends.
Awaitable<std::optional<ResetOwner>> lock_reset(pg::Connection& tx, std::string token_hash);

// An active person of some account to whom a link may be sent: not to one who was sent one within
// the last five minutes, so that nobody's mailbox is filled by others.
Awaitable<std::optional<ResetOwner>> find_person_to_send(pg::Connection& tx, std::string email);

// An active person, by e-mail.
Awaitable<std::optional<Id>> find_person(pg::Connection& connection, std::string email);

}  // namespace mw::passwords
