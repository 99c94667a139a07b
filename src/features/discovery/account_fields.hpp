// What an account's projects are to each other: `account(id) { publicModels, meshProjects }`.
#pragma once

#include "features/discovery/node_lists.hpp"

namespace mw::discovery {

void add_account_fields(graphql::Schema& schema, graphql::NamedType& query);

}  // namespace mw::discovery
