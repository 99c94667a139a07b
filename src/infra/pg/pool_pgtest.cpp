#include "infra/pg/pool.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>

#include "base/ids.hpp"
#include "test_support/test_database.hpp"

namespace mw::pg {
namespace {

using namespace std::chrono_literals;

struct Row {
    Id id = 0;
    std::string name;
    std::optional<Timestamp> at;
    std::vector<std::string> tags;
    boost::json::object data;
    Bytes raw;
};
BOOST_DESCRIBE_STRUCT(Row, (), (id, name, at, tags, data, raw))

class PgPool : public ::testing::Test {
  protected:
    // Runs one coroutine to its end, with a pool of this test's own database.
    template <class Body>
    void run(std::size_t size, Body body) {
        asio::io_context ioc{1};
        Pool pool(ioc.get_executor(), conninfo_, size);
        asio::co_spawn(
            ioc, [&]() -> asio::awaitable<void> { co_await body(pool); },
            [](std::exception_ptr thrown) {
                if (thrown) std::rethrow_exception(thrown);
            });
        ioc.run();
    }
    std::string conninfo_ = test::empty_test_database();
};

asio::awaitable<Rows> must(Connection& connection, std::string sql,
                           std::vector<Param> params = {}) {
    auto rows = co_await connection.run_text("test", std::move(sql), std::move(params));
    if (!rows) throw std::runtime_error(rows.error().message + rows.error().detail);
    co_return std::move(*rows);
}

TEST_F(PgPool, ValuesSurviveTheRoundTrip) {
    run(1, [](Pool& pool) -> asio::awaitable<void> {
        auto lease = co_await pool.acquire();
        std::vector<std::string> tags{"a\"b\\c", "", "d,e}", "é"};
        std::string bytes("\0\x01\xff", 3);
        boost::json::object data{{"k", "v'"}};
        auto at = *parse_time("2024-05-27T10:42:16.179903Z");
        auto rows =
            co_await must(**lease,
                          "SELECT $1::bigint AS id, $2::text AS name, $3::timestamptz AS at, "
                          "$4::text[] AS tags, $5::jsonb AS data, $6::bytea AS raw",
                          {to_param(Id{9007199254740991}), to_param("O'Hara"), to_param(at),
                           to_param(tags), to_param(data), to_param(Bytes{bytes})});
        auto row = rows.as<Row>(0);
        EXPECT_EQ(row.id, 9007199254740991);
        EXPECT_EQ(row.name, "O'Hara");
        EXPECT_EQ(row.at, at);
        EXPECT_EQ(row.tags, tags);
        EXPECT_EQ(row.data, data);
        EXPECT_EQ(row.raw.data, bytes);
    });
}

TEST_F(PgPool, ATransactionThatFailsLeavesNothing) {
    run(2, [](Pool& pool) -> asio::awaitable<void> {
        {
            auto lease = co_await pool.acquire();
            co_await must(**lease, "CREATE TABLE t (n int UNIQUE)");
        }
        auto failing = [](Connection& connection) -> asio::awaitable<result<int>> {
            co_await must(connection, "INSERT INTO t VALUES (1)");
            co_return fail(Errc::conflict, "no");
        };
        auto refused = co_await with_tx(pool, failing);
        EXPECT_EQ(refused.error().code, Errc::conflict);

        auto twice = [](Connection& connection) -> asio::awaitable<result<int>> {
            co_await must(connection, "INSERT INTO t VALUES (2)");
            auto again = co_await connection.run_text("again", "INSERT INTO t VALUES (2)");
            co_return again ? result<int>(1) : result<int>(std::unexpected(again.error()));
        };
        auto doubled = co_await with_tx(pool, twice);
        EXPECT_EQ(doubled.error().code, Errc::conflict);

        bool thrown = false;
        auto throwing = [](Connection& connection) -> asio::awaitable<result<int>> {
            co_await must(connection, "INSERT INTO t VALUES (3)");
            throw std::runtime_error("broken");
        };
        try {
            (void)co_await with_tx(pool, throwing);
        } catch (const std::runtime_error&) {
            thrown = true;
        }
        EXPECT_TRUE(thrown);

        auto lease = co_await pool.acquire();
        auto rows = co_await must(**lease, "SELECT count(*) AS n FROM t");
        EXPECT_EQ(rows.get<Id>(0, "n"), 0);
    });
}

TEST_F(PgPool, WhatIsPreparedSurvivesAChangeOfTheSchema) {
    run(1, [](Pool& pool) -> asio::awaitable<void> {
        auto lease = co_await pool.acquire();
        co_await must(**lease, "CREATE TABLE t AS SELECT 1 AS n, 'one' AS name");
        auto look = [&]() -> asio::awaitable<std::string> {
            auto rows = co_await must(**lease, "SELECT * FROM t WHERE n = $1::integer", {"1"});
            co_return rows.get<std::string>(0, "name");
        };
        for (int time = 0; time < 3; ++time)
            EXPECT_EQ(co_await look(), "one");
        auto rows = co_await must(**lease, "SELECT count(*) AS n FROM pg_prepared_statements");
        EXPECT_EQ(rows.get<Id>(0, "n"), 1);
        co_await must(**lease, "ALTER TABLE t ALTER name TYPE varchar(9), ADD extra text");
        for (int time = 0; time < 3; ++time)
            EXPECT_EQ(co_await look(), "one");
        co_await must(**lease, "DISCARD ALL");
        for (int time = 0; time < 3; ++time)
            EXPECT_EQ(co_await look(), "one");
    });
}

TEST_F(PgPool, OnlySoManyStatementsStayPrepared) {
    run(1, [](Pool& pool) -> asio::awaitable<void> {
        auto lease = co_await pool.acquire();
        for (int i = 0; i < 300; ++i)
            for (int time = 0; time < 2; ++time) {
                auto rows =
                    co_await must(**lease, fmt::format("SELECT $1::bigint + {} AS n", i), {"1000"});
                EXPECT_EQ(rows.get<Id>(0, "n"), 1000 + i);
            }
        auto rows = co_await must(**lease, "SELECT count(*) AS n FROM pg_prepared_statements");
        EXPECT_EQ(rows.get<Id>(0, "n"), 128);
    });
}

TEST_F(PgPool, AStatementPastItsDeadlineCostsTheConnectionAlone) {
    run(1, [](Pool& pool) -> asio::awaitable<void> {
        {
            auto lease = co_await pool.acquire();
            auto slow = co_await (*lease)->run_text("slow", "SELECT pg_sleep(60)", {}, 50ms);
            EXPECT_EQ(slow.error().code, Errc::timeout);
            EXPECT_FALSE((*lease)->usable());
        }
        auto lease = co_await pool.acquire();
        auto rows = co_await must(**lease, "SELECT 1::bigint AS n");
        EXPECT_EQ(rows.get<Id>(0, "n"), 1);
    });
}

TEST_F(PgPool, WaitersGetTheConnectionInTurn) {
    run(1, [](Pool& pool) -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        int done = 0;
        auto one = [&](int expected) -> asio::awaitable<void> {
            auto lease = co_await pool.acquire();
            co_await must(**lease, "SELECT 1");
            EXPECT_EQ(++done, expected);
        };
        co_await (one(1) && one(2) && one(3));
    });
}

TEST_F(PgPool, ABrokenConnectionIsUnavailableAndReplaced) {
    run(2, [](Pool& pool) -> asio::awaitable<void> {
        {
            auto victim = co_await pool.acquire();
            auto killer = co_await pool.acquire();
            auto pid = (co_await must(**victim, "SELECT pg_backend_pid() AS n")).get<Id>(0, "n");
            co_await must(**killer, "SELECT pg_terminate_backend($1::int)", {to_param(pid)});
            auto refused = co_await (*victim)->run_text("after", "SELECT 1");
            EXPECT_EQ(refused.error().code, Errc::unavailable);
            EXPECT_FALSE((*victim)->usable());
        }
        auto lease = co_await pool.acquire();
        auto other = co_await pool.acquire();
        co_await must(**lease, "SELECT 1");
        co_await must(**other, "SELECT 1");
    });
}

TEST_F(PgPool, NoServerIsUnavailable) {
    asio::io_context ioc{1};
    Pool pool(ioc.get_executor(), "host=/nonexistent dbname=x", 1);
    asio::co_spawn(
        ioc,
        [&]() -> asio::awaitable<void> {
            auto lease = co_await pool.acquire();
            EXPECT_EQ(lease.error().code, Errc::unavailable);
        },
        asio::detached);
    ioc.run();
}

TEST_F(PgPool, AListenerHearsAndReconnects) {
    run(2, [](Pool& pool) -> asio::awaitable<void> {
        using namespace asio::experimental::awaitable_operators;
        auto executor = co_await asio::this_coro::executor;
        asio::steady_timer heard(executor, 30s);
        int connected = 0;
        std::vector<std::string> payloads;
        // Each (re)connection notifies itself; the first notification cuts the connection.
        auto notify = [&pool](std::string sql) -> asio::awaitable<void> {
            auto lease = co_await pool.acquire();
            co_await must(**lease, std::move(sql));
        };
        Listener listener(
            pool, {"events"},
            [&](const Notification& notification) {
                payloads.push_back(notification.payload);
                if (payloads.size() == 2) heard.cancel();
                if (payloads.size() == 1)
                    asio::co_spawn(executor,
                                   notify("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                          "WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"),
                                   asio::detached);
            },
            [&] {
                ++connected;
                asio::co_spawn(
                    executor,
                    notify("SELECT pg_notify('events', '" + std::to_string(connected) + "')"),
                    asio::detached);
            });
        auto wait = [&]() -> asio::awaitable<void> {
            boost::system::error_code ignored;
            co_await heard.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        };
        co_await (listener.run() || wait());
        EXPECT_EQ(payloads, (std::vector<std::string>{"1", "2"}));
    });
}

}  // namespace
}  // namespace mw::pg
