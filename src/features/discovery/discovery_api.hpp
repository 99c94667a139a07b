// POST /graphql: the Discovery API (contract 2, "Discovery API"), of the applied and the defined
// state of environments.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"

namespace mw::discovery {

void add_discovery_endpoint(api::Api& api, pg::Pool& pool);

}  // namespace mw::discovery
