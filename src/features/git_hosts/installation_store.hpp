// Where the GitHub App is installed, and the accounts' switches, in the database.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "features/git_hosts/awaitable.hpp"
#include "features/git_hosts/event.hpp"
#include "infra/pg/pool.hpp"

namespace mw::git_hosts {

// What an account wants, where the operator allows it.
struct Switches {
    bool github_app = true;
    bool links = true;
};
BOOST_DESCRIBE_STRUCT(Switches, (), (github_app, links))
Awaitable<Switches> find_switches(pg::Connection& connection, Id account_id);
Awaitable<> set_switches(pg::Connection& tx, Id account_id, Switches switches);

struct Installation {
    Id id = 0;          // GitHub's own
    std::string login;  // whose it is on GitHub
    bool suspended = false;
    std::optional<Timestamp> broken_since;  // GitHub refused us
    std::optional<std::string> broken_reason;
    Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(Installation, (),
                      (id, login, suspended, broken_since, broken_reason, created_at))
Awaitable<std::vector<Installation>> list_installations(pg::Connection& connection, Id account_id);
// Whether an account works with it.
Awaitable<bool> is_bound(pg::Connection& connection, Id installation_id);
Awaitable<> bind_installation(pg::Connection& tx, Id account_id, const Installation& installation);
// False: the account has none of that id.
Awaitable<bool> unbind_installation(pg::Connection& tx, Id account_id, Id installation_id);

// As GitHub tells it by a webhook; of whichever accounts. What is known of others' is not kept.
Awaitable<> apply_installation_event(pg::Connection& tx, const InstallationEvent& event);

// GitHub refused us. True: that is news.
Awaitable<bool> set_installation_broken(pg::Connection& tx, Id account_id, Id installation_id,
                                        std::string reason);
// A refusal is not forgotten for ten minutes: one thing may be refused and another granted.
Awaitable<> set_installation_works(pg::Connection& connection, Id account_id, Id installation_id);

}  // namespace mw::git_hosts
