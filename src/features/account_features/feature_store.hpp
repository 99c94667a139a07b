// Switches of an account.
#pragma once

#include <map>
#include <string>

#include "base/ids.hpp"
#include "infra/pg/connection.hpp"

namespace mw::account_features {

boost::asio::awaitable<result<std::map<std::string, bool>>> find_features(
    pg::Connection& connection, Id account_id);
// Whether it is on, by the account's word or by default.
boost::asio::awaitable<result<bool>> has_feature(pg::Connection& connection, Id account_id,
                                                 std::string name);
boost::asio::awaitable<result<>> set_feature(pg::Connection& tx, Id account_id, std::string name,
                                             bool value);

}  // namespace mw::account_features
