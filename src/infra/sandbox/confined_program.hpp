// One program confined, for a caller that has threads and cannot go in itself: it starts this
// process, which does nothing else, and which ends as the program ends.
//
//   the caller ──spawn──► this process ──fork──► first process of the sandbox ──fork──► program
//
// All three are of one process group: a signal to the group reaches the program, which alone
// heeds SIGINT and SIGTERM, and SIGKILL ends them all. The end of the caller ends them too, and
// the end of the program ends whatever it has started.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "infra/sandbox/plan.hpp"

namespace mw::sandbox {

// The descriptors of `millwright confine`: where it reads the plan, as JSON, to the end of the
// file, and where it tells in one sentence why the program could not be started.
inline constexpr int kPlanFd = 3;
inline constexpr int kFailureFd = 4;

struct ConfinedProgram {
    std::filesystem::path folder;   // where it works, as seen from inside
    std::vector<std::string> argv;  // the program's path inside, then its arguments
    // Gets one sentence when the program could not be started, and is closed when it was.
    int failure_fd = -1;
};

// The environment is the caller's own. Returns the exit code for this process; when a signal
// ended the program, this process dies of the same one instead.
int run_confined(const Plan& plan, const ConfinedProgram& program);

}  // namespace mw::sandbox
