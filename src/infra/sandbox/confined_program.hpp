// One program confined, for a caller that has threads and cannot go in itself: it starts this
// process, which does nothing else, and which ends as the program ends.
//
//   the caller ──spawn──► this process ──fork──► first process of the sandbox ──fork──► program
//
// Going in takes longer than a program's start may: so this process goes in at once, and waits
// inside until it is told what to become.
//
// All three are of one process group: a signal to the group reaches the program, which alone
// heeds SIGINT and SIGTERM, and SIGKILL ends them all. The end of the caller ends them too, and
// the end of the program ends whatever it has started.
#pragma once

#include "infra/sandbox/command.hpp"
#include "infra/sandbox/plan.hpp"

namespace mw::sandbox {

struct ConfinedDescriptors {
    // A file in memory that holds the Command, as JSON, once a byte has come through `go`.
    int command = -1;
    // A pipe. When it ends without a byte, nothing is to be started and the exit code is 0.
    int go = -1;
    // Gets one sentence when the program could not be started, and is closed when it was.
    int failure = -1;
};

// The descriptors of `millwright confine`: the Plan, as JSON, to the end of that file; and the
// others.
inline constexpr int kPlanFd = 3;
inline constexpr ConfinedDescriptors kConfineFds{.command = 4, .go = 5, .failure = 6};

// Returns the exit code for this process; when a signal ended the program, this process dies of
// the same one instead.
int run_confined(const Plan& plan, const ConfinedDescriptors& descriptors);

}  // namespace mw::sandbox
