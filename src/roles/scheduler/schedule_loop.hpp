// Fires schedules, and jobs that run after others: sleeps until the next is due or it is woken.
// Thread: the io thread.
#pragma once

#include "features/firings/completion_service.hpp"
#include "features/firings/firing_service.hpp"
#include "roles/scheduler/options.hpp"
#include "roles/scheduler/time_watch.hpp"

namespace mw::scheduler {

// How long to sleep when the next firing is due at `due`: not past it, not longer than `poll`
// (the clock may be set meanwhile), and never in a tight circle.
std::chrono::milliseconds pause_until(std::optional<Timestamp> due, Timestamp now,
                                      std::chrono::milliseconds poll, bool failed);

class ScheduleLoop {
  public:
    ScheduleLoop(pg::Pool& pool, const Options& options) : pool_(pool), options_(options) {}

    boost::asio::awaitable<result<std::chrono::milliseconds>> pass();

  private:
    pg::Pool& pool_;
    const Options& options_;
    ClockWatch clock_;
    std::optional<std::chrono::steady_clock::time_point> replanned_at_;
};

}  // namespace mw::scheduler
