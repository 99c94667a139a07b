#include "test_support/test_database.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include "infra/pg/connection.hpp"

namespace mw::test {
namespace {

namespace asio = boost::asio;

asio::awaitable<std::int64_t> count(asio::thread_pool& blocking, std::string conninfo,
                                    std::string sql) {
    auto connection = co_await pg::Connection::open(blocking, std::move(conninfo));
    if (!connection) throw std::runtime_error(connection.error().detail);
    auto rows = co_await (*connection)->run_text("test", std::move(sql));
    if (!rows) throw std::runtime_error(rows.error().detail);
    co_return rows->empty() ? 0 : rows->get<std::int64_t>(0, "n");
}

std::int64_t count(const std::string& conninfo, std::string sql) {
    asio::io_context ioc{1};
    asio::thread_pool blocking{1};
    auto outcome = asio::co_spawn(ioc, count(blocking, conninfo, std::move(sql)), asio::use_future);
    ioc.run();
    return outcome.get();
}

constexpr const char* kTables = "SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'";

TEST(TestDatabase, EachIsMigratedAndApart) {
    auto one = test_database();
    auto other = test_database();
    EXPECT_NE(one, other);
    EXPECT_GT(count(one, kTables), 1);
    auto before = count(other, kTables);
    count(one, "CREATE TABLE only_here (n bigint)");
    EXPECT_EQ(count(other, kTables), before);
}

TEST(TestDatabase, EmptyHasNoTables) {
    EXPECT_EQ(count(empty_test_database(), kTables), 0);
}

}  // namespace
}  // namespace mw::test
