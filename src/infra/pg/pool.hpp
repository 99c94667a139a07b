// A bounded pool of connections, transactions, and a listener for NOTIFY.
//
// One io thread. A connection whose state is unknown is closed, never handed out again.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "infra/pg/connection.hpp"

namespace mw::pg {

class Pool {
  public:
    // Hands its connection back when it goes.
    class Lease {
      public:
        Lease(Pool* pool, std::unique_ptr<Connection> connection)
            : pool_(pool), connection_(std::move(connection)) {}
        Lease(Lease&&) = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (connection_) pool_->give_back(std::move(connection_));
        }
        Connection& operator*() { return *connection_; }
        Connection* operator->() { return connection_.get(); }

      private:
        Pool* pool_;
        std::unique_ptr<Connection> connection_;
    };

    Pool(asio::any_io_executor executor, std::string conninfo, std::size_t size);
    ~Pool();

    // Waits up to 10 s for a free connection; `unavailable` after that.
    asio::awaitable<result<Lease>> acquire();

    // One statement outside a transaction.
    template <class... Args>
    asio::awaitable<result<Rows>> run(const Query& query, const Args&... args) {
        MW_CO_TRY(auto lease, co_await acquire());
        co_return co_await lease->run(query, args...);
    }

    const std::string& conninfo() const { return conninfo_; }
    asio::thread_pool& blocking() { return blocking_; }

  private:
    friend class Lease;
    void give_back(std::unique_ptr<Connection> connection);

    asio::any_io_executor executor_;
    std::string conninfo_;
    std::size_t size_;
    std::size_t open_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::list<std::shared_ptr<asio::steady_timer>> waiters_;
    asio::thread_pool blocking_{1};
};

// BEGIN, the body, COMMIT; ROLLBACK when the body fails or throws. The body gets the one
// connection and must use no other.
template <class Body>
auto with_tx(Pool& pool, Body body) -> decltype(body(std::declval<Connection&>())) {
    static const Query kBegin{"tx.begin", "BEGIN"};
    static const Query kCommit{"tx.commit", "COMMIT"};
    static const Query kRollback{"tx.rollback", "ROLLBACK"};
    MW_CO_TRY(auto lease, co_await pool.acquire());
    MW_CO_CHECK(co_await lease->run(kBegin));
    std::exception_ptr thrown;
    std::optional<typename decltype(body(std::declval<Connection&>()))::value_type> outcome;
    try {
        outcome = co_await body(*lease);
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown || !*outcome) {
        if (lease->in_transaction()) (void)co_await lease->run(kRollback);
        if (thrown) std::rethrow_exception(thrown);
        co_return std::move(*outcome);
    }
    MW_CO_CHECK(co_await lease->run(kCommit));
    co_return std::move(*outcome);
}

// Listens on channels for as long as it runs, reconnecting with backoff. `on_connected` is
// called after each (re)connection: what was missed in between must be read from the tables.
// `on_lost`, when that connection is gone.
class Listener {
  public:
    using Handler = std::function<void(const Notification&)>;

    Listener(Pool& pool, std::vector<std::string> channels, Handler on_notification,
             std::function<void()> on_connected, std::function<void()> on_lost = {});
    // Runs until cancelled.
    asio::awaitable<void> run();

  private:
    asio::awaitable<result<>> listen_once();

    Pool& pool_;
    std::vector<std::string> channels_;
    Handler on_notification_;
    std::function<void()> on_connected_;
    std::function<void()> on_lost_;
    bool connected_ = false;  // the latest try got as far as listening
    bool said_ = false;
};

}  // namespace mw::pg
