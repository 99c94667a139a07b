// One PostgreSQL connection under one owner, driven by Asio (libpq's non-blocking calls).
//
// A statement has a name, which is its label in logs and metrics, and registers itself so that
// a test can PREPARE every one against the migrated schema (query_registry.hpp).
//
// Errors: unique or foreign-key violations are `conflict`, a lost or refused server
// `unavailable`, a statement past its deadline `timeout`, anything else `internal` with
// PostgreSQL's words in `detail`. After a timeout or a cancelled wait the connection's state is
// unknown: it says so by !usable() and is never reused.
//
// A statement with parameters that comes again is prepared: for most of ours, parsing and planning
// cost the server more than executing.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "infra/pg/result.hpp"
#include "infra/pg/statement_cache.hpp"

namespace mw::pg {

namespace asio = boost::asio;

// A named statement; make them `inline const` or `const` at namespace scope in a store file.
struct Query {
    Query(const char* query_name, const char* query_sql);
    const char* name;
    const char* sql;
};

// Every Query of the program.
const std::vector<const Query*>& registered_queries();

struct Notification {
    std::string channel;
    std::string payload;
};

class Connection {
  public:
    // Connects on `blocking` (name look-ups and TLS may block), within 10 s.
    static asio::awaitable<result<std::unique_ptr<Connection>>> open(asio::thread_pool& blocking,
                                                                     std::string conninfo);
    Connection(asio::any_io_executor executor, PGconn* connection);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // Runs one statement. `timeout` covers sending and the whole answer.
    template <class... Args>
    asio::awaitable<result<Rows>> run(const Query& query, const Args&... args) {
        std::vector<Param> params{to_param(args)...};
        co_return co_await execute(query.name, query.sql, std::move(params),
                                   std::chrono::seconds(30));
    }
    // The same for SQL text that is put together at run time from constant pieces.
    asio::awaitable<result<Rows>> run_text(
        const char* name, std::string sql, std::vector<Param> params = {},
        std::chrono::milliseconds timeout = std::chrono::seconds(30));

    // Waits for the next NOTIFY, as long as it takes; an error when the server went away.
    asio::awaitable<result<Notification>> next_notification();

    bool usable() const;  // connected, idle, outside a transaction
    bool in_transaction() const;

  private:
    asio::awaitable<result<Rows>> execute(const char* name, const char* sql,
                                          std::vector<Param> params,
                                          std::chrono::milliseconds timeout);
    asio::awaitable<result<Rows>> send(const char* name, const char* sql,
                                       const std::vector<Param>& params);
    asio::awaitable<result<>> prepare(const char* name, const char* sql,
                                      const StatementCache::Advice& advice);
    asio::awaitable<result<Rows>> answer(const char* name, int sent);
    asio::awaitable<result<>> flush();
    asio::awaitable<result<Rows>> read_result(const char* name);
    asio::awaitable<result<>> wait_readable();

    PGconn* connection_;
    asio::posix::stream_descriptor socket_;
    StatementCache statements_;
    std::string failed_with_;  // SQLSTATE of the last statement that was refused
    bool busy_ = false;        // a statement is in flight, or was when its waiter went away
};

}  // namespace mw::pg
