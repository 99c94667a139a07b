// What became of models and tests over time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "features/history/node_result.hpp"
#include "infra/pg/pool.hpp"

namespace mw::history {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// From the first moment to just before the last.
struct TimeSpan {
    Timestamp from;
    Timestamp until;
};

// Of one node in an environment, the latest first.
Awaitable<std::vector<NodeRun>> list_node_runs(pg::Connection& connection, Id environment_id,
                                               std::string_view unique_id, TimeSpan span,
                                               int limit);
// Of the tests among these nodes, in these runs.
Awaitable<std::vector<NodeRun>> list_tests_of_runs(pg::Connection& connection, Id environment_id,
                                                   const std::vector<std::string>& unique_ids,
                                                   const std::vector<Id>& run_ids, TimeSpan span);
// Of an environment, those that waver most first.
Awaitable<std::vector<TestReliability>> list_test_reliability(pg::Connection& connection,
                                                              Id environment_id, TimeSpan span,
                                                              int limit);

}  // namespace mw::history
