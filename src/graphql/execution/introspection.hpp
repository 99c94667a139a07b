// What there is to ask, asked in the language itself (section 4).
#pragma once

#include "graphql/schema/schema.hpp"

namespace mw::graphql {

// Adds __schema and __type; call it last. The schema must outlive its requests.
void add_introspection(Schema& schema);

}  // namespace mw::graphql
