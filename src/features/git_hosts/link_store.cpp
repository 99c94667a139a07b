#include "features/git_hosts/link_store.hpp"

#include <fmt/format.h>

namespace mw::git_hosts {
namespace {

const pg::Query kPlace{"git_links.place", R"(
SELECT id, remote_url, managed_name IS NOT NULL AS is_managed FROM repositories
WHERE account_id = $1 AND project_id = $2 AND id = $3 AND state = 1)"};

const pg::Query kFind{"git_links.find", R"(
SELECT repository_id, account_id, kind, api_url, git_host, username, sealed_token,
       sealed_webhook_secret, broken_since, broken_reason, last_used_at, created_at, updated_at
FROM git_links WHERE account_id = $1 AND repository_id = $2)"};

const pg::Query kLastDelivery{"git_links.last_delivery", R"(
SELECT max(received_at) AS received_at FROM git_deliveries WHERE repository_id = $1)"};

const pg::Query kPut{"git_links.put", R"(
INSERT INTO git_links (repository_id, account_id, kind, api_url, git_host, username, sealed_token,
                       sealed_webhook_secret)
VALUES ($1, $2, $3, $4, $5, $6, $7::bytea, $8::bytea)
ON CONFLICT (repository_id) DO UPDATE SET kind = excluded.kind, api_url = excluded.api_url,
    git_host = excluded.git_host, username = excluded.username,
    sealed_token = excluded.sealed_token, sealed_webhook_secret = excluded.sealed_webhook_secret,
    broken_since = NULL, broken_reason = NULL, updated_at = now())"};

const pg::Query kDelete{"git_links.delete", R"(
DELETE FROM git_links WHERE account_id = $1 AND repository_id = $2 RETURNING repository_id)"};

const pg::Query kWebhook{"git_links.webhook", R"(
SELECT l.kind, r.remote_url, l.sealed_webhook_secret
FROM git_links l JOIN repositories r ON r.id = l.repository_id AND r.state = 1
JOIN accounts a ON a.id = l.account_id AND a.state = 1
LEFT JOIN git_host_switches s ON s.account_id = l.account_id
WHERE l.repository_id = $1 AND coalesce(s.links, true))"};

const pg::Query kBroken{"git_links.broken", R"(
UPDATE git_links SET broken_since = now(), broken_reason = $2
WHERE repository_id = $1 AND broken_since IS NULL RETURNING account_id)"};

const pg::Query kForgetBroken{"git_links.forget_broken", R"(
UPDATE git_links SET broken_since = NULL, broken_reason = NULL
WHERE repository_id = $1 AND broken_since IS NOT NULL)"};

#define MW_BROKEN_LONG "(broken_since < now() - interval '10 minutes')"
const pg::Query kUsed{"git_links.used", R"(
UPDATE git_links SET last_used_at = now(),
    broken_reason = CASE WHEN )" MW_BROKEN_LONG R"( THEN NULL ELSE broken_reason END,
    broken_since = CASE WHEN )" MW_BROKEN_LONG R"( THEN NULL ELSE broken_since END
WHERE repository_id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'))"};

}  // namespace

std::string token_context(Id repository_id) {
    return fmt::format("git_links:{}:token", repository_id);
}

std::string webhook_context(Id repository_id) {
    return fmt::format("git_links:{}:webhook", repository_id);
}

std::string default_username(std::string_view kind) {
    if (kind == "github") return "x-access-token";
    return kind == "gitlab" ? "oauth2" : "git";
}

Awaitable<std::optional<LinkPlace>> find_place(pg::Connection& connection, Id account_id,
                                               Id project_id, Id repository_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPlace, account_id, project_id, repository_id));
    co_return rows.first<LinkPlace>();
}

Awaitable<std::optional<Link>> find_link(pg::Connection& connection, Id account_id,
                                         Id repository_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, account_id, repository_id));
    co_return rows.first<Link>();
}

Awaitable<std::optional<Timestamp>> last_delivery(pg::Connection& connection, Id repository_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kLastDelivery, repository_id));
    co_return rows.get<std::optional<Timestamp>>(0, "received_at");
}

Awaitable<> put_link(pg::Connection& tx, const Link& link) {
    MW_CO_CHECK(co_await tx.run(kPut, link.repository_id, link.account_id, link.kind, link.api_url,
                                link.git_host, link.username, link.sealed_token,
                                link.sealed_webhook_secret));
    co_return result<>{};
}

Awaitable<bool> delete_link(pg::Connection& tx, Id account_id, Id repository_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kDelete, account_id, repository_id));
    co_return !rows.empty();
}

Awaitable<std::optional<WebhookLink>> find_webhook_link(pg::Connection& connection,
                                                        Id repository_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kWebhook, repository_id));
    co_return rows.first<WebhookLink>();
}

Awaitable<std::optional<Id>> set_link_broken(pg::Connection& tx, Id repository_id,
                                             std::string reason) {
    MW_CO_TRY(auto rows, co_await tx.run(kBroken, repository_id, reason));
    if (rows.empty()) co_return std::nullopt;
    co_return rows.get<Id>(0, "account_id");
}

Awaitable<> forget_link_broken(pg::Connection& connection, Id repository_id) {
    MW_CO_CHECK(co_await connection.run(kForgetBroken, repository_id));
    co_return result<>{};
}

Awaitable<> set_link_used(pg::Connection& connection, Id repository_id) {
    MW_CO_CHECK(co_await connection.run(kUsed, repository_id));
    co_return result<>{};
}

}  // namespace mw::git_hosts
