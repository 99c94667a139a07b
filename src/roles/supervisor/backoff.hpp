// How long to wait before a crashed role is started again: 0.2 s, doubling up to 10 s, and from
// the beginning once it had run for a minute. It never gives up.
#pragma once

#include <algorithm>
#include <chrono>

namespace mw::supervisor {

class Backoff {
  public:
    static constexpr std::chrono::milliseconds kLeast{200};
    static constexpr std::chrono::milliseconds kMost{10000};
    static constexpr std::chrono::seconds kSettled{60};

    // The wait after a run of this length.
    std::chrono::milliseconds after(std::chrono::steady_clock::duration uptime) {
        if (uptime >= kSettled) next_ = kLeast;
        auto wait = next_;
        next_ = std::min(next_ * 2, kMost);
        return wait;
    }

  private:
    std::chrono::milliseconds next_ = kLeast;
};

}  // namespace mw::supervisor
