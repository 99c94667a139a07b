#include "api/sealed_cookie.hpp"

#include <gtest/gtest.h>

namespace mw::api {
namespace {

using namespace std::chrono_literals;

class SealedCookieTest : public testing::Test {
  protected:
    static http::Request with(const std::string& header) {
        http::Request request;
        request.headers["cookie"] = header.substr(0, header.find(';'));
        return request;
    }

    SealedCookie cookie_{"way", "test:way", 10min, SealedCookie::SameSite::none};
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Timestamp at_ = now();
    std::string made_ = cookie_.with({{"state", "s"}}, sealer_, at_);
};

TEST_F(SealedCookieTest, ComesBackWithWhatItHolds) {
    EXPECT_NE(made_.find("; Path=/complete; Max-Age=600; HttpOnly; Secure; SameSite=None"),
              made_.npos);
    auto found = cookie_.read(with(made_), sealer_, at_ + 9min);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at("state").as_string(), "s");
}

TEST_F(SealedCookieTest, EndsByItself) {
    EXPECT_FALSE(cookie_.read(with(made_), sealer_, at_ + 11min));
}

TEST_F(SealedCookieTest, IsNothingWhenItIsNotOurs) {
    crypto::Sealer other(crypto::DataKey::generate());
    SealedCookie elsewhere("way", "test:elsewhere", 10min, SealedCookie::SameSite::lax);
    EXPECT_FALSE(cookie_.read(with(made_), other, at_));
    EXPECT_FALSE(elsewhere.read(with(made_), sealer_, at_)) << "sealed for another way";
    EXPECT_FALSE(cookie_.read(with(cookie_.without()), sealer_, at_));
    EXPECT_FALSE(cookie_.read(with("way=x"), sealer_, at_));
    EXPECT_FALSE(cookie_.read(http::Request{}, sealer_, at_));
    made_[made_.find('=') + 60] ^= 1;
    EXPECT_FALSE(cookie_.read(with(made_), sealer_, at_));
}

}  // namespace
}  // namespace mw::api
