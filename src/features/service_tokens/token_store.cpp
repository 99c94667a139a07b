#include "features/service_tokens/token_store.hpp"

#include "features/groups/group_store.hpp"

namespace mw::service_tokens {
namespace {

#define MW_TOKEN                                                                              \
    "id, account_id, user_id, kind, uid, name, token_hash, state, last_used_at, expires_at, " \
    "created_at, updated_at"
#define MW_PERSONAL    \
    "SELECT " MW_TOKEN \
    " FROM api_tokens WHERE account_id = $1 AND user_id = $2 AND kind = 'user' AND state = 1"

const pg::Query kPermissions{"service_tokens.permissions", R"(
SELECT id, account_id, token_id AS service_token_id, project_id, permission_set,
       writable_environment_categories, state, created_at, updated_at
FROM token_permissions WHERE token_id = $1 AND state = 1 ORDER BY id)"};

const pg::Query kEndPermissions{"service_tokens.end_permissions", R"(
UPDATE token_permissions SET state = 2, updated_at = now() WHERE token_id = $1 AND state = 1)"};

const pg::Query kAddPermission{"service_tokens.add_permission", R"(
INSERT INTO token_permissions (account_id, token_id, project_id, permission_set,
                               writable_environment_categories)
VALUES ($1, $2, $3, $4, $5::text[]))"};

const pg::Query kHas{"service_tokens.has", R"(
SELECT 1 AS one FROM api_tokens
WHERE account_id = $1 AND id = $2 AND kind = 'service' AND state = 1)"};

const pg::Query kPersonal{"service_tokens.personal", MW_PERSONAL " ORDER BY id"};
const pg::Query kFindPersonal{"service_tokens.find_personal", MW_PERSONAL " AND id = $3"};

const pg::Query kInsertPersonal{"service_tokens.insert_personal", R"(
INSERT INTO api_tokens (account_id, user_id, kind, name, token_hash)
VALUES ($1, $2, 'user', $3, $4) RETURNING )" MW_TOKEN};

const pg::Query kSetHash{"service_tokens.set_hash", R"(
UPDATE api_tokens SET token_hash = $2, updated_at = now() WHERE id = $1 RETURNING )" MW_TOKEN};

const pg::Query kEnd{"service_tokens.end", R"(
UPDATE api_tokens SET state = 2, updated_at = now() WHERE id = $1 RETURNING )" MW_TOKEN};

}  // namespace

Awaitable<std::vector<TokenPermission>> permissions_of(pg::Connection& connection, Id token_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPermissions, token_id));
    co_return rows.all<TokenPermission>();
}

Awaitable<> replace_permissions(pg::Connection& tx, Id account_id, Id token_id,
                                const std::vector<groups::GrantInput>& grants) {
    MW_CO_CHECK(co_await groups::check_projects(tx, account_id, grants));
    MW_CO_CHECK(co_await tx.run(kEndPermissions, token_id));
    for (const auto& grant : grants)
        MW_CO_CHECK(co_await tx.run(kAddPermission, account_id, token_id, grant.project_id,
                                    grant.permission_set, grant.writable_environment_categories));
    co_return result<>{};
}

Awaitable<bool> has_service_token(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kHas, account_id, id));
    co_return !rows.empty();
}

Awaitable<std::vector<Token>> personal_tokens(pg::Connection& connection, Id account_id,
                                              Id user_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPersonal, account_id, user_id));
    co_return rows.all<Token>();
}

Awaitable<std::optional<Token>> find_personal_token(pg::Connection& connection, Id account_id,
                                                    Id user_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindPersonal, account_id, user_id, id));
    co_return rows.first<Token>();
}

Awaitable<Token> insert_personal_token(pg::Connection& tx, Id account_id, Id user_id,
                                       std::string name, std::string hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsertPersonal, account_id, user_id, name, hash));
    co_return rows.as<Token>(0);
}

Awaitable<Token> set_hash(pg::Connection& tx, Id id, std::string hash) {
    MW_CO_TRY(auto rows, co_await tx.run(kSetHash, id, hash));
    co_return rows.as<Token>(0);
}

Awaitable<Token> end_token(pg::Connection& tx, Id id) {
    MW_CO_TRY(auto rows, co_await tx.run(kEnd, id));
    co_return rows.as<Token>(0);
}

}  // namespace mw::service_tokens
