// A loop that runs at its own pace: a pass, then a wait that a wake() may cut short.
//
// Notifications only wake it; what is to be done it reads from the database, so that a lost
// notification costs a poll interval and nothing else. A pass that fails or throws is repeated
// after `retry`. Thread: the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "base/gate.hpp"
#include "roles/scheduler/failure_log.hpp"

namespace mw::scheduler {

class Loop {
  public:
    // One pass; says after how long the next one is due at the latest.
    using Pass = std::function<boost::asio::awaitable<result<std::chrono::milliseconds>>()>;

    static constexpr std::chrono::milliseconds kRetry{1000};

    // How long a loop that is woken rests after each pass: so many times as long as the pass took,
    // so that what is costly is not done for every single wake().
    struct Rest {
        int times;
        std::chrono::milliseconds most;
    };

    Loop(boost::asio::any_io_executor executor, std::string name, FailureLog& failures, Pass pass,
         Rest rest = {0, {}});

    // Spawns the loop on its executor; it must outlive what it spawned (stop).
    void start();
    // Makes the next pass come now, or after its rest; one that is going on is followed by another.
    void wake();
    // Returns when the pass that is going on has ended.
    boost::asio::awaitable<void> stop();

  private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<result<std::chrono::milliseconds>> guarded_pass();
    boost::asio::awaitable<void> rest_after(std::chrono::steady_clock::duration took);

    std::string name_;
    FailureLog& failures_;
    Pass pass_;
    Rest rest_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer rest_timer_;
    bool woken_ = false;
    bool stopping_ = false;
    Gate gate_;
};

}  // namespace mw::scheduler
