#include "roles/supervisor/backoff.hpp"

#include <gtest/gtest.h>

namespace mw::supervisor {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesUpToTheMost) {
    Backoff backoff;
    EXPECT_EQ(backoff.after(1s), 200ms);
    EXPECT_EQ(backoff.after(1s), 400ms);
    EXPECT_EQ(backoff.after(1s), 800ms);
    for (int i = 0; i < 10; ++i)
        backoff.after(1s);
    EXPECT_EQ(backoff.after(59s), 10s);
}

TEST(Backoff, BeginsAnewAfterAMinuteOfService) {
    Backoff backoff;
    for (int i = 0; i < 10; ++i)
        backoff.after(0s);
    EXPECT_EQ(backoff.after(60s), 200ms);
    EXPECT_EQ(backoff.after(0s), 400ms);
}

}  // namespace
}  // namespace mw::supervisor
