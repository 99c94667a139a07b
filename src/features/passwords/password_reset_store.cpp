#include "features/passwords/password_reset_store.hpp"

namespace mw::passwords {
namespace {

const pg::Query kInsert{"password_resets.insert", R"(
WITH gone AS (DELETE FROM password_resets WHERE user_id = $1 OR expires_at <= now())
INSERT INTO password_resets (user_id, token_hash) VALUES ($1, $2) RETURNING expires_at)"};

const pg::Query kLock{"password_resets.lock", R"(
SELECT u.id AS user_id, u.email,
       coalesce((SELECT min(m.account_id) FROM account_members m
                 WHERE m.user_id = u.id AND m.state = 1), 0) AS account_id
FROM password_resets r JOIN users u ON u.id = r.user_id AND u.is_active
WHERE r.token_hash = $1 AND r.expires_at > now() FOR UPDATE OF r)"};

const pg::Query kToSend{"password_resets.to_send", R"(
SELECT u.id AS user_id, u.email, min(m.account_id) AS account_id
FROM users u
JOIN account_members m ON m.user_id = u.id AND m.state = 1
JOIN accounts a ON a.id = m.account_id AND a.state = 1
WHERE u.email = lower($1) AND u.is_active
  AND NOT EXISTS (SELECT 1 FROM letters l
                  WHERE l.kind = 'password_reset' AND l.recipient = u.email
                    AND l.created_at > now() - interval '5 minutes')
GROUP BY u.id)"};

const pg::Query kPerson{"password_resets.person",
                        "SELECT id FROM users WHERE email = lower($1) AND is_active"};

}  // namespace

Awaitable<Timestamp> insert_reset(pg::Connection& tx, Id user_id, std::string token_hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsert, user_id, token_hash));
    co_return rows.get<Timestamp>(0, "expires_at");
}

Awaitable<std::optional<ResetOwner>> lock_reset(pg::Connection& tx, std::string token_hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kLock, token_hash));
    co_return rows.first<ResetOwner>();
}

Awaitable<std::optional<ResetOwner>> find_person_to_send(pg::Connection& tx, std::string email) {
    MW_CO_TRY(auto rows, co_await tx.run(kToSend, email));
    co_return rows.first<ResetOwner>();
}

Awaitable<std::optional<Id>> find_person(pg::Connection& connection, std::string email) {
    MW_CO_TRY(auto rows, co_await connection.run(kPerson, email));
    co_return rows.empty() ? std::nullopt : std::optional(rows.get<Id>(0, "id"));
}

}  // namespace mw::passwords
