// The workers' internal API, /internal/v1/run/…: what a process that executes one run may know
// and say, with a token good for that run alone. README.md has the protocol.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "base/ids.hpp"
#include "base/offload.hpp"
#include "features/git_hosts/git_hosts.hpp"
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
    // Asked for what lets git into a run's repository; without it, URLs and deploy keys must do.
    git_hosts::GitHosts* git_hosts = nullptr;
    // Given what SQL returned, once the line that is kept in its place has been stored; returns at
    // once, and keeps none of it.
    std::function<void(Id run_id, int step, std::int64_t line, std::string_view text)> show_rows =
        [](auto...) {};
};

// Every one of `deps` must outlive the router.
void add_worker_endpoints(http::Router& router, WorkerApiDeps deps);

}  // namespace mw::worker_api
