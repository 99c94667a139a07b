// The scheduler role: decides what runs when, starts workers, and cleans up. See README.md.
#pragma once

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::scheduler {

// Works until SIGTERM or SIGINT; a second signal hurries. The process's exit code.
int run_scheduler(const Settings& settings, const Layout& layout);

}  // namespace mw::scheduler
