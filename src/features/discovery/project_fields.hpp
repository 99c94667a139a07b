// What is asked of a project as a whole: its lineage, packages, tags, owners, what a search finds.
#pragma once

#include "features/discovery/node_lists.hpp"

namespace mw::discovery {

// LineageNode, Tag, Owner, SearchResult, … and what they are filtered by.
void add_project_types(graphql::Schema& schema);
// On a state's type.
void add_project_fields(graphql::NamedType& type, State state);

}  // namespace mw::discovery
