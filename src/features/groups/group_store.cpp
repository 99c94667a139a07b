#include "features/groups/group_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mw::groups {
namespace {

#define MW_GROUP                                                              \
    "g.id, g.account_id, g.name, g.assign_by_default, g.sso_mapping_groups, " \
    "g.scim_managed, g.external_id, g.state, g.created_at, g.updated_at"
#define MW_GROUP_PERMISSION                                                                   \
    "id, account_id, group_id, project_id, permission_set, writable_environment_categories, " \
    "state, created_at, updated_at"

const pg::Query kAddFirst{"groups.add_first", R"(
WITH made AS (
    INSERT INTO groups (account_id, name, assign_by_default)
    VALUES ($1, 'Owner', false), ($1, 'Member', false), ($1, 'Everyone', true)
    RETURNING id, account_id, name)
INSERT INTO group_permissions (account_id, group_id, permission_set)
SELECT account_id, id, lower(name) FROM made WHERE name <> 'Everyone')"};

const pg::Query kJoinFirst{"groups.join_first", R"(
INSERT INTO group_members (group_id, user_id)
SELECT id, $2 FROM groups
WHERE account_id = $1 AND state = 1
  AND (assign_by_default OR name = CASE WHEN $3::boolean THEN 'Owner' ELSE 'Member' END)
ON CONFLICT DO NOTHING)"};

const pg::Query kFirst{"groups.first", R"(
SELECT id FROM groups
WHERE account_id = $1 AND state = 1 AND (assign_by_default OR ($2::boolean AND name = 'Member')))"};

const pg::Query kFind{"groups.find", "SELECT " MW_GROUP
                                     " FROM groups g WHERE g.account_id = $1 AND g.id = $2 AND "
                                     "g.state = 1"};

const pg::Query kPermissions{"groups.permissions",
                             "SELECT " MW_GROUP_PERMISSION
                             " FROM group_permissions WHERE group_id = $1 AND state = 1 "
                             "ORDER BY id"};

const pg::Query kCountMembers{"groups.count_members", R"(
SELECT count(*)::integer AS members FROM group_members gm JOIN groups g ON g.id = gm.group_id
JOIN account_members m ON m.user_id = gm.user_id AND m.account_id = g.account_id AND m.state = 1
WHERE gm.group_id = $1)"};

const pg::Query kEndPermissions{"groups.end_permissions", R"(
UPDATE group_permissions SET state = 2, updated_at = now() WHERE group_id = $1 AND state = 1)"};

const pg::Query kAddPermission{"groups.add_permission", R"(
INSERT INTO group_permissions (account_id, group_id, project_id, permission_set,
                               writable_environment_categories)
VALUES ($1, $2, $3, $4, $5::text[]) RETURNING )" MW_GROUP_PERMISSION};

const pg::Query kIsMember{
    "groups.is_member",
    "SELECT 1 AS one FROM account_members WHERE account_id = $1 AND user_id = $2 AND state = 1"};

const pg::Query kKnown{
    "groups.known",
    "SELECT id FROM groups WHERE account_id = $1 AND id = ANY($2::bigint[]) AND state = 1"};

const pg::Query kLeave{"groups.leave", R"(
DELETE FROM group_members USING groups g
WHERE g.id = group_id AND g.account_id = $1 AND user_id = $2 AND NOT group_id = ANY($3::bigint[]))"};

const pg::Query kJoinMany{"groups.join_many", R"(
INSERT INTO group_members (group_id, user_id) SELECT unnest($1::bigint[]), $2
ON CONFLICT DO NOTHING)"};

const pg::Query kOfUsers{"groups.of_users",
                         "SELECT gm.user_id, " MW_GROUP
                         " FROM groups g JOIN group_members gm ON gm.group_id = g.id "
                         "WHERE g.account_id = $1 AND gm.user_id = ANY($2::bigint[]) AND "
                         "g.state = 1 ORDER BY g.id"};

const pg::Query kKnownProjects{
    "groups.known_projects",
    "SELECT id FROM projects WHERE account_id = $1 AND id = ANY($2::bigint[]) AND state = 1"};

}  // namespace

Awaitable<> add_first_groups(pg::Connection& tx, Id account_id) {
    MW_CO_CHECK(co_await tx.run(kAddFirst, account_id));
    co_return result<>{};
}

Awaitable<> join_first_groups(pg::Connection& tx, Id account_id, Id user_id, bool is_owner) {
    MW_CO_CHECK(co_await tx.run(kJoinFirst, account_id, user_id, is_owner));
    co_return result<>{};
}

Awaitable<std::vector<Id>> first_groups(pg::Connection& connection, Id account_id, bool member) {
    MW_CO_TRY(auto rows, co_await connection.run(kFirst, account_id, member));
    co_return rows.column<Id>("id");
}

Awaitable<std::optional<Group>> find_group(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Group>();
}

Awaitable<std::vector<GroupPermission>> permissions_of(pg::Connection& connection, Id group_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPermissions, group_id));
    co_return rows.all<GroupPermission>();
}

Awaitable<int> count_members(pg::Connection& connection, Id group_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kCountMembers, group_id));
    co_return rows.get<int>(0, "members");
}

Awaitable<> check_projects(pg::Connection& connection, Id account_id,
                           const std::vector<GrantInput>& grants) {
    std::vector<Id> named;
    for (const auto& grant : grants)
        if (grant.project_id) named.push_back(*grant.project_id);
    if (named.empty()) co_return result<>{};
    MW_CO_TRY(auto rows, co_await connection.run(kKnownProjects, account_id, named));
    auto known = rows.column<Id>("id");
    for (auto id : named)
        if (std::ranges::find(known, id) == known.end())
            co_return fail_field("project_id", fmt::format("there is no project {}", id));
    co_return result<>{};
}

Awaitable<GroupPermission> add_permission(pg::Connection& tx, Id account_id, Id group_id,
                                          const GrantInput& grant) {
    MW_CO_TRY(auto rows,
              co_await tx.run(kAddPermission, account_id, group_id, grant.project_id,
                              grant.permission_set, grant.writable_environment_categories));
    co_return rows.as<GroupPermission>(0);
}

Awaitable<> replace_permissions(pg::Connection& tx, Id account_id, Id group_id,
                                const std::vector<GrantInput>& grants) {
    MW_CO_CHECK(co_await check_projects(tx, account_id, grants));
    MW_CO_CHECK(co_await tx.run(kEndPermissions, group_id));
    for (const auto& grant : grants)
        MW_CO_CHECK(co_await add_permission(tx, account_id, group_id, grant));
    co_return result<>{};
}

Awaitable<bool> is_member(pg::Connection& connection, Id account_id, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kIsMember, account_id, user_id));
    co_return !rows.empty();
}

Awaitable<std::vector<Id>> known_groups(pg::Connection& connection, Id account_id,
                                        std::vector<Id> ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kKnown, account_id, ids));
    co_return rows.column<Id>("id");
}

Awaitable<> set_groups_of(pg::Connection& tx, Id account_id, Id user_id, std::vector<Id> ids) {
    MW_CO_CHECK(co_await tx.run(kLeave, account_id, user_id, ids));
    MW_CO_CHECK(co_await tx.run(kJoinMany, ids, user_id));
    co_return result<>{};
}

Awaitable<std::vector<Group>> groups_of(pg::Connection& connection, Id account_id, Id user_id) {
    MW_CO_TRY(auto all, co_await groups_of(connection, account_id, std::vector<Id>{user_id}));
    co_return std::move(all[user_id]);
}

Awaitable<std::map<Id, std::vector<Group>>> groups_of(pg::Connection& connection, Id account_id,
                                                      std::vector<Id> user_ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kOfUsers, account_id, user_ids));
    std::map<Id, std::vector<Group>> all;
    for (int row = 0; row < rows.size(); ++row)
        all[rows.get<Id>(row, "user_id")].push_back(rows.as<Group>(row));
    co_return all;
}

}  // namespace mw::groups
