// Invitations in the database; their tokens by hash alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/list_query.hpp"
#include "features/invites/invite.hpp"
#include "infra/pg/pool.hpp"

namespace mw::invites {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

const api::ListSpec& invite_list();
Awaitable<std::optional<Invite>> find_invite(pg::Connection& connection, Id account_id, Id id);
// An open one for the same address is withdrawn.
Awaitable<> insert_invite(pg::Connection& tx, const Invite& invite, std::string token_hash);
// Open and not too old, held until the transaction ends.
Awaitable<std::optional<Invite>> lock_open_invite(pg::Connection& tx, std::string token_hash);
Awaitable<std::string> name_of_account(pg::Connection& connection, Id account_id);
// Its link is no longer good; the address it went to, or none if it is not open.
Awaitable<std::optional<std::string>> withdraw(pg::Connection& tx, Id account_id, Id id);
Awaitable<> redeem(pg::Connection& tx, Id id);

// A person of that address, whichever account they are in.
Awaitable<std::optional<Id>> find_person(pg::Connection& connection, std::string email);
Awaitable<bool> is_member(pg::Connection& connection, Id account_id, std::string email);

}  // namespace mw::invites
