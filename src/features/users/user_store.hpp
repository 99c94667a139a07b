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
asio::awaitable<result<>> insert_member(pg::Connection& connection, NewMember member);
asio::awaitable<result<>> set_names(pg::Connection& connection, Id user_id, std::string first,
                                    std::string last);
// By the membership's id; empty when it is none of the account's.
asio::awaitable<result<std::optional<Id>>> find_user_of_membership(pg::Connection& connection,
                                                                   Id account_id, Id id);
asio::awaitable<result<bool>> is_owner(pg::Connection& connection, Id account_id, Id user_id);
// `state` 2 ends it: the person's tokens and sessions let nobody in any more.
asio::awaitable<result<>> set_membership(pg::Connection& connection, Id id,
                                         std::string license_type, int state);

// How many members of the account have which licence.
struct LicenseCount {
    std::string license_type;
    int in_use = 0;
};
BOOST_DESCRIBE_STRUCT(LicenseCount, (), (license_type, in_use))
asio::awaitable<result<std::vector<LicenseCount>>> count_licenses(pg::Pool& pool, Id account_id);
// Ends all sessions and links of that person, but for the session with this hash.
asio::awaitable<result<>> set_password(pg::Connection& connection, Id user_id, std::string hash,
                                       std::string kept_session = {});
// Of an active person; empty where there is no password.
asio::awaitable<result<std::string>> find_password(pg::Connection& connection, Id user_id);
asio::awaitable<result<std::vector<Id>>> accounts_of(pg::Connection& connection, Id user_id);

}  // namespace mw::users
