#include "infra/pg/pool.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/log.hpp"

namespace mw::pg {

using namespace std::chrono_literals;

Pool::Pool(asio::any_io_executor executor, std::string conninfo, std::size_t size)
    : executor_(std::move(executor)), conninfo_(std::move(conninfo)), size_(size) {
}

Pool::~Pool() = default;

asio::awaitable<result<Pool::Lease>> Pool::acquire() {
    auto give_up_at = std::chrono::steady_clock::now() + 10s;
    for (;;) {
        while (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            if (connection->usable()) co_return Lease(this, std::move(connection));
            --open_;
        }
        if (open_ < size_) {
            ++open_;
            auto connection = co_await Connection::open(blocking_, conninfo_);
            if (connection) co_return Lease(this, std::move(*connection));
            --open_;
            co_return std::unexpected(std::move(connection).error());
        }
        auto turn = std::make_shared<asio::steady_timer>(executor_, give_up_at);
        auto place = waiters_.insert(waiters_.end(), turn);
        boost::system::error_code woken;
        co_await turn->async_wait(asio::redirect_error(asio::use_awaitable, woken));
        waiters_.erase(place);
        if (!woken)
            co_return fail(Errc::unavailable, "Too many requests at once. Try again shortly.",
                           fmt::format("no database connection free within 10 s of {}", size_));
    }
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
    if (connection->usable()) {
        idle_.push_back(std::move(connection));
    } else {
        connection.reset();
        --open_;
    }
    // Each waiter removes itself from the list once it runs.
    if (!waiters_.empty()) waiters_.front()->cancel();
}

Listener::Listener(Pool& pool, std::vector<std::string> channels, Handler on_notification,
                   std::function<void()> on_connected, std::function<void()> on_lost)
    : pool_(pool),
      channels_(std::move(channels)),
      on_notification_(std::move(on_notification)),
      on_connected_(std::move(on_connected)),
      on_lost_(std::move(on_lost)) {
}

asio::awaitable<result<>> Listener::listen_once() {
    MW_CO_TRY(auto connection, co_await Connection::open(pool_.blocking(), pool_.conninfo()));
    for (const auto& channel : channels_)
        MW_CO_CHECK(co_await connection->run_text("listen", fmt::format("LISTEN {}", channel)));
    connected_ = true;
    on_connected_();
    for (;;) {
        MW_CO_TRY(auto notification, co_await connection->next_notification());
        on_notification_(notification);
    }
}

asio::awaitable<void> Listener::run() {
    auto backoff = 100ms;
    for (;;) {
        connected_ = false;
        auto ended = co_await listen_once();
        if (connected_) backoff = 100ms;
        if (connected_ && on_lost_) on_lost_();
        // One line an outage, not one a try.
        if (connected_ || !said_)
            log::warn("lost the database's notifications, reconnecting",
                      {{"detail", ended.error().detail}});
        said_ = true;
        asio::steady_timer pause(co_await asio::this_coro::executor, backoff);
        co_await pause.async_wait(asio::use_awaitable);
        backoff = std::min<std::chrono::milliseconds>(backoff * 2, 5s);
    }
}

}  // namespace mw::pg
