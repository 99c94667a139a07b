#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/webhooks/webhook_api.hpp"
#include "infra/crypto/hmac.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::webhooks {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class WebhooksTest : public testing::Test {
  protected:
    WebhooksTest() {
        add_webhook_endpoints(world_.api(), world_.pool(), sealer_,
                              *http::AddressRules::parse("127.0.0.0/8"));
        account_ = world_.account();
        job_ = world_.job(account_);
        world_.act_as(account_);
        base_ = fmt::format("/api/v3/accounts/{}/webhooks/", account_);
    }
    test::Answer make(std::string more = "") {
        return world_.post(base_ + "subscriptions", fmt::format(R"({{"name": "ci",
            "client_url": "https://h/x", "event_types": ["job.run.completed"]{}}})",
                                                                more));
    }
    std::string one(const test::Answer& made) {
        return base_ + "subscription/" + std::string(made.data().at("id").as_string());
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id job_ = 0;
    std::string base_;
};

TEST_F(WebhooksTest, TheSecretIsShownOnceAndIdsAreTexts) {
    auto made = make(fmt::format(R"(, "job_ids": ["{}"])", job_));
    EXPECT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("status").at("code"), 201);
    auto data = made.data();
    EXPECT_THAT(std::string(data.at("id").as_string()), StartsWith("wsu_"));
    EXPECT_EQ(data.at("job_ids").at(0).as_string(), std::to_string(job_));
    EXPECT_EQ(data.at("account_id").as_string(), std::to_string(account_));
    EXPECT_EQ(data.at("http_status_code").as_string(), "0");
    EXPECT_EQ(data.at("hmac_secret").as_string().size(), 64U);
    EXPECT_FALSE(world_.get(one(made)).data().as_object().contains("hmac_secret"));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM webhook_subscriptions WHERE "
                                "position($1::bytea IN sealed_hmac_secret) > 0",
                                pg::Bytes{std::string(data.at("hmac_secret").as_string())}),
              0);
}

TEST_F(WebhooksTest, AreChangedAndDeleted) {
    auto made = make();
    auto changed = world_.call("PUT", one(made), R"({"name": "cd", "active": false})");
    EXPECT_EQ(changed.data().at("name").as_string(), "cd");
    EXPECT_FALSE(changed.data().at("active").as_bool());
    EXPECT_EQ(changed.data().at("client_url").as_string(), "https://h/x");
    EXPECT_EQ(world_.call("DELETE", one(made)).data().at("id"), made.data().at("id"));
    EXPECT_EQ(world_.get(one(made)).status, 404);
}

TEST_F(WebhooksTest, WhatIsWrongIsNamed) {
    auto post = [&](std::string body) {
        return world_.post(base_ + "subscriptions", std::move(body));
    };
    EXPECT_THAT(post("{}").body, HasSubstr("event_types"));
    EXPECT_THAT(make(R"(, "job_ids": [987654])").message(), HasSubstr("no job 987654"));
    EXPECT_THAT(make(R"(, "job_ids": ["x"])").message(), HasSubstr("job_ids"));
    EXPECT_THAT(
        post(R"({"name": "x", "client_url": "ftp://h", "event_types": ["job.run.started"]})")
            .message(),
        HasSubstr("client_url"));
    EXPECT_THAT(
        post(R"({"name": "x", "client_url": "https://h", "event_types": ["moon.rise"]})").message(),
        HasSubstr("moon.rise is none of"));
}

TEST_F(WebhooksTest, ListsArePagedByTen) {
    for (int i = 0; i < 12; ++i)
        make();
    auto page = world_.get(base_ + "subscriptions").json();
    EXPECT_EQ(page.at("data").as_array().size(), 10U);
    EXPECT_EQ(page.at("extra").at("pagination").at("total_count"), 12);
    EXPECT_EQ(page.at("extra").at("filters").at("limit"), 10);
    EXPECT_EQ(world_.get(base_ + "subscriptions?limit=20&offset=10").data().as_array().size(), 2U);
    EXPECT_EQ(world_.get(base_ + "subscriptions?limit=x").status, 400);
}

TEST_F(WebhooksTest, EventsAndReceiptsAreThoseOfTheSubscription) {
    auto made = make();
    auto id = std::string(made.data().at("id").as_string());
    world_.sql(
        "INSERT INTO webhook_events (id, account_id, subscription_id, job_id, event_type, payload) "
        "VALUES ('wev_1', $1, $2, $3, 'job.run.completed', '{}')",
        account_, id, job_);
    world_.sql(
        "INSERT INTO webhook_receipts (id, account_id, event_id, http_status_code) "
        "VALUES ('wre_1', $1, 'wev_1', 503)",
        account_);
    auto events = world_.get(one(made) + "/events").data().as_array();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].at("job_id").as_string(), std::to_string(job_));
    EXPECT_EQ(events[0].at("http_status_code").as_string(), "503");
    EXPECT_EQ(world_.get(one(made)).data().at("http_status_code").as_string(), "503");
    EXPECT_EQ(world_.get(base_ + "event/wev_1/receipts").data().as_array().size(), 1U);
    EXPECT_EQ(world_.get(base_ + "receipt/wre_1").data().at("subscription_id").as_string(), id);
    world_.act_as(world_.account());
    for (auto rest : {"event/wev_1", "event/wev_1/receipts", "receipt/wre_1"})
        EXPECT_EQ(world_
                      .get(fmt::format("/api/v3/accounts/{}/webhooks/{}",
                                       world_.caller().account_id, rest))
                      .status,
                  404)
            << rest;
}

// What the subscriber's server was sent, and what it answers.
struct Subscriber {
    explicit Subscriber(std::string answer)
        : server(http_testing::Server::tcp([this, answer](http_testing::Connection& connection) {
              while (auto read = connection.read_head()) {
                  head = *read;
                  body = connection.read_body(head);
                  connection.write(answer);
              }
          })) {}
    std::string url() const { return fmt::format("http://127.0.0.1:{}/hook", server.port()); }

    http_testing::Head head;
    std::string body;
    http_testing::Server server;
};

TEST_F(WebhooksTest, ATestSendsASignedEventAndKeepsItsReceipt) {
    Subscriber subscriber(http_testing::simple_response(200, "thank you"));
    auto made = make();
    world_.call("PUT", one(made), fmt::format(R"({{"client_url": "{}"}})", subscriber.url()));
    auto tested = world_.get(one(made) + "/test");
    ASSERT_EQ(tested.status, 200) << tested.body;
    auto secret = std::string(made.data().at("hmac_secret").as_string());
    EXPECT_EQ(subscriber.head.header("authorization"),
              crypto::hmac_sha256_hex(Secret(secret), subscriber.body));
    auto sent = boost::json::parse(subscriber.body);
    EXPECT_EQ(sent.at("eventId"), tested.data().at("event_id"));
    EXPECT_EQ(sent.at("webhooksID"), made.data().at("id"));
    EXPECT_EQ(sent.at("eventType").as_string(), "job.run.completed");
    EXPECT_EQ(sent.at("data").at("runStatusCode"), 10);
    auto id = std::string(tested.data().at("event_id").as_string());
    auto receipts = world_.get(base_ + "event/" + id + "/receipts").data();
    ASSERT_EQ(receipts.as_array().size(), 1U);
    EXPECT_EQ(receipts.at(0).at("http_status_code").as_string(), "200");
    EXPECT_EQ(receipts.at(0).at("response_body").as_string(), "thank you");
    EXPECT_EQ(receipts.at(0).at("request_body").as_string(), subscriber.body);
    EXPECT_EQ(world_.get(one(made)).data().at("http_status_code").as_string(), "200");
}

TEST_F(WebhooksTest, ASubscriberThatRefusesIsToldOfInTheReceipt) {
    for (auto [answer, code] :
         {std::pair(http_testing::simple_response(503, std::string("no\0pe\xff", 6)), "503"),
          {http_testing::simple_response(302, "", "Location: http://127.0.0.1:1/\r\n"), "302"}}) {
        Subscriber subscriber(answer);
        auto made = make();
        world_.call("PUT", one(made), fmt::format(R"({{"client_url": "{}"}})", subscriber.url()));
        auto tested = world_.get(one(made) + "/test");
        ASSERT_EQ(tested.status, 200) << tested.body;
        EXPECT_EQ(tested.data().at("http_status_code").as_string(), code);
        EXPECT_THAT(std::string(tested.data().at("error_info").as_string()), HasSubstr(code));
    }
}

TEST_F(WebhooksTest, ASubscriberThatIsNotThereIsToldOfToo) {
    auto made = make();
    world_.call("PUT", one(made), R"({"client_url": "http://127.0.0.1:1/"})");
    auto tested = world_.get(one(made) + "/test");
    ASSERT_EQ(tested.status, 200) << tested.body;
    EXPECT_EQ(tested.data().at("http_status_code").as_string(), "0");
    EXPECT_THAT(std::string(tested.data().at("error_info").as_string()), HasSubstr("127.0.0.1"));
    EXPECT_EQ(world_.get(base_ + "subscription/wsu_none/test").status, 404);
}

}  // namespace
}  // namespace mw::webhooks
