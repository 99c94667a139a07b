// The workers' internal API, /internal/v1/run/…: what a process that executes one run may know
// and say, with a token good for that run alone. README.md has the protocol.
#pragma once

#include <chrono>

#include "base/offload.hpp"
#include "infra/crypto/sealed.hpp"
#include "infra/http/server/router.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"

namespace mw::worker_api {

struct WorkerApiDeps {
    pg::Pool& pool;
    store::ObjectStore& objects;
    const crypto::Sealer& sealer;
    BlockingPool& blocking;
    std::chrono::seconds lease{30};
};

// Every one of `deps` must outlive the router.
void add_worker_endpoints(http::Router& router, WorkerApiDeps deps);

}  // namespace mw::worker_api
