// GET /internal/v1/run/repository/info/refs and POST …/git-upload-pack: a worker fetches its run's
// code, where that is in a repository that Millwright keeps, with the run's own token.
#pragma once

#include "infra/git/http_backend.hpp"
#include "infra/http/server/router.hpp"
#include "infra/pg/pool.hpp"

namespace mw::worker_api {

// Both must outlive the router.
void add_repository_worker_endpoints(http::Router& router, pg::Pool& pool,
                                     git::HttpBackend& backend);

}  // namespace mw::worker_api
