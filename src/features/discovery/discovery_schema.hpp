// What can be asked of the Discovery API: its GraphQL types, and who answers their fields.
//
// Resolvers need a Lookup as their context.
#pragma once

#include <memory>

#include "graphql/schema/schema.hpp"

namespace mw::discovery {

std::unique_ptr<graphql::Schema> make_schema();

}  // namespace mw::discovery
