// Tokens, sessions and passwords in the database; tokens by their hash alone.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::auth {

namespace asio = boost::asio;

struct TokenOwner {
    Id token_id = 0;
    Id account_id = 0;
    std::optional<Id> user_id;
    std::string name;
    std::string license_type;   // empty for a service token
    boost::json::value grants;  // as api::Grants reads them
    bool admitted = true;       // from that address
    bool long_unused = false;   // for more than a minute
};
BOOST_DESCRIBE_STRUCT(TokenOwner, (),
                      (token_id, account_id, user_id, name, license_type, grants, admitted,
                       long_unused))

struct SessionOwner {
    Id account_id = 0;
    Id user_id = 0;
    std::string name;
    std::string license_type;
    boost::json::value grants;
    bool admitted = true;
};
BOOST_DESCRIBE_STRUCT(SessionOwner, (), (account_id, user_id, name, license_type, grants, admitted))

struct SignInUser {
    Id id = 0;
    std::string email;
    std::string first_name;
    std::string last_name;
    std::optional<std::string> password_hash;
    Id account_id = 0;
    std::string account_name;
    bool password_refused = false;  // the account's identity provider alone is wanted
};
BOOST_DESCRIBE_STRUCT(SignInUser, (),
                      (id, email, first_name, last_name, password_hash, account_id, account_name,
                       password_refused))

struct NewToken {
    Id account_id = 0;
    std::optional<Id> user_id;  // empty: a service token
    std::string name;
    std::string token_hash;
};

// An active token whose owner is active, or nothing. `address`: where the request comes from, if
// that is an address. Notes the use, at most once a minute.
asio::awaitable<result<std::optional<TokenOwner>>> find_token(pg::Pool& pool, std::string hash,
                                                              std::optional<std::string> address);
asio::awaitable<result<Id>> insert_token(pg::Connection& connection, const NewToken& token);

asio::awaitable<result<>> insert_session(pg::Connection& connection, std::string hash, Id user_id,
                                         Id account_id, Timestamp expires_at);
// A living session, its life prolonged to `expires_at` (never beyond 7 days from its start).
asio::awaitable<result<std::optional<SessionOwner>>> touch_session(
    pg::Pool& pool, std::string hash, Timestamp expires_at, std::optional<std::string> address);
asio::awaitable<result<>> delete_session(pg::Connection& connection, std::string hash);
asio::awaitable<result<std::int64_t>> delete_expired_sessions(pg::Pool& pool, Timestamp at);

// By e-mail, with the first account that the person is in, if possible one that takes passwords.
asio::awaitable<result<std::optional<SignInUser>>> find_sign_in_user(pg::Pool& pool,
                                                                     std::string email);
asio::awaitable<result<std::optional<SignInUser>>> find_member(pg::Pool& pool, Id user_id,
                                                               Id account_id);
asio::awaitable<result<>> note_sign_in(pg::Connection& connection, Id user_id, Timestamp at);

}  // namespace mw::auth
