#include "roles/scheduler/lease_loop.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"
#include "features/queue/queue_service.hpp"

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

// Whether somebody serves this socket.
asio::awaitable<bool> accepts(std::filesystem::path path) {
    using asio::experimental::awaitable_operators::operator||;
    using Protocol = asio::local::stream_protocol;
    Protocol::socket socket(co_await asio::this_coro::executor);
    asio::steady_timer limit(socket.get_executor(), 1s);
    boost::system::error_code refused;
    boost::system::error_code ignored;
    auto first =
        co_await (socket.async_connect(Protocol::endpoint(path.string()),
                                       asio::redirect_error(asio::use_awaitable, refused)) ||
                  limit.async_wait(asio::redirect_error(asio::use_awaitable, ignored)));
    co_return first.index() == 0 && !refused;
}

executor::WorkId work_of(Id run_id) {
    return {executor::Kind::run, run_id};
}

}  // namespace

asio::awaitable<result<>> LeaseLoop::watch(bool may_expire) {
    if (may_expire) {
        MW_CO_TRY(auto lost, co_await queue::expire_leases(pool_, now(), options_.lease));
        // It may still run, wedged or unheard: its run is not its own any more.
        for (const auto& lease : lost)
            workers_.cancel(work_of(lease.run_id), 0ms);
    }
    MW_CO_TRY(auto overdue, co_await queue::stop_overdue_runs(pool_, now()));
    for (auto run_id : overdue)
        log::warn("a run goes on for too long and is asked to stop", {{"run_id", run_id}});
    MW_CO_TRY(auto ended, co_await queue::end_ignored_cancels(pool_, now()));
    for (auto run_id : ended) {
        log::warn("a run did not stop when it was asked to and was ended", {{"run_id", run_id}});
        workers_.cancel(work_of(run_id), 0ms);
    }
    co_return result<>{};
}

asio::awaitable<result<milliseconds>> LeaseLoop::pass() {
    if (!co_await accepts(workers_api_)) guard_.interrupted();
    auto watched = co_await watch(guard_.may_expire(Moment::present()));
    if (!watched) {
        guard_.interrupted();
        co_return fail(std::move(watched).error());
    }
    co_return std::min<milliseconds>(options_.poll, options_.lease / 3);
}

}  // namespace mw::scheduler
