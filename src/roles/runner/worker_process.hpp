// What the processes that execute projects' code have in common: their key, their exit codes, and
// that nobody looks into their memory.
#pragma once

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::runner {

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitSoftware = 70;
inline constexpr int kExitLost = 75;

// From the pipe that the environment names; once. Errors: invalid_argument with a sentence.
result<Secret> read_token();

// No core file, and no other process of this user may look into this one, which holds credentials
// (a dbt project's code runs as the same user).
void protect_memory();

}  // namespace mw::runner
