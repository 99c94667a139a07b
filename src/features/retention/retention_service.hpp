// Removes what has outlived its time. Safe to run in any number of processes at once, and to be
// interrupted anywhere: the next time goes on. Time is a parameter.
#pragma once

#include "features/retention/retention_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::retention {

// Where everything of a run lies in the object store; ends with a slash.
std::string run_prefix(Id account_id, Id run_id);

// Objects go first, rows after: rows without objects would never be found again otherwise.
// At most `limit` runs; how many it removed.
Awaitable<int> remove_old_runs(pg::Pool& pool, store::ObjectStore& objects,
                               Timestamp finished_before, int limit);

}  // namespace mw::retention
