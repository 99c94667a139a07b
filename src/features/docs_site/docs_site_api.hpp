// The documentation sites that runs have made, for the web application.
#pragma once

#include "api/api.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::docs_site {

// …/projects/{project_id}/docs/: which run's site is the project's. …/runs/{run_id}/docs/: the site
// of a run, a page to be shown in a frame.
void add_docs_site_endpoints(api::Api& api, pg::Pool& pool, store::ObjectStore& objects);

}  // namespace mw::docs_site
