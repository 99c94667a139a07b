#include "features/passwords/sign_in_throttle.hpp"

#include <gtest/gtest.h>

namespace mw::passwords {
namespace {

using namespace std::chrono_literals;

TEST(SignInThrottle, MakesGuessersWaitLongerAndForgets) {
    SignInThrottle throttle;
    auto at = SignInThrottle::Moment{} + 24h;
    for (int i = 0; i < 5; ++i)
        throttle.failed("a@b.c", at);
    EXPECT_EQ(throttle.wait("a@b.c", at), 0s);
    throttle.failed("a@b.c", at);
    EXPECT_EQ(throttle.wait("a@b.c", at), 2s);
    throttle.failed("a@b.c", at);
    EXPECT_EQ(throttle.wait("a@b.c", at), 4s);
    EXPECT_EQ(throttle.wait("a@b.c", at + 4s), 0s);
    EXPECT_EQ(throttle.wait("other", at), 0s);
    throttle.failed("a@b.c", at + 1h);
    EXPECT_EQ(throttle.wait("a@b.c", at + 1h), 0s);
}

TEST(SignInThrottle, SuccessClears) {
    SignInThrottle throttle;
    auto at = SignInThrottle::Moment{} + 24h;
    for (int i = 0; i < 9; ++i)
        throttle.failed("k", at);
    EXPECT_GT(throttle.wait("k", at), 0s);
    throttle.succeeded("k");
    EXPECT_EQ(throttle.wait("k", at), 0s);
}

}  // namespace
}  // namespace mw::passwords
