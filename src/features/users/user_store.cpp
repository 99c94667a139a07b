#include "features/users/user_store.hpp"

namespace mw::users {
namespace {

#define MW_USER_COLUMNS                                                                    \
    "SELECT u.id, u.email, u.first_name, u.last_name, u.is_active, u.is_staff, "           \
    "u.last_login, (SELECT max(t.last_used_at) FROM api_tokens t WHERE t.user_id = u.id) " \
    "AS apitoken_last_used, u.created_at, m.id AS membership_id, m.license_type, "         \
    "m.created_at AS member_since "
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
                          "m.state",
                          api::DefaultState::active};

const pg::Query kFind{"users.find", MW_USER_COLUMNS MW_USER_FROM " AND m.state = 1 AND u.id = $2"};

const pg::Query kInsert{"users.insert", R"(
INSERT INTO users (email, first_name, last_name, password_hash)
VALUES (lower($1), $2, $3, $4) RETURNING id)"};

const pg::Query kInsertMember{"users.insert_member", R"(
INSERT INTO account_members (account_id, user_id, is_owner) VALUES ($1, $2, $3))"};

const pg::Query kSetPassword{
    "users.set_password", "UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1"};

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

asio::awaitable<result<>> insert_member(pg::Connection& connection, Id account_id, Id user_id,
                                        bool is_owner) {
    MW_CO_CHECK(co_await connection.run(kInsertMember, account_id, user_id, is_owner));
    co_return result<>{};
}

asio::awaitable<result<>> set_password(pg::Connection& connection, Id user_id, std::string hash) {
    MW_CO_CHECK(co_await connection.run(kSetPassword, user_id, hash));
    co_return result<>{};
}

}  // namespace mw::users
