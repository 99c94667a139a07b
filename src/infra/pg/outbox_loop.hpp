// Whoever delivers what an outbox table holds: takes one after another that is due, and sleeps
// until it is told of more by NOTIFY or a try has become due.
//
//   co_await (loop.listen() || loop.work(next) || loop.work(next));     two at once
//
// Thread: one io thread. Both go on until they are cancelled.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "base/wake_signal.hpp"
#include "infra/pg/pool.hpp"

namespace mw::pg {

class OutboxLoop {
  public:
    // Delivers one that is due, now. False when there is none.
    using DeliverNext = std::function<boost::asio::awaitable<result<bool>>()>;

    // `channel`: of NOTIFY. `trouble`: what the log says when the database refuses.
    OutboxLoop(boost::asio::any_io_executor executor, Pool& pool, std::string channel,
               std::string trouble);

    boost::asio::awaitable<void> listen() { return listener_.run(); }
    boost::asio::awaitable<void> work(DeliverNext deliver_next);

  private:
    boost::asio::any_io_executor executor_;
    std::string trouble_;
    Listener listener_;
    WakeSignal wake_;
};

}  // namespace mw::pg
