// `millwright down` and `millwright status`: other processes' view of a running supervisor.
#pragma once

#include "base/settings.hpp"

namespace mw::supervisor {

// Asks the supervisor to stop and waits up to 15 s. 0: stopped, or nothing ran; 1: an error,
// said in one line.
int run_down(const Settings& settings);

// Prints roles, pids and uptimes, or one JSON object. 0: ready; 3: not running or not ready
// yet; 1: an error.
int run_status(const Settings& settings, bool as_json);

}  // namespace mw::supervisor
