#include "roles/scheduler/time_watch.hpp"

#include <gtest/gtest.h>

namespace mw::scheduler {
namespace {

using namespace std::chrono_literals;

class TimeWatchTest : public testing::Test {
  protected:
    // Both clocks go on by `time`; the wall clock is set by `step` besides.
    Moment after(std::chrono::milliseconds time, std::chrono::milliseconds step = 0ms) {
        moment_.steady += time;
        moment_.wall += time + step;
        return moment_;
    }
    Moment moment_{std::chrono::steady_clock::time_point(1000h),
                   parse_time("2024-05-27 10:00:00").value()};
};

TEST_F(TimeWatchTest, ClockThatGoesWithTimeDidNotStep) {
    ClockWatch watch;
    EXPECT_FALSE(watch.stepped(after(0ms)));
    EXPECT_FALSE(watch.stepped(after(1h)));
    EXPECT_FALSE(watch.stepped(after(5s, 2s)));  // slewed, not set
}

TEST_F(TimeWatchTest, ClockThatWasSetStepped) {
    ClockWatch watch;
    watch.stepped(after(0ms));
    EXPECT_TRUE(watch.stepped(after(5s, 1h)));
    EXPECT_FALSE(watch.stepped(after(5s)));
    EXPECT_TRUE(watch.stepped(after(5s, -1h)));
}

TEST_F(TimeWatchTest, NothingExpiresBeforeAWholeLeaseWasWatched) {
    ExpiryGuard guard(30s);
    EXPECT_FALSE(guard.may_expire(after(0ms)));
    EXPECT_FALSE(guard.may_expire(after(29s)));
    EXPECT_TRUE(guard.may_expire(after(1s)));
    EXPECT_TRUE(guard.may_expire(after(5s)));
}

TEST_F(TimeWatchTest, AnOutageGivesEveryoneANewLease) {
    ExpiryGuard guard(30s);
    guard.may_expire(after(0ms));
    EXPECT_TRUE(guard.may_expire(after(60s)));
    guard.interrupted();
    EXPECT_FALSE(guard.may_expire(after(60s)));
    EXPECT_FALSE(guard.may_expire(after(29s)));
    EXPECT_TRUE(guard.may_expire(after(1s)));
}

TEST_F(TimeWatchTest, AClockStepGivesEveryoneANewLease) {
    ExpiryGuard guard(30s);
    guard.may_expire(after(0ms));
    EXPECT_TRUE(guard.may_expire(after(60s)));
    EXPECT_FALSE(guard.may_expire(after(5s, 2h)));
    EXPECT_TRUE(guard.may_expire(after(30s)));
}

}  // namespace
}  // namespace mw::scheduler
