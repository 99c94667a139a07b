#include "features/git_hosts/access_store.hpp"

namespace mw::git_hosts {
namespace {

const pg::Query kFind{"git_hosts.access", R"(
SELECT r.id AS repository_id, r.account_id, r.remote_url, r.git_clone_strategy,
       i.id AS installation_id, i.login AS installation_login,
       coalesce(i.suspended, false) AS is_suspended,
       l.kind, l.api_url, l.git_host, l.username, l.sealed_token
FROM repositories r
LEFT JOIN git_host_switches s ON s.account_id = r.account_id
LEFT JOIN github_installations i ON i.id = r.github_installation_id
    AND i.account_id = r.account_id AND coalesce(s.github_app, true)
LEFT JOIN git_links l ON l.repository_id = r.id AND coalesce(s.links, true)
WHERE r.id = $1 AND r.state = 1 AND r.managed_name IS NULL)"};

}  // namespace

Awaitable<std::optional<Access>> find_access(pg::Connection& connection, Id repository_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kFind, repository_id));
    co_return rows.first<Access>();
}

}  // namespace mw::git_hosts
