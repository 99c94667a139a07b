#include "features/sign_on/attempt.hpp"

#include <gtest/gtest.h>

namespace mw::sign_on {
namespace {

using namespace std::chrono_literals;

class AttemptTest : public testing::Test {
  protected:
    static http::Request with(std::string cookie) {
        http::Request request;
        request.headers["cookie"] = cookie.substr(0, cookie.find(';'));
        return request;
    }

    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Timestamp at_ = now();
};

TEST_F(AttemptTest, ComesBackInTheBrowserThatBeganIt) {
    auto attempt = begin_attempt(7, "/runs/3?tab=log");
    attempt.request_id = "_abc";
    auto cookie = attempt_cookie(attempt, sealer_, at_);
    EXPECT_NE(cookie.find("HttpOnly; Secure; SameSite=None"), cookie.npos);
    auto found = attempt_of(with(cookie), sealer_, at_ + 9min);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->provider_id, 7);
    EXPECT_EQ(found->state, attempt.state);
    EXPECT_EQ(found->nonce, attempt.nonce);
    EXPECT_EQ(found->code_verifier, attempt.code_verifier);
    EXPECT_EQ(found->request_id, "_abc");
    EXPECT_EQ(found->next, "/runs/3?tab=log");
}

TEST_F(AttemptTest, IsGoodForTenMinutes) {
    auto cookie = attempt_cookie(begin_attempt(7, ""), sealer_, at_);
    EXPECT_FALSE(attempt_of(with(cookie), sealer_, at_ + 11min));
}

TEST_F(AttemptTest, IsNothingWhenItIsNotOurs) {
    auto attempt = begin_attempt(7, "");
    auto cookie = attempt_cookie(attempt, sealer_, at_);
    crypto::Sealer other(crypto::DataKey::generate());
    EXPECT_FALSE(attempt_of(with(cookie), other, at_));
    cookie[cookie.find('=') + 60] ^= 1;
    EXPECT_FALSE(attempt_of(with(cookie), sealer_, at_));
    EXPECT_FALSE(attempt_of(with("millwright_sign_on=x"), sealer_, at_));
    EXPECT_FALSE(attempt_of(http::Request{}, sealer_, at_));
    EXPECT_FALSE(attempt_of(with(ended_attempt_cookie()), sealer_, at_));
}

TEST_F(AttemptTest, HasFreshValuesEachTime) {
    auto one = begin_attempt(7, ""), other = begin_attempt(7, "");
    EXPECT_NE(one.state, other.state);
    EXPECT_NE(one.nonce, other.nonce);
    EXPECT_NE(one.code_verifier, other.code_verifier);
    // RFC 7636, 4.1
    EXPECT_GE(one.code_verifier.size(), 43U);
}

TEST_F(AttemptTest, LeadsToNoPageButOurs) {
    for (auto page : {"/", "/runs?status=failed&x=%20"})
        EXPECT_TRUE(is_own_page(page)) << page;
    for (auto page : {"", "runs", "//evil.example", "/\\evil.example", "https://evil.example",
                      "/a b", "/a\r\nset-cookie: x"})
        EXPECT_FALSE(is_own_page(page)) << page;
    EXPECT_EQ(begin_attempt(7, "//evil.example").next, "");
}

}  // namespace
}  // namespace mw::sign_on
