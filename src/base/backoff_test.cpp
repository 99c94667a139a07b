#include "base/backoff.hpp"

#include <gtest/gtest.h>

namespace mw {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToTheMost) {
    Backoff backoff(200ms, 10s);
    EXPECT_EQ(backoff.after(1s), 200ms);
    EXPECT_EQ(backoff.after(1s), 400ms);
    EXPECT_EQ(backoff.after(1s), 800ms);
    for (int i = 0; i < 10; ++i)
        backoff.after(1s);
    EXPECT_EQ(backoff.after(59s), 10s);
}

TEST(Backoff, BeginsAnewAfterAMinuteOfService) {
    Backoff backoff(200ms, 10s);
    for (int i = 0; i < 10; ++i)
        backoff.after(0s);
    EXPECT_EQ(backoff.after(60s), 200ms);
    EXPECT_EQ(backoff.after(0s), 400ms);
}

}  // namespace
}  // namespace mw
