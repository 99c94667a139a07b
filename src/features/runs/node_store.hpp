// Nodes of runs in the database.
#pragma once

#include <vector>

#include "features/runs/node.hpp"
#include "features/runs/run_store.hpp"

namespace mw::runs {

// No two of them may be the same node of the same step. An outcome is never taken back by
// "started".
Awaitable<> upsert_nodes(pg::Connection& connection, Id run_id, const std::vector<Node>& nodes);

// In the order of their steps and numbers.
Awaitable<std::vector<Node>> find_nodes(pg::Connection& connection, Id run_id);

// Those that changed after `revision`, in the order of their changes.
Awaitable<std::vector<Node>> changed_nodes(pg::Connection& connection, Id run_id,
                                           std::int64_t revision, int limit);
// The revision of the last change but for the latest `count`; 0 when there is none.
Awaitable<std::int64_t> revision_before(pg::Connection& connection, Id run_id, int count);

}  // namespace mw::runs
