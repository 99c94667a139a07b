// Groups, their permissions and members in the database.
#pragma once

#include <map>
#include <vector>

#include "features/groups/grant_input.hpp"
#include "features/groups/group.hpp"
#include "infra/pg/pool.hpp"

namespace mw::groups {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

// The three that every account begins with: Owner, Member, Everyone.
Awaitable<> add_first_groups(pg::Connection& tx, Id account_id);
// What a new member joins: Owner or Member, and whatever takes everybody in.
Awaitable<> join_first_groups(pg::Connection& tx, Id account_id, Id user_id, bool is_owner);

// Those that everybody joins, and Member if it is wanted.
Awaitable<std::vector<Id>> first_groups(pg::Connection& connection, Id account_id, bool member);

Awaitable<std::optional<Group>> find_group(pg::Connection& connection, Id account_id, Id id);
Awaitable<std::vector<GroupPermission>> permissions_of(pg::Connection& connection, Id group_id);
Awaitable<int> count_members(pg::Connection& connection, Id group_id);

// Instead of all that it gave. Errors: a 400 that names a project that is none of the account's.
Awaitable<> replace_permissions(pg::Connection& tx, Id account_id, Id group_id,
                                const std::vector<GrantInput>& grants);
Awaitable<GroupPermission> add_permission(pg::Connection& tx, Id account_id, Id group_id,
                                          const GrantInput& grant);

// A member of the account, active.
Awaitable<bool> is_member(pg::Connection& connection, Id account_id, Id user_id);
// Those of the ids that are groups of the account.
Awaitable<std::vector<Id>> known_groups(pg::Connection& connection, Id account_id,
                                        std::vector<Id> ids);
// In exactly these.
Awaitable<> set_groups_of(pg::Connection& tx, Id account_id, Id user_id, std::vector<Id> ids);
Awaitable<std::vector<Group>> groups_of(pg::Connection& connection, Id account_id, Id user_id);
// Of all these users at once, by user.
Awaitable<std::map<Id, std::vector<Group>>> groups_of(pg::Connection& connection, Id account_id,
                                                      std::vector<Id> user_ids);

// Projects of the account that are not deleted, among these.
Awaitable<> check_projects(pg::Connection& connection, Id account_id,
                           const std::vector<GrantInput>& grants);

}  // namespace mw::groups
