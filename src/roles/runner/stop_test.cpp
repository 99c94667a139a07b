#include "roles/runner/stop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace mw::runner {
namespace {

namespace asio = boost::asio;

TEST(Stop, AGraverReasonReplacesALighterOne) {
    asio::io_context io;
    Stop stop(io.get_executor());
    EXPECT_FALSE(stop.requested());
    stop.request(StopReason::shutdown, "stopped");
    stop.request(StopReason::cancelled, "cancelled by ada");
    EXPECT_EQ(stop.message(), "cancelled by ada");
    stop.request(StopReason::shutdown, "stopped");
    EXPECT_EQ(stop.reason(), StopReason::cancelled);
    stop.request(StopReason::cancelled, "cancelled by bob");
    EXPECT_EQ(stop.message(), "cancelled by ada");
    EXPECT_FALSE(stop.lost());
}

TEST(Stop, WakesWhoWaits) {
    asio::io_context io;
    Stop stop(io.get_executor());
    bool requested = false;
    bool lost = false;
    auto wait_requested = [&]() -> asio::awaitable<void> {
        co_await stop.wait_requested();
        requested = true;
    };
    auto wait_lost = [&]() -> asio::awaitable<void> {
        co_await stop.wait_lost();
        lost = true;
    };
    asio::co_spawn(io, wait_requested, asio::detached);
    asio::co_spawn(io, wait_lost, asio::detached);
    io.poll();
    stop.request(StopReason::timed_out, "too long");
    io.poll();
    EXPECT_TRUE(requested);
    EXPECT_FALSE(lost);
    stop.request(StopReason::lost, "gone");
    io.poll();
    EXPECT_TRUE(lost);
}

}  // namespace
}  // namespace mw::runner
