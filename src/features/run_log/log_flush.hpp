// Moving the logs of finished runs from the database to the object store.
//
// Objects are written first; then one transaction deletes the rows and says so on the run. A
// crash in between leaves the rows, and the next flush writes the same objects again. The run's
// row is held meanwhile, so that of two janitors one does it.
#pragma once

#include "features/run_log/log_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::run_log {

// Flushes runs that ended before `finished_before`, at most `limit`; how many it did. One that
// fails is logged, left for later and keeps no other from its turn.
Awaitable<int> flush_finished_runs(pg::Pool& pool, store::ObjectStore& objects,
                                   Timestamp finished_before, int limit);

// False when there was nothing to do: flushed already, going on, or in other hands.
Awaitable<bool> flush_run(pg::Pool& pool, store::ObjectStore& objects, Id run_id);

}  // namespace mw::run_log
