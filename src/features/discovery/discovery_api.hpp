// POST /graphql: the Discovery API (contract 2, "Discovery API"), of the applied and the defined
// state of environments, of what runs of jobs knew, and of what happened over time.
#pragma once

#include "api/api.hpp"
#include "base/offload.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::discovery {

// Files of runs are read from `objects` on `blocking`, which must outlive the router behind `api`.
void add_discovery_endpoint(api::Api& api, pg::Pool& pool, store::ObjectStore& objects,
                            BlockingPool& blocking);

// GET …/nodes/?name=: by name in all projects, for the web application.
void add_node_search_endpoint(api::Api& api, pg::Pool& pool);

}  // namespace mw::discovery
