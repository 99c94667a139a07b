// What dbt saw of nodes in the warehouse, as the API has it. Pure.
#pragma once

#include <boost/json/value.hpp>

#include "features/project_state/node_state.hpp"
#include "graphql/schema/schema.hpp"

namespace mw::discovery {

// SourceFreshness, CatalogNode and what they are made of.
void add_observed_types(graphql::Schema& schema);

// Null when nobody has looked.
boost::json::value freshness_of(const project_state::NodeState& node);
// With the descriptions that the project gives its columns.
boost::json::value catalog_of(const project_state::NodeState& node);

}  // namespace mw::discovery
