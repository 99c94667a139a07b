// Fires schedules: makes the runs that are due, each exactly once.
//
// A firing is the pair of job and due time. Its row, its run and the job's next due time are
// written in one transaction, so that a crash leaves all of them or none; the row's primary key
// makes a second firing impossible, whatever clocks and other schedulers do.
// Time is a parameter.
#pragma once

#include <optional>

#include "features/firings/firing_store.hpp"

namespace mw::firings {

struct FireReport {
    int fired = 0;
    int skipped = 0;  // refused, for example by a full queue; they are not tried again
    int failed = 0;   // to be tried again
    // When to call next; empty when nothing is scheduled.
    std::optional<Timestamp> next_due;
};

// Fires every job that is due. After downtime a job fires once, for the latest time it missed.
// A job that fails keeps none of the others from firing. Errors: unavailable (database).
Awaitable<FireReport> fire_due(pg::Pool& pool, Timestamp now);

// Corrects due times that no longer follow from their schedule: those that were never computed,
// and those computed while the clock was ahead. Says how many it corrected.
Awaitable<int> replan_schedules(pg::Pool& pool, Timestamp now);

}  // namespace mw::firings
