// Makes the runs of jobs that run after another job's run, each exactly once: that it is to be made
// is written with that run's end, and that it has been made with the run.
#pragma once

#include "features/firings/completion_store.hpp"

namespace mw::firings {

// Of all that wait; how many runs were made. One that is refused, for example by a full queue, is
// not tried again; the audit log says why. Errors: unavailable (database).
Awaitable<int> fire_completions(pg::Pool& pool);

}  // namespace mw::firings
