// What happens before the event loop: everything that can be refused is refused here, before
// anything is written, and root is left behind.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/layout.hpp"
#include "base/settings.hpp"
#include "infra/cgroup/tree.hpp"
#include "infra/process/privileges.hpp"
#include "infra/process/process.hpp"
#include "roles/supervisor/listen_port.hpp"
#include "roles/supervisor/supervisor_lock.hpp"

namespace mw::supervisor {

struct Prepared {
    Settings settings;  // with every path made explicit, for the roles
    Layout layout;
    process::ServiceUser user;
    ListenPort listen;
    SupervisorLock lock;
    cgroup::Tree groups;         // of its runs
    std::string merge_obstacle;  // why MERGE_MEMORY saves nothing, if it is wanted and does not
};

// Afterwards this process is the service user's for good.
result<Prepared> prepare(Settings settings);

// The environment of a role: the settings, and of ours only what is known to be harmless, so
// that a run never sees the operator's own credentials.
process::Environment role_environment(const Settings& settings, const process::ServiceUser& user,
                                      const Layout& layout, const process::Environment& ours);

}  // namespace mw::supervisor
