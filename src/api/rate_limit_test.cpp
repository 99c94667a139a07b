#include "api/rate_limit.hpp"

#include <gtest/gtest.h>

namespace mw::api {
namespace {

using namespace std::chrono_literals;

class RateLimitTest : public testing::Test {
  protected:
    static Caller token(Id id) {
        Caller caller;
        caller.token_id = id;
        return caller;
    }
    int pass(RateLimit& limit, const Caller& caller, int tries) {
        int passed = 0;
        for (int i = 0; i < tries; ++i)
            passed += limit.wait(caller, now_) == 0s ? 1 : 0;
        return passed;
    }

    RateLimit::Moment now_{};
};

TEST_F(RateLimitTest, ATenthOfAMinuteMayComeAtOnceAndTheRestSteadily) {
    RateLimit limit(600);
    EXPECT_EQ(pass(limit, token(1), 100), 60);
    now_ += 1s;
    EXPECT_EQ(pass(limit, token(1), 100), 10);
    now_ += 1h;
    EXPECT_EQ(pass(limit, token(1), 100), 60);
}

TEST_F(RateLimitTest, SaysHowLongToWait) {
    RateLimit limit(6);
    EXPECT_EQ(limit.wait(token(1), now_), 0s);
    EXPECT_EQ(limit.wait(token(1), now_), 10s);
    now_ += 9s;
    EXPECT_EQ(limit.wait(token(1), now_), 1s);
    now_ += 1s;
    EXPECT_EQ(limit.wait(token(1), now_), 0s);
}

TEST_F(RateLimitTest, EachTokenHasItsOwn) {
    RateLimit limit(60);
    EXPECT_EQ(pass(limit, token(1), 100), 6);
    EXPECT_EQ(pass(limit, token(2), 100), 6);
    Caller person;
    person.user_id = 1;
    EXPECT_EQ(pass(limit, person, 100), 6);
}

TEST_F(RateLimitTest, ZeroIsNone) {
    RateLimit limit(0);
    EXPECT_EQ(pass(limit, token(1), 100'000), 100'000);
}

}  // namespace
}  // namespace mw::api
