#include "features/git_hosts/incoming.hpp"

#include <gtest/gtest.h>

#include "infra/crypto/base64.hpp"
#include "infra/crypto/hmac.hpp"

namespace mw::git_hosts {
namespace {

http::Request request(http::Headers headers, std::string body = "{}") {
    http::Request request;
    request.headers = std::move(headers);
    request.body = std::move(body);
    return request;
}

bool is_signed_by(std::string_view kind, http::Headers headers) {
    return is_signed(kind, Secret("hush"), request(std::move(headers)));
}

TEST(Incoming, EachHostSignsInItsOwnWay) {
    auto hmac = crypto::hmac_sha256_hex(Secret("hush"), "{}");
    EXPECT_TRUE(is_signed_by("github", {{"x-hub-signature-256", "sha256=" + hmac}}));
    EXPECT_TRUE(is_signed_by("gitea", {{"x-hub-signature-256", "sha256=" + hmac}}));
    EXPECT_TRUE(is_signed_by("gitea", {{"x-gitea-signature", hmac}}));
    EXPECT_TRUE(is_signed_by("gitlab", {{"x-gitlab-token", "hush"}}));
    auto basic = "Basic " + crypto::base64_encode("anybody:hush");
    EXPECT_TRUE(is_signed_by("azure_devops", {{"authorization", basic}}));
}

TEST(Incoming, NoOtherSignatureWillDo) {
    auto hmac = crypto::hmac_sha256_hex(Secret("hush"), "{}");
    auto other = crypto::hmac_sha256_hex(Secret("other"), "{}");
    auto elsewhere = crypto::hmac_sha256_hex(Secret("hush"), "{ }");
    for (auto kind : {"github", "gitea", "gitlab", "azure_devops"}) {
        EXPECT_FALSE(is_signed_by(kind, {})) << kind;
        for (const auto& wrong : {other, elsewhere, std::string(), hmac.substr(1)}) {
            EXPECT_FALSE(is_signed_by(kind, {{"x-hub-signature-256", "sha256=" + wrong},
                                             {"x-gitea-signature", wrong},
                                             {"x-gitlab-token", wrong}}))
                << kind;
        }
        EXPECT_FALSE(is_signed_by(kind, {{"authorization", "Basic aHVzaA=="},
                                         {"x-gitlab-token", "hush "},
                                         {"x-hub-signature-256", hmac}}))
            << kind;
    }
    EXPECT_FALSE(is_signed_by("github", {{"x-gitea-signature", hmac}}));
    EXPECT_FALSE(is_signed_by("github", {{"x-gitlab-token", "hush"}}));
    EXPECT_FALSE(is_signed("gitlab", Secret(), request({{"x-gitlab-token", ""}})));
}

constexpr const char* kPush =
    R"({"ref": "refs/heads/main", "after": "bb", "repository": {"full_name": "acme/shop"},
        "project": {"path_with_namespace": "acme/shop"}})";

TEST(Incoming, ADeliveryHasItsHostsOwnId) {
    auto id = [](std::string kind, http::Headers headers, const char* body = kPush) {
        auto read = read_webhook(kind, request(std::move(headers), body));
        EXPECT_TRUE(read) << kind << ": " << read.error().message;
        return read ? read->delivery.delivery_id : std::string();
    };
    EXPECT_EQ(id("github", {{"x-github-event", "push"}, {"x-github-delivery", "d1"}}), "d1");
    EXPECT_EQ(id("gitea", {{"x-gitea-event", "push"}, {"x-gitea-delivery", "d2"}}), "d2");
    EXPECT_EQ(id("gitlab", {{"x-gitlab-event", "Push Hook"}, {"idempotency-key", "d3"}}), "d3");
    // Two events that came of one another have one uuid.
    http::Headers recursive{{"x-gitlab-event", "Push Hook"}, {"x-gitlab-event-uuid", "u"}};
    EXPECT_NE(id("gitlab", recursive), id("gitlab", recursive,
                                          R"({"ref": "refs/heads/main", "after": "cc",
                                   "project": {"path_with_namespace": "acme/shop"}})"));
    EXPECT_EQ(id("azure_devops", {}, R"({"id": "d4", "eventType": "git.push", "resource": {
        "refUpdates": [{"name": "refs/heads/main", "newObjectId": "bb"}],
        "repository": {"remoteUrl": "https://dev.azure.com/a/b/_git/c"}}})"),
              "d4");
    EXPECT_EQ(id("github", {{"x-github-event", "push"}}).size(), 64U);
}

TEST(Incoming, WhatNobodyActsOnSaysSo) {
    auto ignored = [](std::string event, std::string body) {
        auto read = read_webhook("github", request({{"x-github-event", event}}, body));
        EXPECT_TRUE(read) << read.error().message;
        return read ? read->ignored : std::string();
    };
    EXPECT_EQ(ignored("ping", R"({"zen": "…"})"), "The webhook works.");
    EXPECT_NE(ignored("star", "{}"), "");
    EXPECT_NE(ignored("push", R"({"ref": "refs/tags/v1", "after": "bb"})"), "");
    EXPECT_NE(ignored("pull_request", R"({"action": "labeled", "repository":
        {"full_name": "acme/shop"}, "pull_request": {"number": 1, "head": {"sha": "aa"},
        "base": {"ref": "main"}}})"),
              "");
    EXPECT_EQ(ignored("push", kPush), "");
}

TEST(Incoming, WhoSetsAWebhookUpIsToldWhatIsWrong) {
    EXPECT_FALSE(read_webhook("github", request({}, kPush)));
    EXPECT_FALSE(read_webhook("github", request({{"x-github-event", "push"}}, "no json")));
    auto form = read_webhook(
        "github",
        request({{"x-github-event", "push"}, {"content-type", "application/x-www-form-urlencoded"}},
                "payload=%7B%7D"));
    ASSERT_FALSE(form);
    EXPECT_NE(form.error().message.find("application/json"), std::string::npos);
}

}  // namespace
}  // namespace mw::git_hosts
