#include "base/wake_signal.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace mw {
namespace {

using namespace std::chrono_literals;

class WakeSignalTest : public testing::Test {
  protected:
    void wait(std::uint64_t seen, std::chrono::milliseconds most = 1h) {
        boost::asio::co_spawn(
            ioc_,
            [this, seen, most]() -> boost::asio::awaitable<void> {
                co_await signal_.wait(seen, most);
                ++woken_;
            },
            boost::asio::detached);
        ioc_.poll();
    }

    boost::asio::io_context ioc_;
    WakeSignal signal_{ioc_.get_executor()};
    int woken_ = 0;
};

TEST_F(WakeSignalTest, WhoBeginsToWaitWakesNobody) {
    for (int i = 0; i < 3; ++i)
        wait(0);
    EXPECT_EQ(woken_, 0);
    signal_.notify();
    ioc_.poll();
    EXPECT_EQ(woken_, 3);
}

TEST_F(WakeSignalTest, WhatCameWhileOneLookedIsNotMissed) {
    auto seen = signal_.count();
    signal_.notify();
    wait(seen);
    EXPECT_EQ(woken_, 1);
    wait(signal_.count());
    EXPECT_EQ(woken_, 1);
}

TEST_F(WakeSignalTest, AWaitHasItsEnd) {
    wait(0, 0ms);
    ioc_.run();
    EXPECT_EQ(woken_, 1);
    // Its timer is gone, and no longer on the list.
    signal_.notify();
}

}  // namespace
}  // namespace mw
