// Two watches over time, pure: the caller gives the present by both clocks.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.hpp"

namespace mw::scheduler {

struct Moment {
    std::chrono::steady_clock::time_point steady;
    Timestamp wall;

    static Moment present() { return {std::chrono::steady_clock::now(), now()}; }
};

// Notices when the wall clock was set, or the machine slept: it moved otherwise than time did.
class ClockWatch {
  public:
    static constexpr std::chrono::seconds kTolerance{5};

    // Whether it happened since the last call.
    bool stepped(Moment moment) {
        auto last = std::exchange(last_, moment);
        if (!last) return false;
        auto by_wall = moment.wall - last->wall;
        auto by_steady = moment.steady - last->steady;
        return by_wall - by_steady > kTolerance || by_steady - by_wall > kTolerance;
    }

  private:
    std::optional<Moment> last_;
};

// Whether an expired lease means a lost worker.
//
// Workers renew their leases through the app and the database. When those were away, the
// scheduler was not there, or the clock jumped, leases look expired though their workers live:
// then each gets a full lease's time to be heard from again.
class ExpiryGuard {
  public:
    explicit ExpiryGuard(std::chrono::seconds lease) : lease_(lease) {}

    // The workers could not be heard, or can't be for all that is known.
    void interrupted() { since_.reset(); }
    // They can be heard now; whether they could be for all of the last lease.
    bool may_expire(Moment moment) {
        if (clock_.stepped(moment)) interrupted();
        if (!since_) since_ = moment.steady;
        return moment.steady - *since_ >= lease_;
    }

  private:
    std::chrono::seconds lease_;
    ClockWatch clock_;
    std::optional<std::chrono::steady_clock::time_point> since_;
};

}  // namespace mw::scheduler
