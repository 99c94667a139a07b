#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/notifications/notification.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::notifications {
namespace {

using testing::HasSubstr;

TEST(Notifications, TellMembersOfJobsOfTheAccount) {
    test::ApiWorld world;
    add_notification_endpoints(world.api(), world.pool());
    auto account = world.account();
    auto job = world.job(account);
    world.act_as(account);
    auto user = world.value<Id>("INSERT INTO users (email) VALUES ('a@b.c') RETURNING id AS v");
    world.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account, user);
    auto path = fmt::format("/api/v2/accounts/{}/notifications/", account);
    auto post = [&](std::string more) {
        return world.post(path, fmt::format(R"({{"user_id": {}{}}})", user, more));
    };
    auto made = post(fmt::format(R"(, "on_failure": [{}])", job));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("type"), 1);
    EXPECT_EQ(made.data().at("on_failure").at(0), job);
    EXPECT_TRUE(made.data().at("on_success").as_array().empty());
    EXPECT_THAT(post(R"(, "on_failure": [987654])").message(), HasSubstr("on_failure"));
    EXPECT_THAT(post(R"(, "type": 4)").message(), HasSubstr("external_email"));
    EXPECT_THAT(post(R"(, "type": 2)").message(), HasSubstr("slack_channel_id"));
    EXPECT_EQ(post(R"(, "type": 4, "external_email": "x@y.z")").status, 200);
    EXPECT_THAT(world.post(path, R"({"user_id": 987654})").message(), HasSubstr("no member"));
    EXPECT_EQ(world.get(path + "?type=4").data().as_array().size(), 1U);
}

TEST(Notifications, WhoUnsubscribesIsSentNothingMore) {
    test::ApiWorld world;
    add_notification_endpoints(world.api(), world.pool());
    auto account = world.account();
    world.act_as(account);
    auto path = fmt::format("/api/v2/accounts/{}/notifications/", account);
    std::vector<Id> users;
    for (auto address : {"ann@h", "ben@h"}) {
        auto user = world.value<Id>("INSERT INTO users (email) VALUES ($1) RETURNING id AS v",
                                    std::string(address));
        world.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account,
                  user);
        users.push_back(user);
        world.post(path, fmt::format(R"({{"user_id": {}}})", user));
    }
    // A channel is not hers, though she made it.
    world.post(path,
               fmt::format(R"({{"user_id": {}, "type": 2, "slack_channel_id": "C1"}})", users[0]));
    world.authenticator().caller.user_id = users[0];
    auto ended = world.post("/api/v2/notifications/unsubscribe/");
    ASSERT_EQ(ended.status, 200) << ended.body;
    EXPECT_EQ(ended.data().at("unsubscribed"), 1);
    EXPECT_EQ(world.get(path + "?type=1").data().as_array().size(), 1U);
    EXPECT_EQ(world.get(path + "?type=2").data().as_array().size(), 1U);
    world.authenticator().caller.user_id.reset();
    EXPECT_EQ(world.post("/api/v2/notifications/unsubscribe/").data().at("unsubscribed"), 0);
}

}  // namespace
}  // namespace mw::notifications
