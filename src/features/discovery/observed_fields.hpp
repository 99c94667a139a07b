// What dbt saw of nodes in the warehouse, as the API has it. Pure.
#pragma once

#include <boost/json/value.hpp>

#include "features/project_state/node_state.hpp"
#include "graphql/schema/schema.hpp"

namespace mw::discovery {

// SourceFreshness, CatalogNode and what they are made of.
void add_observed_types(graphql::Schema& schema);

// Null when nobody has looked. Of what dbt wrote of a source, and who that was.
boost::json::value freshness_of(const std::optional<boost::json::object>& seen);
boost::json::value freshness_of(const project_state::NodeState& node);
// With the descriptions that the project gives its columns.
boost::json::value catalog_of(const std::optional<boost::json::object>& seen,
                              const boost::json::object& facts);
boost::json::value catalog_of(const project_state::NodeState& node);
// Columns as the project alone has them.
boost::json::value declared_columns(const boost::json::object& facts);

}  // namespace mw::discovery
