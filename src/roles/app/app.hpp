// The app role: see README.md.
#pragma once

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::app {

// Serves until SIGTERM or SIGINT; the process's exit code.
int run_app(const Settings& settings, const Layout& layout);

}  // namespace mw::app
