// /internal/v1/connection-test/…: what the process that does one connection test may know and say.
#pragma once

#include "features/worker_api/worker_api.hpp"

namespace mw::worker_api {

// Every one of `deps` must outlive the router.
void add_connection_test_worker_endpoints(http::Router& router, WorkerApiDeps deps);

}  // namespace mw::worker_api
