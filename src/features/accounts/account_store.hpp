// Accounts in the database.
#pragma once

#include <optional>

#include "features/accounts/account.hpp"
#include "infra/pg/pool.hpp"

namespace mw::accounts {

boost::asio::awaitable<result<std::optional<Account>>> find_account(pg::Pool& pool, Id id);
// Name and what the account's own pages show.
boost::asio::awaitable<result<>> update_account(pg::Connection& tx, const Account& account);
// Empty when there is no such account.
boost::asio::awaitable<result<std::optional<RunLimits>>> find_run_limits(pg::Connection& connection,
                                                                         Id account_id);
boost::asio::awaitable<result<>> set_run_limits(pg::Connection& connection, Id account_id,
                                                RunLimits limits);
boost::asio::awaitable<result<Id>> insert_account(pg::Connection& connection, std::string name,
                                                  std::string identifier);

}  // namespace mw::accounts
