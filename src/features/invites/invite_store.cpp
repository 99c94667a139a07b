#include "features/invites/invite_store.hpp"

namespace mw::invites {
namespace {

#define MW_INVITE                                                                         \
    "SELECT i.id, i.account_id, i.email_address, i.license_type, i.group_ids, i.status, " \
    "i.redeemed_at, i.expires_at, i.created_at FROM invites i "

constexpr api::Filter kFilters[] = {{"id", "i.id", api::FilterType::id},
                                    {"pk", "i.id", api::FilterType::id},
                                    {"email_address", "i.email_address", api::FilterType::text},
                                    {"status", "i.status", api::FilterType::integer}};
constexpr api::OrderColumn kOrders[] = {{"id", "i.id"}, {"created_at", "i.created_at"}};

const api::ListSpec kList{
    .name = "invites.list",
    .select = MW_INVITE "WHERE i.account_id = $1",
    .count = "SELECT count(*) AS total FROM invites i WHERE i.account_id = $1",
    .filters = kFilters,
    .orders = kOrders,
    .default_order = "id",
    .project_sql = "",
    .state_sql = "i.state",
    .default_state = api::DefaultState::active};

const pg::Query kFind{"invites.find",
                      MW_INVITE "WHERE i.account_id = $1 AND i.id = $2 AND i.state = 1"};

const pg::Query kWithdraw{"invites.withdraw", R"(
UPDATE invites SET status = 3, updated_at = now()
WHERE account_id = $1 AND email_address = $2 AND status = 1)"};

const pg::Query kWithdrawOne{"invites.withdraw_one", R"(
UPDATE invites SET status = 3, updated_at = now()
WHERE account_id = $1 AND id = $2 AND status = 1 AND state = 1
RETURNING email_address)"};

const pg::Query kInsert{"invites.insert", R"(
INSERT INTO invites (account_id, email_address, license_type, group_ids, token_hash)
VALUES ($1, $2, $3, $4::bigint[], $5))"};

const pg::Query kLockOpen{"invites.lock_open", MW_INVITE R"(
JOIN accounts a ON a.id = i.account_id AND a.state = 1
WHERE i.token_hash = $1 AND i.status = 1 AND i.state = 1 AND i.expires_at > now()
FOR UPDATE OF i)"};

const pg::Query kRedeem{"invites.redeem", R"(
UPDATE invites SET status = 2, redeemed_at = now(), updated_at = now() WHERE id = $1)"};

const pg::Query kAccountName{"invites.account_name", "SELECT name FROM accounts WHERE id = $1"};

const pg::Query kPerson{"invites.person", "SELECT id FROM users WHERE email = lower($1)"};

const pg::Query kIsMember{"invites.is_member", R"(
SELECT 1 AS one FROM account_members m JOIN users u ON u.id = m.user_id
WHERE m.account_id = $1 AND u.email = lower($2) AND m.state = 1)"};

}  // namespace

const api::ListSpec& invite_list() {
    return kList;
}

Awaitable<std::optional<Invite>> find_invite(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, id));
    co_return rows.first<Invite>();
}

Awaitable<> insert_invite(pg::Connection& tx, const Invite& invite, std::string token_hash) {
    MW_CO_CHECK(co_await tx.run(kWithdraw, invite.account_id, invite.email_address));
    MW_CO_CHECK(co_await tx.run(kInsert, invite.account_id, invite.email_address,
                                invite.license_type, invite.group_ids, token_hash));
    co_return result<>{};
}

Awaitable<std::optional<Invite>> lock_open_invite(pg::Connection& tx, std::string token_hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kLockOpen, token_hash));
    co_return rows.first<Invite>();
}

Awaitable<std::optional<std::string>> withdraw(pg::Connection& tx, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kWithdrawOne, account_id, id));
    co_return rows.empty() ? std::nullopt
                           : std::optional(rows.get<std::string>(0, "email_address"));
}

Awaitable<> redeem(pg::Connection& tx, Id id) {
    MW_CO_CHECK(co_await tx.run(kRedeem, id));
    co_return result<>{};
}

Awaitable<std::string> name_of_account(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kAccountName, account_id));
    co_return rows.get<std::string>(0, "name");
}

Awaitable<std::optional<Id>> find_person(pg::Connection& connection, std::string email) {
    MW_CO_TRY(auto rows, co_await connection.run(kPerson, email));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "id"));
}

Awaitable<bool> is_member(pg::Connection& connection, Id account_id, std::string email) {
    MW_CO_TRY(auto rows, co_await connection.run(kIsMember, account_id, email));
    co_return !rows.empty();
}

}  // namespace mw::invites
