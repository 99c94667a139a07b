// How a role tells the supervisor that it serves.
//
// The supervisor gives each role the writing end of a pipe and names it in MILLWRIGHT_READY_FD.
// A role calls `announce_ready()` once, when it accepts work: one byte is written and the
// descriptor closed. An end of file without the byte means that the role ended before it was
// ready. Without the variable (a role started by hand) the call does nothing.
// Thread: call it before other threads read the environment; the variable is removed, so that
// no process started later takes the number for its own.
#pragma once

namespace mw {

inline constexpr const char* kReadyFdVariable = "MILLWRIGHT_READY_FD";

void announce_ready();

}  // namespace mw
