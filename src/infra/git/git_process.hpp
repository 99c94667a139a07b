// How git is started on the repositories that we keep. Private to this folder.
#pragma once

#include <string>
#include <vector>

#include "infra/process/process.hpp"

namespace mw::git {

// No configuration of the system or of a user, no prompt, no hook, killed with us.
process::SpawnOptions git_options(std::vector<std::string> args);

}  // namespace mw::git
