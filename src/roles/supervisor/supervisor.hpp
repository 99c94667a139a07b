// `millwright up`: the whole appliance on one machine.
//
// Starts, in this order, PostgreSQL (unless MILLWRIGHT_DATABASE_URL names another), app,
// scheduler, gateway; restarts what crashes; stops gateway, scheduler, the runs that are left,
// app, PostgreSQL, within 10 s of SIGTERM or SIGINT. A second signal hurries, SIGHUP goes to
// the gateway, which reads its certificate again.
//
// Who is authoritative for what: the flock on supervisor.lock says whether an appliance runs;
// status.json says what it consists of.
#pragma once

#include "base/settings.hpp"

namespace mw::supervisor {

struct SupervisorOptions {
    // The roles' log lines also to standard error, besides data/logs/; unless that is a plain
    // file, which nobody rotates.
    bool mirror_logs = true;
};

// Returns the program's exit code: 0 after a stop by signal, 1 when the appliance could not be
// started; then standard error has one line that says why.
int run_supervisor(Settings settings, SupervisorOptions options = {});

}  // namespace mw::supervisor
