// Reads the artifacts of a finished run into the state of its environment.
#pragma once

#include "base/offload.hpp"
#include "features/project_state/ingestion_queue_store.hpp"
#include "infra/store/object_store.hpp"

namespace mw::project_state {

// Takes the run that is due and reads it, all of it or nothing. Whether there was one. What can't
// be read is logged: for good when it is not what dbt writes, to be tried again when a store is
// away. The work of reading is done on `blocking`. Errors: of the database alone.
Awaitable<bool> ingest_next(pg::Pool& pool, store::ObjectStore& objects, BlockingPool& blocking);

}  // namespace mw::project_state
