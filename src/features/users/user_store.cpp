#include "features/users/user_store.hpp"

namespace mw::users {
namespace {

#define MW_USER_COLUMNS                                                                    \
    "SELECT u.id, u.email, u.first_name, u.last_name, u.is_active, u.is_staff, "           \
    "u.last_login, (SELECT max(t.last_used_at) FROM api_tokens t WHERE t.user_id = u.id) " \
    "AS apitoken_last_used, u.created_at, u.updated_at, m.id AS membership_id, "           \
    "m.license_type, m.created_at AS member_since, m.updated_at AS membership_updated_at "
#define MW_USER_FROM \
    "FROM users u JOIN account_members m ON m.user_id = u.id WHERE m.account_id = $1"

constexpr api::Filter kFilters[] = {{"id", "u.id", api::FilterType::id},
                                    {"pk", "u.id", api::FilterType::id},
                                    {"email", "u.email", api::FilterType::text}};
constexpr api::OrderColumn kOrders[] = {
    {"id", "u.id"}, {"email", "u.email"}, {"created_at", "u.created_at"}};

const api::ListSpec kList{"users.list",
                          MW_USER_COLUMNS MW_USER_FROM,
                          "SELECT count(*) AS total " MW_USER_FROM,
                          kFilters,
                          kOrders,
                          "id",
                          "",
                          "m.state",
                          api::DefaultState::active};

const pg::Query kFind{"users.find", MW_USER_COLUMNS MW_USER_FROM " AND m.state = 1 AND u.id = $2"};

const pg::Query kInsert{"users.insert", R"(
INSERT INTO users (email, first_name, last_name, password_hash)
VALUES (lower($1), $2, $3, $4) RETURNING id)"};

const pg::Query kInsertMember{"users.insert_member", R"(
INSERT INTO account_members (account_id, user_id, is_owner, license_type)
VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id, user_id) DO UPDATE
SET state = 1, license_type = excluded.license_type, updated_at = now())"};

const pg::Query kSetNames{"users.set_names", R"(
UPDATE users SET first_name = $2, last_name = $3, updated_at = now() WHERE id = $1)"};

const pg::Query kUserOfMembership{
    "users.of_membership", "SELECT user_id FROM account_members WHERE account_id = $1 AND id = $2"};

const pg::Query kIsOwner{
    "users.is_owner",
    "SELECT is_owner FROM account_members WHERE account_id = $1 AND user_id = $2"};

const pg::Query kSetMembership{"users.set_membership", R"(
UPDATE account_members SET license_type = $2, state = $3, updated_at = now() WHERE id = $1)"};

const pg::Query kCountLicenses{"users.count_licenses", R"(
SELECT license_type, count(*)::integer AS in_use FROM account_members
WHERE account_id = $1 AND state = 1 GROUP BY license_type)"};

const pg::Query kSetPassword{"users.set_password", R"(
WITH ended AS (DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $3),
     taken_back AS (DELETE FROM password_resets WHERE user_id = $1)
UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1)"};

const pg::Query kFindPassword{
    "users.find_password",
    "SELECT coalesce(password_hash, '') AS hash FROM users WHERE id = $1 AND is_active"};

const pg::Query kAccountsOf{
    "users.accounts_of",
    "SELECT account_id FROM account_members WHERE user_id = $1 AND state = 1 ORDER BY account_id"};

}  // namespace

const api::ListSpec& user_list() {
    return kList;
}

asio::awaitable<result<std::optional<User>>> find_user(pg::Pool& pool, Id account_id, Id user_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFind, account_id, user_id));
    co_return rows.first<User>();
}

asio::awaitable<result<Id>> insert_user(pg::Connection& connection, NewUser user) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsert, user.email, user.first_name,
                                                 user.last_name, user.password_hash));
    co_return rows.get<Id>(0, "id");
}

asio::awaitable<result<>> insert_member(pg::Connection& connection, NewMember member) {
    MW_CO_CHECK(co_await connection.run(kInsertMember, member.account_id, member.user_id,
                                        member.is_owner, member.license_type));
    co_return result<>{};
}

asio::awaitable<result<>> set_names(pg::Connection& connection, Id user_id, std::string first,
                                    std::string last) {
    MW_CO_CHECK(co_await connection.run(kSetNames, user_id, first, last));
    co_return result<>{};
}

asio::awaitable<result<std::optional<Id>>> find_user_of_membership(pg::Connection& connection,
                                                                   Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kUserOfMembership, account_id, id));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "user_id"));
}

asio::awaitable<result<bool>> is_owner(pg::Connection& connection, Id account_id, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kIsOwner, account_id, user_id));
    co_return !rows.empty() && rows.get<bool>(0, "is_owner");
}

asio::awaitable<result<>> set_membership(pg::Connection& connection, Id id,
                                         std::string license_type, int state) {
    MW_CO_CHECK(co_await connection.run(kSetMembership, id, license_type, state));
    co_return result<>{};
}

asio::awaitable<result<std::vector<LicenseCount>>> count_licenses(pg::Pool& pool, Id account_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kCountLicenses, account_id));
    co_return rows.all<LicenseCount>();
}

asio::awaitable<result<>> set_password(pg::Connection& connection, Id user_id, std::string hash,
                                       std::string kept_session) {
    MW_CO_CHECK(co_await connection.run(kSetPassword, user_id, hash, kept_session));
    co_return result<>{};
}

asio::awaitable<result<std::string>> find_password(pg::Connection& connection, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindPassword, user_id));
    co_return rows.empty() ? std::string() : rows.get<std::string>(0, "hash");
}

asio::awaitable<result<std::vector<Id>>> accounts_of(pg::Connection& connection, Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kAccountsOf, user_id));
    co_return rows.column<Id>("account_id");
}

}  // namespace mw::users
