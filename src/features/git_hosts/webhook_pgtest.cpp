#include "features/git_hosts/delivery_store.hpp"
#include "features/git_hosts/pgtest_hosts.hpp"
#include "features/git_hosts/webhook_api.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/hmac.hpp"

namespace mw::git_hosts {
namespace {

using testing::HasSubstr;

constexpr const char* kPush =
    R"({"ref": "refs/heads/main", "after": "bb", "repository": {"full_name": "Acme/Shop"},
        "project": {"path_with_namespace": "acme/shop"}, "installation": {"id": 77}})";

http::Headers signed_by(const std::string& secret, std::string_view body,
                        std::string delivery = "d1", std::string event = "push") {
    return {{"x-hub-signature-256", "sha256=" + crypto::hmac_sha256_hex(Secret(secret), body)},
            {"x-github-event", event},
            {"x-gitea-event", event},
            {"x-github-delivery", delivery},
            {"x-gitea-delivery", delivery}};
}

class WebhookTest : public GitHostsTest {
  protected:
    WebhookTest() : GitHostsTest(true) {}

    test::Answer send(http::Headers headers, std::string body = kPush, std::string path = "") {
        if (path.empty()) path = fmt::format("/api/v1/webhooks/repository/{}/", repository_);
        return world_.call("POST", path, std::move(body), std::move(headers));
    }
    test::Answer send_app(http::Headers headers, std::string body = kPush) {
        return send(std::move(headers), std::move(body), "/api/v1/webhooks/github/");
    }
    std::optional<Delivery> next() {
        return world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [](pg::Connection& tx) { return lock_next_delivery(tx); });
        });
    }
};

TEST_F(WebhookTest, WhatIsSignedIsWrittenDownOnce) {
    auto secret = link("github");
    auto taken = send(signed_by(secret, kPush));
    EXPECT_EQ(taken.status, 202) << taken.body;
    auto again = send(signed_by(secret, kPush));
    EXPECT_EQ(again.status, 200);
    EXPECT_THAT(again.body, HasSubstr("already here"));
    EXPECT_EQ(count("git_deliveries"), 1);
    auto delivery = next();
    ASSERT_TRUE(delivery);
    EXPECT_EQ(delivery->kind, "github");
    EXPECT_EQ(delivery->event, "push");
    EXPECT_EQ(delivery->payload, kPush);
    EXPECT_EQ(delivery->repository_id, repository_);
    auto event = event_of(*delivery);
    ASSERT_TRUE(event);
    EXPECT_EQ(std::get<PushEvent>(*event).sha, "bb");
    EXPECT_EQ(send(signed_by(secret, kPush, "d2")).status, 202);
}

TEST_F(WebhookTest, WhatIsNotSignedIsAsIfNothingWereThere) {
    auto secret = link("github");
    auto unknown = send(signed_by(secret, kPush), kPush, "/api/v1/webhooks/repository/987654/");
    EXPECT_EQ(unknown.status, 404);
    auto refuse = [&](http::Headers headers, std::string path = "") {
        auto refused = send(std::move(headers), kPush, path);
        EXPECT_EQ(refused.status, 404);
        EXPECT_EQ(refused.message(), unknown.message());
    };
    refuse({});
    refuse(signed_by("guess", kPush));
    refuse(signed_by(secret, "{}"));
    refuse(signed_by("guess", kPush), "/api/v1/webhooks/github/");
    refuse(signed_by(secret, kPush), "/api/v1/webhooks/github/");
    refuse(signed_by(secret, kPush), "/api/v1/webhooks/repository/x/");
    world_.call("PATCH", fmt::format("/api/ui/accounts/{}/git-hosts/", account_),
                R"({"links": false})");
    refuse(signed_by(secret, kPush));
    EXPECT_EQ(count("git_deliveries"), 0);
}

TEST_F(WebhookTest, EachKindOfLinkHasItsOwnWay) {
    auto secret = link("gitlab");
    http::Headers gitlab{
        {"x-gitlab-token", secret}, {"x-gitlab-event", "Push Hook"}, {"idempotency-key", "g1"}};
    EXPECT_EQ(send(gitlab).status, 202);
    // It is made anew with the kind, when that is asked for.
    auto made = put(fmt::format(R"({{"kind": "gitea", "api_url": "{}/api", "token": "t",
                                     "rotate_webhook_secret": true}})",
                                host_.url()));
    EXPECT_EQ(send(gitlab).status, 404);
    secret = made.data().at("webhook_secret").as_string();
    EXPECT_EQ(send(signed_by(secret, kPush, "e1")).status, 202);
    world_.sql("UPDATE repositories SET remote_url = 'https://dev.azure.com/acme/data/_git/shop'");
    put(R"({"kind": "azure_devops", "token": "t"})");
    std::string azure = R"({"id": "z1", "eventType": "git.push", "resource": {
        "refUpdates": [{"name": "refs/heads/main", "newObjectId": "bb"}],
        "repository": {"remoteUrl": "https://acme@dev.azure.com/acme/data/_git/shop"}}})";
    auto basic = "Basic " + crypto::base64_encode("x:" + secret);
    EXPECT_EQ(send({{"authorization", basic}}, azure).status, 202);
    EXPECT_EQ(send({{"authorization", basic}}, azure).status, 200);
    EXPECT_EQ(count("git_deliveries"), 3);
}

TEST_F(WebhookTest, WhatNobodyActsOnIsAnsweredAndNotKept) {
    auto secret = link("github");
    auto answer = [&](std::string event, std::string body) {
        auto answered = send(signed_by(secret, body, "x", event), body);
        EXPECT_EQ(answered.status, 200) << answered.body;
        return answered.body;
    };
    EXPECT_THAT(answer("ping", "{}"), HasSubstr("works"));
    answer("star", "{}");
    EXPECT_THAT(answer("push", R"({"ref": "refs/heads/main", "after": "bb",
                                   "repository": {"full_name": "acme/other"}})"),
                HasSubstr("acme/other"));
    answer("installation", R"({"action": "deleted", "installation": {"id": 77}})");
    EXPECT_EQ(send(signed_by(secret, "no json"), "no json").status, 400);
    EXPECT_EQ(count("git_deliveries"), 0);
}

TEST_F(WebhookTest, AMegabyteIsTakenAsWell) {
    auto secret = link("github");
    auto body = fmt::format(R"({{"ref": "refs/heads/main", "after": "bb", "x": "{}",
                                 "repository": {{"full_name": "acme/shop"}}}})",
                            std::string(1'000'000, 'x'));
    EXPECT_EQ(send(signed_by(secret, body), body).status, 202);
    EXPECT_EQ(send(signed_by("guess", body, "d2"), body).status, 404);
    EXPECT_EQ(next()->payload.size(), body.size());
}

TEST_F(WebhookTest, TheAppsIsOfInstallationsThatAnAccountWorksWith) {
    EXPECT_EQ(send_app(signed_by("app-hush", kPush)).status, 200);
    EXPECT_EQ(count("git_deliveries"), 0);
    bind(77);
    EXPECT_EQ(send_app(signed_by("app-hush", kPush)).status, 202);
    EXPECT_FALSE(next()->repository_id);
    world_.call("PATCH", fmt::format("/api/ui/accounts/{}/git-hosts/", account_),
                R"({"github_app": false})");
    EXPECT_EQ(send_app(signed_by("app-hush", kPush, "d2")).status, 200);
    EXPECT_EQ(count("git_deliveries"), 1);
}

TEST_F(WebhookTest, WhatBecomesOfAnInstallationIsNotedAtOnce) {
    bind(77);
    auto tell = [&](std::string action) {
        auto body = fmt::format(R"({{"action": "{}", "installation": {{"id": 77, "account":
                                     {{"login": "acme-inc"}}}}}})",
                                action);
        EXPECT_EQ(send_app(signed_by("app-hush", body, action, "installation"), body).status, 202);
    };
    tell("suspend");
    EXPECT_TRUE(world_.value<bool>("SELECT suspended AS v FROM github_installations"));
    EXPECT_EQ(world_.value<std::string>("SELECT login AS v FROM github_installations"), "acme-inc");
    tell("unsuspend");
    EXPECT_FALSE(world_.value<bool>("SELECT suspended AS v FROM github_installations"));
    tell("deleted");
    EXPECT_EQ(count("github_installations"), 0);
    EXPECT_FALSE(next());
}

TEST_F(WebhookTest, OfSeveralWhoActNoTwoGetOne) {
    auto secret = link("github");
    send(signed_by(secret, kPush, "d1"));
    send(signed_by(secret, kPush, "d2"));
    auto& others = world_.another_pool();
    auto work = [&](pg::Connection& tx) -> Awaitable<std::vector<Id>> {
        MW_CO_TRY(auto mine, co_await lock_next_delivery(tx));
        auto other = [](pg::Connection& second) { return lock_next_delivery(second); };
        MW_CO_TRY(auto theirs, co_await pg::with_tx(others, other));
        MW_CO_CHECK(co_await set_handled(tx, mine->id, "1 run made"));
        co_return std::vector{mine->id, theirs->id};
    };
    auto ids = world_.get([&] { return pg::with_tx(world_.pool(), work); });
    EXPECT_NE(ids[0], ids[1]);
    EXPECT_EQ(next()->id, ids[1]);
    EXPECT_EQ(
        world_.value<std::string>("SELECT outcome AS v FROM git_deliveries WHERE id = $1", ids[0]),
        "1 run made");
}

TEST_F(WebhookTest, OldOnesGoOnceTheyWereHandled) {
    auto secret = link("github");
    send(signed_by(secret, kPush, "d1"));
    send(signed_by(secret, kPush, "d2"));
    world_.sql("UPDATE git_deliveries SET received_at = now() - interval '40 days'");
    world_.sql(
        "UPDATE git_deliveries SET handled_at = now() - interval '31 days' WHERE delivery_id = "
        "'d1'");
    EXPECT_EQ(
        world_.get([&] { return delete_old_deliveries(world_.pool(), std::chrono::days(30)); }), 1);
    EXPECT_EQ(count("git_deliveries"), 1);
}

}  // namespace
}  // namespace mw::git_hosts
