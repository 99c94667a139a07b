// How many runs there are, kept beside them (migrations/0022_runs_at_scale.sql): a list's total is
// read there instead of being counted.
#pragma once

#include "features/runs/run_store.hpp"

namespace mw::runs {

// Adds some of the changes since to the counts; how many. A total is the same before and after. In
// any number of processes at once: one does it, the others find nothing to do.
Awaitable<int> fold_run_counts(pg::Pool& pool);
inline constexpr int kFoldMost = 5000;

}  // namespace mw::runs
