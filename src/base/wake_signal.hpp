// Wakes whoever waits for something to do, any number of them at once.
//
//   auto seen = signal.count();     before looking for something to do
//   …                               nothing there
//   co_await signal.wait(seen, 2s);
//
// What was signalled since `seen` ends the wait at once, so nothing is missed between looking and
// waiting. Each who waits has a timer of their own: setting the time of one that others wait on,
// too, would wake them, and they each other, without end. Thread: one io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <list>

namespace mw {

class WakeSignal {
  public:
    explicit WakeSignal(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    WakeSignal(const WakeSignal&) = delete;

    void notify() {
        ++count_;
        for (auto* timer : waiting_)
            timer->cancel();
    }
    std::uint64_t count() const { return count_; }

    boost::asio::awaitable<void> wait(std::uint64_t seen, std::chrono::milliseconds most) {
        if (count_ != seen) co_return;
        boost::asio::steady_timer timer(executor_, most);
        // Leaves the list however the wait ends.
        struct Waiter {
            std::list<boost::asio::steady_timer*>& list;
            std::list<boost::asio::steady_timer*>::iterator place;
            ~Waiter() { list.erase(place); }
        } waiter{waiting_, waiting_.insert(waiting_.end(), &timer)};
        boost::system::error_code woken;
        co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    }

  private:
    boost::asio::any_io_executor executor_;
    std::uint64_t count_ = 0;
    std::list<boost::asio::steady_timer*> waiting_;
};

}  // namespace mw
