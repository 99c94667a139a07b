#include "features/git_hosts/installation_store.hpp"

namespace mw::git_hosts {
namespace {

const pg::Query kSwitches{"git_hosts.switches", R"(
SELECT github_app, links FROM git_host_switches WHERE account_id = $1)"};

const pg::Query kSetSwitches{"git_hosts.set_switches", R"(
INSERT INTO git_host_switches (account_id, github_app, links) VALUES ($1, $2, $3)
ON CONFLICT (account_id) DO UPDATE SET github_app = excluded.github_app, links = excluded.links)"};

const pg::Query kList{"github_installations.list", R"(
SELECT id, login, suspended, broken_since, broken_reason, created_at FROM github_installations
WHERE account_id = $1 ORDER BY login, id LIMIT 200)"};

const pg::Query kBound{"github_installations.bound", R"(
SELECT i.id FROM github_installations i JOIN accounts a ON a.id = i.account_id AND a.state = 1
LEFT JOIN git_host_switches s ON s.account_id = i.account_id
WHERE i.id = $1 AND coalesce(s.github_app, true) LIMIT 1)"};

const pg::Query kBind{"github_installations.bind", R"(
INSERT INTO github_installations (id, account_id, login, suspended) VALUES ($1, $2, $3, $4)
ON CONFLICT (id, account_id) DO UPDATE SET login = excluded.login,
    suspended = excluded.suspended, broken_since = NULL, broken_reason = NULL)"};

const pg::Query kUnbind{"github_installations.unbind", R"(
DELETE FROM github_installations WHERE account_id = $1 AND id = $2 RETURNING id)"};

const pg::Query kRemove{"github_installations.remove",
                        "DELETE FROM github_installations WHERE id = $1"};

const pg::Query kSuspend{"github_installations.suspend", R"(
UPDATE github_installations SET suspended = $2 WHERE id = $1)"};

const pg::Query kRename{"github_installations.rename", R"(
UPDATE github_installations SET login = $2 WHERE id = $1 AND login <> $2)"};

const pg::Query kBroken{"github_installations.broken", R"(
UPDATE github_installations SET broken_since = now(), broken_reason = $3
WHERE account_id = $1 AND id = $2 AND broken_since IS NULL RETURNING id)"};

const pg::Query kWorks{"github_installations.works", R"(
UPDATE github_installations SET broken_since = NULL, broken_reason = NULL
WHERE account_id = $1 AND id = $2 AND broken_since < now() - interval '10 minutes')"};

}  // namespace

Awaitable<Switches> find_switches(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kSwitches, account_id));
    co_return rows.first<Switches>().value_or(Switches{});
}

Awaitable<> set_switches(pg::Connection& tx, Id account_id, Switches switches) {
    MW_CO_CHECK(co_await tx.run(kSetSwitches, account_id, switches.github_app, switches.links));
    co_return result<>{};
}

Awaitable<std::vector<Installation>> list_installations(pg::Connection& connection, Id account_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kList, account_id));
    co_return rows.all<Installation>();
}

Awaitable<bool> is_bound(pg::Connection& connection, Id installation_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kBound, installation_id));
    co_return !rows.empty();
}

Awaitable<> bind_installation(pg::Connection& tx, Id account_id, const Installation& installation) {
    MW_CO_CHECK(co_await tx.run(kBind, installation.id, account_id, installation.login,
                                installation.suspended));
    co_return result<>{};
}

Awaitable<bool> unbind_installation(pg::Connection& tx, Id account_id, Id installation_id) {
    MW_CO_TRY(auto rows, co_await tx.run(kUnbind, account_id, installation_id));
    co_return !rows.empty();
}

Awaitable<> apply_installation_event(pg::Connection& tx, const InstallationEvent& event) {
    using Action = InstallationEvent::Action;
    if (event.action == Action::deleted) {
        MW_CO_CHECK(co_await tx.run(kRemove, event.installation_id));
        co_return result<>{};
    }
    if (event.action == Action::suspended || event.action == Action::unsuspended)
        MW_CO_CHECK(
            co_await tx.run(kSuspend, event.installation_id, event.action == Action::suspended));
    if (!event.account_login.empty())
        MW_CO_CHECK(co_await tx.run(kRename, event.installation_id, event.account_login));
    co_return result<>{};
}

Awaitable<bool> set_installation_broken(pg::Connection& tx, Id account_id, Id installation_id,
                                        std::string reason) {
    MW_CO_TRY(auto rows, co_await tx.run(kBroken, account_id, installation_id, reason));
    co_return !rows.empty();
}

Awaitable<> set_installation_works(pg::Connection& connection, Id account_id, Id installation_id) {
    MW_CO_CHECK(co_await connection.run(kWorks, account_id, installation_id));
    co_return result<>{};
}

}  // namespace mw::git_hosts
