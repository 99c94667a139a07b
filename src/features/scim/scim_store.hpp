// Members and groups of an account as SCIM sees them, and its switch, in the database.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "features/scim/scim_json.hpp"
#include "features/scim/scim_query.hpp"
#include "infra/pg/pool.hpp"

namespace mw::scim {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// Active members, and those that SCIM has made inactive.
Awaitable<std::vector<Person>> list_people(pg::Connection& connection, Id account_id, Query query);
Awaitable<std::int64_t> count_people(pg::Connection& connection, Id account_id, Query query);
Awaitable<std::optional<Person>> find_person(pg::Connection& connection, Id account_id, Id id);
// Whoever has the address, in whatever account.
Awaitable<std::optional<Id>> user_with_email(pg::Connection& connection, std::string email);
// The person's own columns, and those of the membership.
Awaitable<> update_person(pg::Connection& tx, Id account_id, const Person& person);

Awaitable<std::vector<Group>> list_groups(pg::Connection& connection, Id account_id, Query query);
Awaitable<std::int64_t> count_groups(pg::Connection& connection, Id account_id, Query query);
Awaitable<std::optional<Group>> find_group(pg::Connection& connection, Id account_id, Id id);
Awaitable<std::vector<Group>> groups_of(pg::Connection& connection, Id account_id, Id user_id);
Awaitable<std::vector<Member>> members_of(pg::Connection& connection, Id account_id, Id group_id);
// Of these, who is a member of the account.
Awaitable<std::set<Id>> known_members(pg::Connection& connection, Id account_id,
                                      std::vector<Id> ids);
Awaitable<Id> insert_group(pg::Connection& tx, Id account_id, const Group& group);
Awaitable<> update_group(pg::Connection& tx, const Group& group);
Awaitable<> set_members(pg::Connection& tx, Id group_id, std::vector<Id> user_ids);
Awaitable<> end_group(pg::Connection& tx, Id group_id);

struct Configuration {
    bool enabled = false;
    bool manual_updates_allowed = true;
    bool scim_controlled_license_type = false;
};
BOOST_DESCRIBE_STRUCT(Configuration, (),
                      (enabled, manual_updates_allowed, scim_controlled_license_type))
Awaitable<Configuration> find_configuration(pg::Connection& connection, Id account_id);
Awaitable<> set_configuration(pg::Connection& tx, Id account_id, Configuration configuration);

// Service tokens that may do nothing but SCIM.
struct ScimToken {
    Id id = 0;
    std::string name;
    Timestamp created_at;
    std::optional<Timestamp> last_used;
};
BOOST_DESCRIBE_STRUCT(ScimToken, (), (id, name, created_at, last_used))
Awaitable<std::vector<ScimToken>> list_tokens(pg::Connection& connection, Id account_id);
Awaitable<std::optional<ScimToken>> find_token(pg::Connection& connection, Id account_id, Id id);
Awaitable<Id> insert_token(pg::Connection& tx, Id account_id, std::string name, std::string hash);
Awaitable<> end_token(pg::Connection& tx, Id account_id, Id id);

}  // namespace mw::scim
