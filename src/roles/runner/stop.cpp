#include "roles/runner/stop.hpp"

#include "roles/runner/wait.hpp"

namespace mw::runner {

Stop::Stop(boost::asio::any_io_executor executor)
    : changed_(executor, boost::asio::steady_timer::time_point::max()) {
}

void Stop::request(StopReason reason, std::string message) {
    if (reason <= reason_) return;
    reason_ = reason;
    message_ = std::move(message);
    changed_.cancel();
}

boost::asio::awaitable<void> Stop::wait_requested() {
    while (!requested())
        co_await wait_for_signal(changed_);
}

boost::asio::awaitable<void> Stop::wait_lost() {
    while (!lost())
        co_await wait_for_signal(changed_);
}

}  // namespace mw::runner
