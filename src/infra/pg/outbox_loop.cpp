#include "infra/pg/outbox_loop.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace mw::pg {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// When a wake-up was missed, or a try has become due.
constexpr auto kPoll = 2s;
constexpr auto kAfterTrouble = 5s;

}  // namespace

OutboxLoop::OutboxLoop(asio::any_io_executor executor, Pool& pool, std::string channel,
                       std::string trouble)
    : executor_(executor),
      trouble_(std::move(trouble)),
      listener_(
          pool, {std::move(channel)}, [this](const Notification&) { wake_.notify(); },
          [this] { wake_.notify(); }),
      wake_(executor) {
}

asio::awaitable<void> OutboxLoop::work(DeliverNext deliver_next) {
    asio::steady_timer pause(executor_);
    for (;;) {
        auto seen = wake_.count();
        auto delivered = co_await deliver_next();
        auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
        if (!delivered) {
            log::warn(trouble_, {{"reason", delivered.error().message},
                                 {"detail", delivered.error().detail}});
            pause.expires_after(kAfterTrouble);
            co_await pause.async_wait(asio::use_awaitable);
        } else if (!*delivered) {
            co_await wake_.wait(seen, kPoll);
        }
    }
}

}  // namespace mw::pg
