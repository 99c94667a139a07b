// Takes runs and connection tests out of the queue and hands them to the executor; tells the queue
// how workers ended. Thread: the io thread.
#pragma once

#include <vector>

#include "executor/executor.hpp"
#include "features/queue/queue_service.hpp"
#include "infra/pg/pool.hpp"
#include "roles/scheduler/options.hpp"

namespace mw::scheduler {

class QueueLoop {
  public:
    QueueLoop(pg::Pool& pool, executor::Executor& workers, const Options& options)
        : pool_(pool), workers_(workers), options_(options) {}

    // One pass: first what has ended, because that makes room, then what may start.
    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();

    // Only the first half. From `stopping` on, a worker's end is Millwright's own doing.
    boost::asio::awaitable<result<>> settle_ended();
    void stopping() { stopping_ = true; }

  private:
    boost::asio::awaitable<result<>> start_tests();
    // Whether everything that was claimed also started.
    boost::asio::awaitable<result<bool>> start_claimed(std::vector<queue::Claimed> claimed);

    pg::Pool& pool_;
    executor::Executor& workers_;
    const Options& options_;
    bool stopping_ = false;
    // Ends that the database has not been told yet.
    std::vector<executor::Ended> unsettled_;
};

}  // namespace mw::scheduler
