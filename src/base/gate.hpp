// Counts work in flight, so that a service can refuse new work and wait for the old.
//
//   auto pass = gate.enter();        // empty once closing
//   if (!pass) co_return fail(…);
//   …
//   co_await gate.close();           // returns when every pass is gone
//
// For one io thread, as every process of ours has.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <cstddef>
#include <optional>
#include <utility>

namespace mw {

class Gate {
  public:
    class Pass {
      public:
        explicit Pass(Gate* gate) : gate_(gate) { ++gate_->inside_; }
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_) gate_->leave();
        }

      private:
        Gate* gate_;
    };

    explicit Gate(boost::asio::any_io_executor executor) : empty_(executor) {
        empty_.expires_at(std::chrono::steady_clock::time_point::max());
    }
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    ~Gate() { assert(inside_ == 0); }

    std::optional<Pass> enter() {
        if (closing_) return std::nullopt;
        return std::optional<Pass>(std::in_place, this);
    }

    boost::asio::awaitable<void> close() {
        closing_ = true;
        while (inside_ > 0) {
            boost::system::error_code ignored;
            co_await empty_.async_wait(
                boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        }
    }

    bool closing() const { return closing_; }
    std::size_t inside() const { return inside_; }

  private:
    void leave() {
        if (--inside_ == 0) empty_.cancel();
    }

    boost::asio::steady_timer empty_;
    std::size_t inside_ = 0;
    bool closing_ = false;
};

}  // namespace mw
