// The groups below which runs are limited (infra/cgroup): made while we may still be root, given
// to the service user, taken away in the end.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/settings.hpp"
#include "infra/cgroup/tree.hpp"
#include "infra/process/privileges.hpp"
#include "roles/supervisor/status_file.hpp"

namespace mw::supervisor {

// The settings RUN_… make sense. Errors: name the one that does not.
result<> check_limits(const Settings& settings);

// Named after the data folder. What cannot be had is no error: the tree says why.
cgroup::Tree make_groups(const Layout& layout, const process::ServiceUser& user);

// As the service user: written down for those who use it. What an earlier appliance of this data
// folder left elsewhere is removed.
result<> hand_on_groups(const Layout& layout, const cgroup::Tree& tree);

// Once, at the start; a warning when a limit that the operator has set is not enforced.
void log_groups(const cgroup::Tree& tree, const Settings& settings);

void describe_groups(const cgroup::Tree& tree, Status& status);

// "Runs can be limited by memory, cpu, pids." or why not, a line for each reason.
std::string limits_in_words(const Status& status);

// After the supervisor's end, by whoever ended it: what it stood in itself, and what root alone
// may take away.
void clear_away_groups(const Layout& layout);

}  // namespace mw::supervisor
