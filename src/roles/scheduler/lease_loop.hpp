// Watches over runs in progress: lost workers, runs that go on for too long, cancels that are
// ignored. Thread: the io thread.
#pragma once

#include <filesystem>

#include "executor/executor.hpp"
#include "infra/pg/pool.hpp"
#include "roles/scheduler/options.hpp"
#include "roles/scheduler/time_watch.hpp"

namespace mw::scheduler {

class LeaseLoop {
  public:
    // `workers_api` is the socket at which workers renew their leases.
    LeaseLoop(pg::Pool& pool, executor::Executor& workers, const Options& options,
              std::filesystem::path workers_api)
        : pool_(pool),
          workers_(workers),
          options_(options),
          workers_api_(std::move(workers_api)),
          guard_(options.lease) {}

    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();

  private:
    boost::asio::awaitable<result<>> watch(bool may_expire);

    pg::Pool& pool_;
    executor::Executor& workers_;
    const Options& options_;
    std::filesystem::path workers_api_;
    ExpiryGuard guard_;
};

}  // namespace mw::scheduler
