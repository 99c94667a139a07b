// How long to wait before what has ended is started again: a first wait, doubling up to the most,
// and from the beginning once it had run for long enough to count as settled. It never gives up.
// Pure.
#pragma once

#include <algorithm>
#include <chrono>

namespace mw {

class Backoff {
  public:
    Backoff(std::chrono::milliseconds least, std::chrono::milliseconds most,
            std::chrono::milliseconds settled = std::chrono::seconds(60))
        : least_(least), most_(most), settled_(settled), next_(least) {}

    // The wait after a run of this length.
    std::chrono::milliseconds after(std::chrono::steady_clock::duration uptime) {
        if (uptime >= settled_) next_ = least_;
        auto wait = next_;
        next_ = std::min(next_ * 2, most_);
        return wait;
    }

  private:
    std::chrono::milliseconds least_;
    std::chrono::milliseconds most_;
    std::chrono::milliseconds settled_;
    std::chrono::milliseconds next_;
};

}  // namespace mw
