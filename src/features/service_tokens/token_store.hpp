// What service tokens may do, and the personal tokens of a user, in the database.
#pragma once

#include <vector>

#include "features/groups/grant_input.hpp"
#include "features/service_tokens/token.hpp"
#include "infra/pg/pool.hpp"

namespace mw::service_tokens {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

Awaitable<std::vector<TokenPermission>> permissions_of(pg::Connection& connection, Id token_id);
// Instead of all that it could.
Awaitable<> replace_permissions(pg::Connection& tx, Id account_id, Id token_id,
                                const std::vector<groups::GrantInput>& grants);
Awaitable<bool> has_service_token(pg::Connection& connection, Id account_id, Id id);

Awaitable<std::vector<Token>> personal_tokens(pg::Connection& connection, Id account_id,
                                              Id user_id);
Awaitable<std::optional<Token>> find_personal_token(pg::Connection& connection, Id account_id,
                                                    Id user_id, Id id);
Awaitable<Token> insert_personal_token(pg::Connection& tx, Id account_id, Id user_id,
                                       std::string name, std::string hash);
// The text that let one in until now does no longer.
Awaitable<Token> set_hash(pg::Connection& tx, Id id, std::string hash);
Awaitable<Token> end_token(pg::Connection& tx, Id id);

}  // namespace mw::service_tokens
