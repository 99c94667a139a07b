// A deadline that is set anew before each wait and acts when it passes. Private to this folder.
//
// Cheaper than a timer per operation, and one place that says what an expiry means: it closes
// sockets, so that whatever waits on them fails at once.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace mw::proxy {

class Watch {
  public:
    Watch(const boost::asio::any_io_executor& executor, std::function<void()> on_expiry)
        : timer_(executor), state_(std::make_shared<State>()) {
        state_->on_expiry = std::move(on_expiry);
    }

    void within(std::chrono::milliseconds limit) {
        auto turn = ++state_->turn;
        timer_.expires_after(limit);
        timer_.async_wait(
            [weak = std::weak_ptr(state_), turn](const boost::system::error_code& error) {
                auto state = weak.lock();
                // An expiry may already be queued when the deadline is moved: it counts no more.
                if (error || !state || state->turn != turn) return;
                state->expired = true;
                state->on_expiry();
            });
    }
    void off() {
        ++state_->turn;
        timer_.cancel();
    }
    // Since the last reset.
    bool expired() const { return state_->expired; }
    void reset() {
        off();
        state_->expired = false;
    }

  private:
    struct State {
        std::function<void()> on_expiry;
        std::uint64_t turn = 0;
        bool expired = false;
    };
    boost::asio::steady_timer timer_;
    std::shared_ptr<State> state_;
};

}  // namespace mw::proxy
