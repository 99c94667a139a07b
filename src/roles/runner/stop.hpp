// Why and whether a run is to end early. One for the whole worker; every wait of it looks here.
//
// A later request replaces an earlier one only if it says more: a user's cancel outranks a mere
// signal, and a lost lease outranks all. Thread: the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>

namespace mw::runner {

enum class StopReason {
    none,
    shutdown,   // SIGTERM: Millwright itself stops
    timed_out,  // the job's time limit
    cancelled,  // someone asked for it
    lost,       // the run is someone else's, or over: say nothing more about it
};

class Stop {
  public:
    explicit Stop(boost::asio::any_io_executor executor);

    void request(StopReason reason, std::string message);

    StopReason reason() const { return reason_; }
    bool requested() const { return reason_ != StopReason::none; }
    bool lost() const { return reason_ == StopReason::lost; }
    // For the run's status_message.
    const std::string& message() const { return message_; }

    // Return at once when it has happened already.
    boost::asio::awaitable<void> wait_requested();
    boost::asio::awaitable<void> wait_lost();

  private:
    StopReason reason_ = StopReason::none;
    std::string message_;
    boost::asio::steady_timer changed_;
};

}  // namespace mw::runner
