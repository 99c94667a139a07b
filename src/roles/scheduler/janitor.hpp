// Cleans up: flushes the logs of finished runs, removes what has outlived its time and what dead
// workers left behind. Thread: the io thread.
#pragma once

#include <map>
#include <string>

#include "executor/executor.hpp"
#include "infra/pg/pool.hpp"
#include "infra/store/object_store.hpp"
#include "roles/scheduler/options.hpp"

namespace mw::scheduler {

class Janitor {
  public:
    Janitor(pg::Pool& pool, store::ObjectStore& objects, executor::Executor& workers,
            const Options& options)
        : pool_(pool), objects_(objects), workers_(workers), options_(options) {}

    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();

  private:
    using Steady = std::chrono::steady_clock;

    boost::asio::awaitable<result<bool>> flush_logs();
    boost::asio::awaitable<result<>> hourly();
    boost::asio::awaitable<result<>> keep_partitions(std::chrono::sys_days today);
    boost::asio::awaitable<result<>> remove_old_runs();
    boost::asio::awaitable<result<>> drop_schemas();
    boost::asio::awaitable<result<>> reap_workspaces();

    pg::Pool& pool_;
    store::ObjectStore& objects_;
    executor::Executor& workers_;
    const Options& options_;
    // When each is due; the epoch: at once.
    Steady::time_point hourly_at_;
    Steady::time_point reap_at_;
};

}  // namespace mw::scheduler
