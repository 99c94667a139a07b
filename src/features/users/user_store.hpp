// People in the database.
#pragma once

#include <optional>
#include <vector>

#include "api/list_query.hpp"
#include "features/users/user.hpp"
#include "infra/pg/pool.hpp"

namespace mw::users {

namespace asio = boost::asio;

const api::ListSpec& user_list();
asio::awaitable<result<std::optional<User>>> find_user(pg::Pool& pool, Id account_id, Id user_id);
// A new person; `conflict` when the e-mail is taken. The e-mail is stored in lower case.
asio::awaitable<result<Id>> insert_user(pg::Connection& connection, NewUser user);
asio::awaitable<result<>> insert_member(pg::Connection& connection, Id account_id, Id user_id,
                                        bool is_owner);
asio::awaitable<result<>> set_password(pg::Connection& connection, Id user_id, std::string hash);

}  // namespace mw::users
