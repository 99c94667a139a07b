// How an environment's models perform: `performance(environmentId) { mostExecutedModels … }`.
#pragma once

#include "features/discovery/node_lists.hpp"

namespace mw::discovery {

// The type Performance and what it is made of.
void add_performance_types(graphql::Schema& schema);

}  // namespace mw::discovery
