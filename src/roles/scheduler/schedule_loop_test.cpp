#include "roles/scheduler/schedule_loop.hpp"

#include <gtest/gtest.h>

namespace mw::scheduler {
namespace {

using namespace std::chrono_literals;

TEST(PauseUntil, SleepsUntilTheNextFiringWithinThePoll) {
    auto now = parse_time("2024-05-27 10:00:00").value();
    EXPECT_EQ(pause_until(std::nullopt, now, 5s, false), 5s);
    EXPECT_EQ(pause_until(now + 1h, now, 5s, false), 5s);
    EXPECT_EQ(pause_until(now + 3s, now, 5s, false), 3s);
    EXPECT_EQ(pause_until(now + 3000001us, now, 5s, false), 3001ms);
}

TEST(PauseUntil, NeverGoesRoundInATightCircle) {
    auto now = parse_time("2024-05-27 10:00:00").value();
    EXPECT_EQ(pause_until(now, now, 5s, false), 20ms);
    EXPECT_EQ(pause_until(now - 1h, now, 5s, false), 20ms);
    EXPECT_EQ(pause_until(now - 1h, now, 5s, true), 1s);
}

}  // namespace
}  // namespace mw::scheduler
