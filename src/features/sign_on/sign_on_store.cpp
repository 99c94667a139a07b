#include "features/sign_on/sign_on_store.hpp"

namespace mw::sign_on {
namespace {

#define MW_PROVIDER                                                                        \
    "SELECT p.id, p.account_id, p.type, p.slug, p.name, p.allow_password_backdoor, "       \
    "p.entity_id, p.sso_url, p.cert, p.sign_request, p.attribute_map, p.issuer_url, "      \
    "p.client_id, p.tenant_id, p.domain, p.include_indirect_groups, "                      \
    "p.max_groups_to_retrieve, p.gsuite_admin_id, p.authorization_url, p.sp_certificate, " \
    "p.sealed_secrets, p.last_used_at, p.state, p.created_at, p.updated_at "               \
    "FROM auth_providers p JOIN accounts a ON a.id = p.account_id AND a.state = 1 "        \
    "WHERE p.state = 1 AND "

const pg::Query kChoices{"sign_on.choices", R"(
SELECT p.slug, p.type, p.name, a.name AS account_name
FROM auth_providers p JOIN accounts a ON a.id = p.account_id AND a.state = 1
WHERE p.state = 1 ORDER BY p.id LIMIT 100)"};

const pg::Query kBySlug{"sign_on.by_slug", MW_PROVIDER "p.slug = $1"};
const pg::Query kById{"sign_on.by_id", MW_PROVIDER "p.id = $1"};

const pg::Query kSlugTaken{"sign_on.slug_taken", R"(
SELECT 1 AS one FROM auth_providers WHERE slug = $1 AND id <> $2 AND state = 1)"};

const pg::Query kSetSecrets{"sign_on.set_secrets", R"(
UPDATE auth_providers SET sealed_secrets = $2::bytea, sp_certificate = $3 WHERE id = $1)"};

const pg::Query kNoteUse{"sign_on.note_use",
                         "UPDATE auth_providers SET last_used_at = now() WHERE id = $1"};

const pg::Query kPerson{"sign_on.person", R"(
SELECT u.id AS user_id, u.is_active, m.state AS membership_state, m.license_type
FROM users u LEFT JOIN account_members m ON m.user_id = u.id AND m.account_id = $1
WHERE u.email = lower($2) ORDER BY m.state LIMIT 1)"};

const pg::Query kMappedGroups{"sign_on.mapped_groups", R"(
SELECT id, sso_mapping_groups FROM groups
WHERE account_id = $1 AND state = 1 AND cardinality(sso_mapping_groups) > 0)"};

const pg::Query kLeaveGroups{"sign_on.leave_groups", R"(
DELETE FROM group_members USING groups g
WHERE g.id = group_id AND g.account_id = $1 AND user_id = $2
  AND cardinality(g.sso_mapping_groups) > 0 AND NOT group_id = ANY($3::bigint[]))"};

const pg::Query kJoinGroups{"sign_on.join_groups", R"(
INSERT INTO group_members (group_id, user_id) SELECT unnest($1::bigint[]), $2
ON CONFLICT DO NOTHING)"};

const pg::Query kMappedLicenses{"sign_on.mapped_licenses", R"(
SELECT license_type, sso_license_mapping_groups FROM license_maps
WHERE account_id = $1 AND state = 1)"};

const pg::Query kSetLicense{"sign_on.set_license", R"(
UPDATE account_members SET license_type = $3, updated_at = now()
WHERE account_id = $1 AND user_id = $2 AND state = 1 AND license_type <> $3)"};

const pg::Query kFillNames{"sign_on.fill_names", R"(
UPDATE users SET first_name = CASE WHEN first_name = '' THEN $2 ELSE first_name END,
                 last_name = CASE WHEN last_name = '' THEN $3 ELSE last_name END
WHERE id = $1 AND (first_name = '' OR last_name = ''))"};

const pg::Query kForgetAssertions{"sign_on.forget_assertions",
                                  "DELETE FROM used_assertions WHERE expires_at < now()"};

const pg::Query kUseAssertion{"sign_on.use_assertion", R"(
INSERT INTO used_assertions (id_hash, expires_at) VALUES ($1, $2)
ON CONFLICT DO NOTHING RETURNING id_hash)"};

const pg::Query kAllowPasswords{"sign_on.allow_passwords", R"(
WITH changed AS (
    UPDATE auth_providers SET allow_password_backdoor = true, updated_at = now()
    WHERE state = 1 AND NOT allow_password_backdoor AND account_id IN
        (SELECT account_id FROM account_members WHERE user_id = $1 AND state = 1)
    RETURNING account_id)
SELECT DISTINCT account_id FROM changed)"};

}  // namespace

Awaitable<std::vector<SignOnChoice>> list_choices(pg::Pool& pool) {
    MW_CO_TRY(auto rows, co_await pool.run(kChoices));
    co_return rows.all<SignOnChoice>();
}

Awaitable<std::optional<AuthProvider>> find_provider(pg::Pool& pool, std::string slug) {
    MW_CO_TRY(auto rows, co_await pool.run(kBySlug, slug));
    co_return rows.first<AuthProvider>();
}

Awaitable<std::optional<AuthProvider>> find_provider(pg::Pool& pool, Id id) {
    MW_CO_TRY(auto rows, co_await pool.run(kById, id));
    co_return rows.first<AuthProvider>();
}

Awaitable<bool> is_slug_taken(pg::Connection& tx, std::string slug, Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kSlugTaken, slug, id));
    co_return rows.size() > 0;
}

Awaitable<> set_secrets(pg::Connection& tx, Id id, pg::Bytes sealed,
                        std::optional<std::string> sp_certificate) {
    MW_CO_CHECK(co_await tx.run(kSetSecrets, id, sealed, sp_certificate));
    co_return result<>{};
}

Awaitable<> note_use(pg::Connection& tx, Id id) {
    MW_CO_CHECK(co_await tx.run(kNoteUse, id));
    co_return result<>{};
}

Awaitable<std::optional<KnownPerson>> find_person(pg::Connection& tx, Id account_id,
                                                  std::string email) {
    MW_CO_TRY(auto rows, co_await tx.run(kPerson, account_id, email));
    co_return rows.first<KnownPerson>();
}

Awaitable<std::vector<MappedGroup>> mapped_groups(pg::Connection& tx, Id account_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kMappedGroups, account_id));
    co_return rows.all<MappedGroup>();
}

Awaitable<> set_mapped_groups(pg::Connection& tx, Id account_id, Id user_id, std::vector<Id> ids) {
    MW_CO_CHECK(co_await tx.run(kLeaveGroups, account_id, user_id, ids));
    MW_CO_CHECK(co_await tx.run(kJoinGroups, ids, user_id));
    co_return result<>{};
}

Awaitable<std::vector<MappedLicense>> mapped_licenses(pg::Connection& tx, Id account_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kMappedLicenses, account_id));
    co_return rows.all<MappedLicense>();
}

Awaitable<> set_license(pg::Connection& tx, Id account_id, Id user_id, std::string license_type) {
    MW_CO_CHECK(co_await tx.run(kSetLicense, account_id, user_id, license_type));
    co_return result<>{};
}

Awaitable<> fill_names(pg::Connection& tx, Id user_id, std::string first, std::string last) {
    MW_CO_CHECK(co_await tx.run(kFillNames, user_id, first, last));
    co_return result<>{};
}

Awaitable<bool> use_assertion(pg::Connection& tx, std::string id_hash, Timestamp expires_at) {
    MW_CO_CHECK(co_await tx.run(kForgetAssertions));
    MW_CO_TRY(auto rows, co_await tx.run(kUseAssertion, id_hash, expires_at));
    co_return rows.size() == 1;
}

Awaitable<std::vector<Id>> allow_passwords(pg::Connection& tx, Id user_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kAllowPasswords, user_id));
    co_return rows.column<Id>("account_id");
}

}  // namespace mw::sign_on
