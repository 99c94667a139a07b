#include "features/auth/auth_store.hpp"

namespace mw::auth {
namespace {

// Of the member `m`: what the owner of an account may anyway, and what groups give.
#define MW_GRANTS_OF_MEMBER                                                                   \
    "(SELECT coalesce(jsonb_agg(jsonb_build_object('set', given.permission_set, "             \
    "'project', given.project_id, 'categories', given.categories)), '[]'::jsonb) FROM ("      \
    "SELECT p.permission_set, p.project_id, p.writable_environment_categories AS categories " \
    "FROM group_members gm JOIN groups g ON g.id = gm.group_id AND g.state = 1 "              \
    "JOIN group_permissions p ON p.group_id = g.id AND p.state = 1 "                          \
    "WHERE gm.user_id = m.user_id AND g.account_id = m.account_id "                           \
    "UNION ALL SELECT 'owner', NULL, '{}' WHERE m.is_owner) given)"

// Whether the account `a` lets the address in that is this parameter (features/ip_restrictions).
#define MW_ADMITTED(address)                                                                      \
    "(NOT a.ip_restrictions_enabled OR " address                                                  \
    "::inet IS NULL OR ("                                                                         \
    "NOT EXISTS (SELECT 1 FROM ip_restriction_rules r, unnest(r.cidrs) c WHERE r.account_id = "   \
    "a.id AND r.state = 1 AND r.type = 2 AND " address                                            \
    "::inet <<= c::inet) AND ("                                                                   \
    "NOT EXISTS (SELECT 1 FROM ip_restriction_rules r WHERE r.account_id = a.id AND r.state = 1 " \
    "AND r.type = 1) OR EXISTS (SELECT 1 FROM ip_restriction_rules r, unnest(r.cidrs) c WHERE "   \
    "r.account_id = a.id AND r.state = 1 AND r.type = 1 AND " address "::inet <<= c::inet))))"

const pg::Query kFindToken{"auth.find_token", R"(
SELECT t.id AS token_id, t.account_id, t.user_id, coalesce(u.email, t.name) AS name,
    coalesce(m.license_type, '') AS license_type, )" MW_ADMITTED("$2") R"( AS admitted,
    t.last_used_at IS NULL OR t.last_used_at < now() - interval '1 minute' AS long_unused,
    CASE WHEN t.user_id IS NULL THEN
        (SELECT coalesce(jsonb_agg(jsonb_build_object('set', p.permission_set, 'project',
            p.project_id, 'categories', p.writable_environment_categories)), '[]'::jsonb)
         FROM token_permissions p WHERE p.token_id = t.id AND p.state = 1)
    ELSE )" MW_GRANTS_OF_MEMBER R"( END AS grants
FROM api_tokens t
JOIN accounts a ON a.id = t.account_id AND a.state = 1
LEFT JOIN users u ON u.id = t.user_id
LEFT JOIN account_members m ON m.user_id = t.user_id AND m.account_id = t.account_id
WHERE t.token_hash = $1 AND t.state = 1
  AND (t.expires_at IS NULL OR t.expires_at > now())
  AND (t.user_id IS NULL OR (u.is_active AND m.state = 1)))"};

const pg::Query kNoteTokenUse{"auth.note_token_use", R"(
UPDATE api_tokens SET last_used_at = now()
WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))"};

const pg::Query kInsertToken{"auth.insert_token", R"(
INSERT INTO api_tokens (account_id, user_id, kind, name, token_hash)
VALUES ($1, $2::bigint, CASE WHEN $2::bigint IS NULL THEN 'service' ELSE 'user' END, $3, $4)
RETURNING id)"};

const pg::Query kInsertSession{"auth.insert_session", R"(
INSERT INTO sessions (token_hash, user_id, account_id, expires_at) VALUES ($1, $2, $3, $4))"};

const pg::Query kTouchSession{"auth.touch_session",
                              R"(
UPDATE sessions s
SET seen_at = now(), expires_at = least($2::timestamptz, s.created_at + interval '7 days')
FROM users u, account_members m, accounts a
WHERE s.token_hash = $1 AND s.expires_at > now() AND u.id = s.user_id AND u.is_active
  AND m.user_id = s.user_id AND m.account_id = s.account_id AND m.state = 1
  AND a.id = s.account_id AND a.state = 1
RETURNING s.account_id, s.user_id, u.email AS name, m.license_type, )" MW_GRANTS_OF_MEMBER
                              " AS grants, " MW_ADMITTED("$3") " AS admitted"};

const pg::Query kDeleteSession{"auth.delete_session", "DELETE FROM sessions WHERE token_hash = $1"};

const pg::Query kDeleteExpiredSessions{"auth.delete_expired_sessions",
                                       "DELETE FROM sessions WHERE expires_at <= $1"};

#define MW_SIGN_IN_USER \
    R"(
SELECT u.id, u.email, u.first_name, u.last_name, u.password_hash, a.id AS account_id,
       a.name AS account_name,
       EXISTS (SELECT 1 FROM auth_providers p WHERE p.account_id = a.id AND p.state = 1
               AND NOT p.allow_password_backdoor) AS password_refused
FROM users u
JOIN account_members m ON m.user_id = u.id AND m.state = 1
JOIN accounts a ON a.id = m.account_id AND a.state = 1
WHERE u.is_active AND )"

const pg::Query kFindSignInUser{"auth.find_sign_in_user", MW_SIGN_IN_USER R"(u.email = lower($1)
ORDER BY password_refused, m.id
LIMIT 1)"};

const pg::Query kFindMember{"auth.find_member", MW_SIGN_IN_USER "u.id = $1 AND a.id = $2"};

const pg::Query kNoteSignIn{"auth.note_sign_in", "UPDATE users SET last_login = $2 WHERE id = $1"};

}  // namespace

asio::awaitable<result<std::optional<TokenOwner>>> find_token(pg::Pool& pool, std::string hash,
                                                              std::optional<std::string> address) {
    MW_CO_TRY(auto rows, co_await pool.run(kFindToken, hash, address));
    auto owner = rows.first<TokenOwner>();
    if (owner && owner->long_unused) MW_CO_CHECK(co_await pool.run(kNoteTokenUse, owner->token_id));
    co_return owner;
}

asio::awaitable<result<Id>> insert_token(pg::Connection& connection, const NewToken& token) {
    MW_CO_TRY(auto rows, co_await connection.run(kInsertToken, token.account_id, token.user_id,
                                                 token.name, token.token_hash));
    co_return rows.get<Id>(0, "id");
}

asio::awaitable<result<>> insert_session(pg::Connection& connection, std::string hash, Id user_id,
                                         Id account_id, Timestamp expires_at) {
    MW_CO_CHECK(co_await connection.run(kInsertSession, hash, user_id, account_id, expires_at));
    co_return result<>{};
}

asio::awaitable<result<std::optional<SessionOwner>>> touch_session(
    pg::Pool& pool, std::string hash, Timestamp expires_at, std::optional<std::string> address) {
    MW_CO_TRY(auto rows, co_await pool.run(kTouchSession, hash, expires_at, address));
    co_return rows.first<SessionOwner>();
}

asio::awaitable<result<>> delete_session(pg::Connection& connection, std::string hash) {
    MW_CO_CHECK(co_await connection.run(kDeleteSession, hash));
    co_return result<>{};
}

asio::awaitable<result<std::int64_t>> delete_expired_sessions(pg::Pool& pool, Timestamp at) {
    MW_CO_TRY(auto rows, co_await pool.run(kDeleteExpiredSessions, at));
    co_return rows.affected();
}

asio::awaitable<result<std::optional<SignInUser>>> find_sign_in_user(pg::Pool& pool,
                                                                     std::string email) {
    MW_CO_TRY(auto rows, co_await pool.run(kFindSignInUser, email));
    co_return rows.first<SignInUser>();
}

asio::awaitable<result<std::optional<SignInUser>>> find_member(pg::Pool& pool, Id user_id,
                                                               Id account_id) {
    MW_CO_TRY(auto rows, co_await pool.run(kFindMember, user_id, account_id));
    co_return rows.first<SignInUser>();
}

asio::awaitable<result<>> note_sign_in(pg::Connection& connection, Id user_id, Timestamp at) {
    MW_CO_CHECK(co_await connection.run(kNoteSignIn, user_id, at));
    co_return result<>{};
}

}  // namespace mw::auth
