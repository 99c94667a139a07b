#include "roles/scheduler/loop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class LoopTest : public testing::Test {
  protected:
    // A loop whose pass is `pass` with the number of the pass, from 1.
    Loop& loop(std::function<result<std::chrono::milliseconds>(int)> pass,
               Loop::Rest rest = {0, {}}) {
        loop_.emplace(
            ioc_.get_executor(), "test", failures_,
            [this, pass]() -> asio::awaitable<result<std::chrono::milliseconds>> {
                ++passes_;
                co_return pass(passes_);
            },
            rest);
        return *loop_;
    }
    void stop() {
        asio::co_spawn(ioc_, loop_->stop(), asio::detached);
        ioc_.restart();
        ioc_.run();
    }

    asio::io_context ioc_{1};
    FailureLog failures_;
    std::optional<Loop> loop_;
    int passes_ = 0;
};

TEST_F(LoopTest, WaitsUntilItIsWoken) {
    auto& waiting = loop([](int) { return 1h; });
    waiting.start();
    ioc_.poll();
    EXPECT_EQ(passes_, 1);
    waiting.wake();
    ioc_.poll();
    EXPECT_EQ(passes_, 2);
    stop();
    EXPECT_EQ(passes_, 2);
}

TEST_F(LoopTest, AWakeWaitsForTheRestAfterAPassAndAStopDoesNot) {
    // However short the pass was, its rest has no end here.
    auto& resting = loop([](int) { return 1h; }, {.times = 1'000'000'000, .most = 1h});
    resting.start();
    ioc_.poll();
    resting.wake();
    ioc_.poll();
    EXPECT_EQ(passes_, 1);
    stop();
    EXPECT_EQ(passes_, 1);
}

TEST_F(LoopTest, AWakeDuringAPassMeansAnotherPass) {
    auto& busy = loop([this](int pass) -> std::chrono::milliseconds {
        if (pass == 1) loop_->wake();
        return 1h;
    });
    busy.start();
    ioc_.poll();
    EXPECT_EQ(passes_, 2);
    stop();
}

TEST_F(LoopTest, GoesOnByItselfAfterItsPause) {
    auto& quick = loop([](int pass) -> std::chrono::milliseconds {
        if (pass < 3) return 0ms;
        return 1h;
    });
    quick.start();
    while (passes_ < 3)
        ioc_.run_one();
    stop();
    EXPECT_EQ(passes_, 3);
}

TEST_F(LoopTest, FailuresDoNotEndIt) {
    auto& failing = loop([](int pass) -> result<std::chrono::milliseconds> {
        if (pass == 1) throw std::runtime_error("broken");
        if (pass == 2) return fail(Errc::unavailable, "away");
        return 1h;
    });
    failing.start();
    ioc_.poll();
    EXPECT_EQ(passes_, 1);
    failing.wake();
    ioc_.poll();
    EXPECT_EQ(passes_, 2);
    EXPECT_TRUE(failures_.outage());
    failing.wake();
    ioc_.poll();
    EXPECT_EQ(passes_, 3);
    EXPECT_FALSE(failures_.outage());
    stop();
}

TEST_F(LoopTest, AFailedPassThatWakesItselfDoesNotSpin) {
    auto& failing = loop([this](int) -> result<std::chrono::milliseconds> {
        loop_->wake();
        return fail(Errc::internal, "always");
    });
    failing.start();
    ioc_.poll();
    EXPECT_EQ(passes_, 1);
    stop();
}

TEST_F(LoopTest, StopBeforeStartIsFine) {
    loop([](int) { return 1h; });
    stop();
    EXPECT_EQ(passes_, 0);
}

TEST_F(LoopTest, AnOutageIsOverWhenEveryLoopIsWellAgain) {
    Error away{Errc::unavailable, "away"};
    failures_.failed("one", away);
    failures_.failed("two", away);
    failures_.succeeded("one");
    EXPECT_TRUE(failures_.outage());
    failures_.failed("two", {Errc::internal, "something else"});
    EXPECT_FALSE(failures_.outage());
    failures_.succeeded("two");
    failures_.failed("one", away);
    EXPECT_TRUE(failures_.outage());
    failures_.succeeded("one");
    EXPECT_FALSE(failures_.outage());
}

}  // namespace
}  // namespace mw::scheduler
