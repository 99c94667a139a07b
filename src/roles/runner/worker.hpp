// `millwright run`: the worker that executes one run and ends.
//
// It is given the run's token by a pipe, whose descriptor MILLWRIGHT_TOKEN_FD names, and finds
// everything else by the workers' API on the layout's internal socket. It holds no database
// credential and opens no port.
#pragma once

#include "base/layout.hpp"
#include "base/settings.hpp"

namespace mw::runner {

inline constexpr const char* kTokenFdVariable = "MILLWRIGHT_TOKEN_FD";

// Exit codes: 0 the app knows how the run ended, whatever that was; 64 started the wrong way;
// 70 a broken invariant; 75 the run is over, someone else's or the app is away for too long:
// nothing was said about its end.
int run_worker(const Settings& settings, const Layout& layout);

}  // namespace mw::runner
