// What became of an environment's nodes over time: historical runs of models, how models perform,
// which tests waver, what jobs cost.
#pragma once

#include "features/discovery/run_nodes.hpp"

namespace mw::discovery {

// PerformanceNode, TestReliability, JobCost, … and the scalar Date.
void add_history_types(graphql::Schema& schema);
// modelHistoricalRuns, on the applied state.
void add_historical_runs(graphql::NamedType& applied);
// nodeHistory, testReliability, jobCosts.
void add_environment_history(graphql::NamedType& environment);
// modelByEnvironment (of old), performance.
void add_history_queries(graphql::NamedType& query);

}  // namespace mw::discovery
