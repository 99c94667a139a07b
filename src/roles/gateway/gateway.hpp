// The gateway role: see README.md.
#pragma once

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::gateway {

// Serves until SIGTERM or SIGINT; the process's exit code.
int run_gateway(const Settings& settings, const Layout& layout);

}  // namespace mw::gateway
