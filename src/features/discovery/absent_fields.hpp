// What dbt Cloud derives from a project with services that an appliance does not have: lineage of
// columns, recommendations. They answer as a project does of which nothing was derived.
#pragma once

#include "features/discovery/node_lists.hpp"

namespace mw::discovery {

void add_absent_fields(graphql::Schema& schema, graphql::NamedType& query);

}  // namespace mw::discovery
