#include "roles/runner/command/invoke.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "roles/runner/wait.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// The engine kills a command five seconds after it was asked to end; then the engine goes too.
constexpr auto kKillLimit = 10s;

// Never returns: the invocation that it ends does.
asio::awaitable<void> cancel_when_stopped(EngineSession& engine, Stop& stop) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    co_await stop.wait_requested();
    co_await engine.cancel();
    timer.expires_after(kKillLimit);
    co_await timer.async_wait(asio::use_awaitable);
    engine.kill();
    timer.expires_at(asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

asio::awaitable<result<InvocationExit>> invoke_until_stopped(EngineSession& engine, Stop& stop,
                                                             Invocation invocation,
                                                             EngineListener& listener) {
    using asio::experimental::awaitable_operators::operator||;
    auto first = co_await (without_throwing(engine.invoke(std::move(invocation), listener)) ||
                           cancel_when_stopped(engine, stop));
    co_return std::get<0>(std::move(first));
}

}  // namespace mw::runner
