// A token of the API, as stored: of a service or of a person.
#pragma once

#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::service_tokens {

struct Token {
    Id id = 0;
    Id account_id = 0;
    std::optional<Id> user_id;
    std::string kind = "service";
    std::string uid;  // names it where its text must not stand
    std::string name;
    std::string token_hash;
    int state = 1;
    std::optional<Timestamp> last_used_at;
    std::optional<Timestamp> expires_at;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Token, (),
                      (id, account_id, user_id, kind, uid, name, token_hash, state, last_used_at,
                       expires_at, created_at, updated_at))

struct TokenPermission {
    Id id = 0;
    Id account_id = 0;
    Id service_token_id = 0;
    std::optional<Id> project_id;
    std::string permission_set;
    std::vector<std::string> writable_environment_categories;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(TokenPermission, (),
                      (id, account_id, service_token_id, project_id, permission_set,
                       writable_environment_categories, state, created_at, updated_at))

boost::json::object token_json(const Token& token);
boost::json::object token_permission_json(const TokenPermission& permission);
void add_permissions(boost::json::object& token, const std::vector<TokenPermission>& permissions);

}  // namespace mw::service_tokens
