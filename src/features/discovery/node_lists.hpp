// Lists of nodes: page by page, and by their place in the graph.
#pragma once

#include "features/discovery/lookup.hpp"
#include "features/discovery/node_fields.hpp"

namespace mw::discovery {

inline constexpr int kPageMost = 500;

// A connection: of a state's parent with its environmentId.
graphql::Resolver list_of(const Kind& kind, State state);
// Counted when it is asked for alone.
graphql::Resolver total_count();

// Of a node. Those of kinds that the API does not show are left out.
graphql::Resolver parents_of(State state);
graphql::Resolver children_of(State state);
graphql::Resolver tests_of(State state);
// All above, however far.
graphql::Resolver ancestors_of(State state);

}  // namespace mw::discovery
