#include "roles/scheduler/loop.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace mw::scheduler {

namespace asio = boost::asio;

Loop::Loop(asio::any_io_executor executor, std::string name, FailureLog& failures, Pass pass,
           Rest rest)
    : name_(std::move(name)),
      failures_(failures),
      pass_(std::move(pass)),
      rest_(rest),
      timer_(executor),
      rest_timer_(executor),
      gate_(executor) {
}

void Loop::start() {
    asio::co_spawn(
        timer_.get_executor(), [this] { return run(); },
        [](std::exception_ptr thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
}

void Loop::wake() {
    woken_ = true;
    timer_.cancel();
}

asio::awaitable<void> Loop::stop() {
    stopping_ = true;
    wake();
    rest_timer_.cancel();
    co_await gate_.close();
}

asio::awaitable<result<std::chrono::milliseconds>> Loop::guarded_pass() {
    try {
        co_return co_await pass_();
    } catch (const std::exception& broken) {
        co_return fail(Errc::internal, "an invariant is broken", broken.what());
    }
}

asio::awaitable<void> Loop::rest_after(std::chrono::steady_clock::duration took) {
    if (rest_.times == 0 || stopping_) co_return;
    rest_timer_.expires_after(
        std::min<std::chrono::steady_clock::duration>(took * rest_.times, rest_.most));
    boost::system::error_code ignored;
    co_await rest_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Loop::run() {
    auto inside = gate_.enter();
    while (inside && !stopping_) {
        woken_ = false;
        auto began = std::chrono::steady_clock::now();
        auto pause = co_await guarded_pass();
        auto took = std::chrono::steady_clock::now() - began;
        if (pause)
            failures_.succeeded(name_);
        else
            failures_.failed(name_, pause.error());
        co_await rest_after(took);
        // After a failure a wake does not count: what fails must not fail in a tight circle.
        if (woken_ && pause) continue;
        timer_.expires_after(pause ? *pause : kRetry);
        boost::system::error_code ignored;
        if (!stopping_)
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

}  // namespace mw::scheduler
