#include "features/git_hosts/client/host_requests.hpp"

#include <gtest/gtest.h>

#include "features/git_hosts/client/host_api.hpp"

namespace mw::git_hosts {
namespace {

const Timestamp kNow{std::chrono::seconds(1'700'000'000)};

Error error(int status, http::HeaderList headers = {}, std::string body = "") {
    return error_of({.status = status, .headers = std::move(headers), .body = std::move(body)},
                    "git.acme.com", kNow);
}

TEST(HostError, EachStatusMeansOneThing) {
    EXPECT_EQ(error(401).code, Errc::unauthenticated);
    EXPECT_EQ(error(203).code, Errc::unauthenticated);
    EXPECT_EQ(error(403).code, Errc::forbidden);
    for (auto status : {400, 404, 409, 422})
        EXPECT_EQ(error(status).code, Errc::invalid_argument) << status;
    EXPECT_EQ(error(503).code, Errc::unavailable);
    for (auto status : {500, 301})
        EXPECT_EQ(error(status).code, Errc::upstream_failed) << status;
    EXPECT_EQ(error(404).detail, "HTTP 404");
}

TEST(HostError, RepeatsWhatTheHostSays) {
    EXPECT_NE(error(422, {}, R"({"message": "No commit found"})").message.find("No commit found"),
              std::string::npos);
    EXPECT_NE(error(400, {}, R"({"message": {"base": ["bad"]}})").message.find("bad"),
              std::string::npos);
    EXPECT_LT(error(400, {}, R"({"message": ")" + std::string(5000, 'x') + R"("})").message.size(),
              600U);
    EXPECT_NE(error(404, {}, "<html>").message.find("git.acme.com"), std::string::npos);
}

TEST(HostError, AHostThatAsksToWaitSaysHowLong) {
    auto too_many = error(429, {{"Retry-After", "7"}});
    EXPECT_EQ(too_many.code, Errc::limit_exceeded);
    EXPECT_EQ(too_many.retry_after_seconds, 7);
    auto used_up =
        error(403, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1700000090"}});
    EXPECT_EQ(used_up.code, Errc::limit_exceeded);
    EXPECT_EQ(used_up.retry_after_seconds, 90);
    EXPECT_EQ(error(403, {{"Retry-After", "60"}}).code, Errc::limit_exceeded);
    EXPECT_EQ(error(403, {{"X-RateLimit-Remaining", "12"}}).code, Errc::forbidden);
    EXPECT_EQ(error(429).retry_after_seconds, 60);
    EXPECT_EQ(error(429, {{"Retry-After", "-3"}}).retry_after_seconds, 1);
    EXPECT_EQ(error(429, {{"Retry-After", "99999999"}}).retry_after_seconds, 3600);
}

TEST(HostPath, IsOneOfARepository) {
    EXPECT_EQ(path_of("acme/my shop"), "acme/my%20shop");
    EXPECT_EQ(path_of("acme/data/shop"), "acme/data/shop");
    for (auto none : {"", "shop", "acme/../user", "acme/.", "acme//shop", "/acme/shop"})
        EXPECT_FALSE(path_of(none)) << none;
    EXPECT_EQ(path_of("acme/shop?x=#y"), "acme/shop%3Fx%3D%23y");
}

TEST(HostComment, IsKnownByALineOfItsOwn) {
    EXPECT_TRUE(has_marker("<!-- mill -->\n# Runs", "<!-- mill -->"));
    EXPECT_TRUE(has_marker("# Runs\r\n<!-- mill -->\r\n", "<!-- mill -->"));
    EXPECT_FALSE(has_marker("> <!-- mill -->\nI agree", "<!-- mill -->"));
    EXPECT_FALSE(has_marker("# Runs", "<!-- mill -->"));
    EXPECT_FALSE(has_marker("\n\n", ""));
}

TEST(HostCommit, IsHex) {
    EXPECT_TRUE(check_sha("0123456789abcdef0123456789abcdef01234567"));
    for (auto none : {"", "abc", "../../user", "0123456789abcdeg"})
        EXPECT_FALSE(check_sha(none)) << none;
}

}  // namespace
}  // namespace mw::git_hosts
