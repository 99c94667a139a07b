#include "features/scim/scim_store.hpp"

namespace mw::scim {
namespace {

#define MW_PERSON                                                                      \
    "SELECT u.id, u.email, u.first_name, u.last_name, m.license_type, m.external_id, " \
    "m.state = 1 AS active, m.created_at, greatest(u.updated_at, m.updated_at) AS updated_at "
#define MW_PERSON_FROM                                         \
    "FROM account_members m JOIN users u ON u.id = m.user_id " \
    "WHERE m.account_id = $1 AND (m.state = 1 OR m.scim_managed) "
#define MW_PERSON_WHERE \
    "AND ($2::text IS NULL OR u.email = lower($2)) AND ($3::text IS NULL OR m.external_id = $3) "
#define MW_GROUP "SELECT g.id, g.name, g.external_id, g.created_at, g.updated_at FROM groups g "
#define MW_GROUP_WHERE                                                               \
    "WHERE g.account_id = $1 AND g.state = 1 AND ($2::text IS NULL OR g.name = $2) " \
    "AND ($3::text IS NULL OR g.external_id = $3) "
#define MW_TOKEN                                                                        \
    "SELECT t.id, t.name, t.created_at, t.last_used_at AS last_used FROM api_tokens t " \
    "WHERE t.account_id = $1 AND t.kind = 'service' AND t.state = 1 AND EXISTS "        \
    "(SELECT 1 FROM token_permissions p WHERE p.token_id = t.id AND p.state = 1 "       \
    "AND p.permission_set = 'scim_only') "

const pg::Query kPeople{
    "scim.people", MW_PERSON MW_PERSON_FROM MW_PERSON_WHERE "ORDER BY u.id LIMIT $4 OFFSET $5"};
const pg::Query kCountPeople{"scim.count_people",
                             "SELECT count(*) AS total " MW_PERSON_FROM MW_PERSON_WHERE};
const pg::Query kPerson{"scim.person", MW_PERSON MW_PERSON_FROM "AND u.id = $2"};
const pg::Query kByEmail{"scim.by_email", "SELECT id FROM users WHERE email = lower($1)"};

const pg::Query kUpdateUser{"scim.update_user", R"(
UPDATE users SET email = lower($2), first_name = $3, last_name = $4, updated_at = now()
WHERE id = $1)"};
const pg::Query kUpdateMember{"scim.update_member", R"(
UPDATE account_members SET license_type = $3, external_id = $4,
    state = CASE WHEN $5 THEN 1 ELSE 2 END, scim_managed = true, updated_at = now()
WHERE account_id = $1 AND user_id = $2)"};

const pg::Query kGroups{"scim.groups", MW_GROUP MW_GROUP_WHERE "ORDER BY g.id LIMIT $4 OFFSET $5"};
const pg::Query kCountGroups{"scim.count_groups",
                             "SELECT count(*) AS total FROM groups g " MW_GROUP_WHERE};
const pg::Query kGroup{"scim.group",
                       MW_GROUP "WHERE g.account_id = $1 AND g.id = $2 AND g.state = 1"};
const pg::Query kGroupsOf{"scim.groups_of", MW_GROUP
                          "JOIN group_members gm ON gm.group_id = g.id "
                          "WHERE g.account_id = $1 AND gm.user_id = $2 AND g.state = 1 "
                          "ORDER BY g.id"};
const pg::Query kMembersOf{"scim.members_of", R"(
SELECT u.id, u.email FROM group_members gm JOIN users u ON u.id = gm.user_id
JOIN account_members m ON m.user_id = u.id AND m.account_id = $1 AND m.state = 1
WHERE gm.group_id = $2 ORDER BY u.id)"};
const pg::Query kKnownMembers{"scim.known_members", R"(
SELECT user_id FROM account_members
WHERE account_id = $1 AND user_id = ANY($2::bigint[]) AND (state = 1 OR scim_managed))"};
const pg::Query kInsertGroup{"scim.insert_group", R"(
INSERT INTO groups (account_id, name, external_id, scim_managed) VALUES ($1, $2, $3, true)
RETURNING id)"};
const pg::Query kUpdateGroup{"scim.update_group", R"(
UPDATE groups SET name = $2, external_id = $3, scim_managed = true, updated_at = now()
WHERE id = $1)"};
const pg::Query kEmpty{"scim.empty", R"(
DELETE FROM group_members WHERE group_id = $1 AND NOT user_id = ANY($2::bigint[]))"};
const pg::Query kFill{"scim.fill", R"(
INSERT INTO group_members (group_id, user_id) SELECT $1, unnest($2::bigint[])
ON CONFLICT DO NOTHING)"};
const pg::Query kEndGroup{"scim.end_group",
                          "UPDATE groups SET state = 2, updated_at = now() WHERE id = $1"};

const pg::Query kConfiguration{"scim.configuration", R"(
SELECT enabled, manual_updates_allowed, scim_controlled_license_type FROM scim_configurations
WHERE account_id = $1)"};
const pg::Query kSetConfiguration{"scim.set_configuration", R"(
INSERT INTO scim_configurations (account_id, enabled, manual_updates_allowed,
                                 scim_controlled_license_type)
VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET enabled = excluded.enabled,
    manual_updates_allowed = excluded.manual_updates_allowed,
    scim_controlled_license_type = excluded.scim_controlled_license_type, updated_at = now())"};

const pg::Query kTokens{"scim.tokens", MW_TOKEN "ORDER BY t.id"};
const pg::Query kToken{"scim.token", MW_TOKEN "AND t.id = $2"};
const pg::Query kInsertToken{"scim.insert_token", R"(
WITH made AS (
    INSERT INTO api_tokens (account_id, kind, name, token_hash) VALUES ($1, 'service', $2, $3)
    RETURNING id, account_id)
INSERT INTO token_permissions (account_id, token_id, permission_set)
SELECT account_id, id, 'scim_only' FROM made RETURNING token_id AS id)"};
const pg::Query kEndToken{"scim.end_token", R"(
UPDATE api_tokens SET state = 2, updated_at = now() WHERE account_id = $1 AND id = $2)"};

}  // namespace

Awaitable<std::vector<Person>> list_people(pg::Connection& connection, Id account_id, Query query) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kPeople, account_id, query.value, query.external_id,
                                      query.count, query.start_index - 1));
    co_return rows.all<Person>();
}

Awaitable<std::int64_t> count_people(pg::Connection& connection, Id account_id, Query query) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kCountPeople, account_id, query.value, query.external_id));
    co_return rows.get<std::int64_t>(0, "total");
}

Awaitable<std::optional<Person>> find_person(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPerson, account_id, id));
    co_return rows.first<Person>();
}

Awaitable<std::optional<Id>> user_with_email(pg::Connection& connection, std::string email) {
    MW_CO_TRY(auto rows, co_await connection.run(kByEmail, email));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "id"));
}

Awaitable<> update_person(pg::Connection& tx, Id account_id, const Person& person) {
    MW_CO_CHECK(
        co_await tx.run(kUpdateUser, person.id, person.email, person.first_name, person.last_name));
    MW_CO_CHECK(co_await tx.run(kUpdateMember, account_id, person.id, person.license_type,
                                person.external_id, person.active));
    co_return result<>{};
}

Awaitable<std::vector<Group>> list_groups(pg::Connection& connection, Id account_id, Query query) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kGroups, account_id, query.value, query.external_id,
                                      query.count, query.start_index - 1));
    co_return rows.all<Group>();
}

Awaitable<std::int64_t> count_groups(pg::Connection& connection, Id account_id, Query query) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kCountGroups, account_id, query.value, query.external_id));
    co_return rows.get<std::int64_t>(0, "total");
}

Awaitable<std::optional<Group>> find_group(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kGroup, account_id, id));
    co_return rows.first<Group>();
}

Awaitable<std::vector<Group>> groups_of(pg::Connection& connection, Id account_id, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kGroupsOf, account_id, user_id));
    co_return rows.all<Group>();
}

Awaitable<std::vector<Member>> members_of(pg::Connection& connection, Id account_id, Id group_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kMembersOf, account_id, group_id));
    co_return rows.all<Member>();
}

Awaitable<std::set<Id>> known_members(pg::Connection& connection, Id account_id,
                                      std::vector<Id> ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kKnownMembers, account_id, ids));
    auto known = rows.column<Id>("user_id");
    co_return std::set<Id>(known.begin(), known.end());
}

Awaitable<Id> insert_group(pg::Connection& tx, Id account_id, const Group& group) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsertGroup, account_id, group.name, group.external_id));
    co_return rows.get<Id>(0, "id");
}

Awaitable<> update_group(pg::Connection& tx, const Group& group) {
    MW_CO_CHECK(co_await tx.run(kUpdateGroup, group.id, group.name, group.external_id));
    co_return result<>{};
}

Awaitable<> set_members(pg::Connection& tx, Id group_id, std::vector<Id> user_ids) {
    MW_CO_CHECK(co_await tx.run(kEmpty, group_id, user_ids));
    MW_CO_CHECK(co_await tx.run(kFill, group_id, user_ids));
    co_return result<>{};
}

Awaitable<> end_group(pg::Connection& tx, Id group_id) {
    MW_CO_CHECK(co_await tx.run(kEndGroup, group_id));
    co_return result<>{};
}

Awaitable<Configuration> find_configuration(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kConfiguration, account_id));
    co_return rows.first<Configuration>().value_or(Configuration{});
}

Awaitable<> set_configuration(pg::Connection& tx, Id account_id, Configuration configuration) {
    MW_CO_CHECK(co_await tx.run(kSetConfiguration, account_id, configuration.enabled,
                                configuration.manual_updates_allowed,
                                configuration.scim_controlled_license_type));
    co_return result<>{};
}

Awaitable<std::vector<ScimToken>> list_tokens(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kTokens, account_id));
    co_return rows.all<ScimToken>();
}

Awaitable<std::optional<ScimToken>> find_token(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kToken, account_id, id));
    co_return rows.first<ScimToken>();
}

Awaitable<Id> insert_token(pg::Connection& tx, Id account_id, std::string name, std::string hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsertToken, account_id, name, hash));
    co_return rows.get<Id>(0, "id");
}

Awaitable<> end_token(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_CHECK(co_await tx.run(kEndToken, account_id, id));
    co_return result<>{};
}

}  // namespace mw::scim
