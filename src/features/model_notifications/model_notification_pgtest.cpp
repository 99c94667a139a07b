#include <gtest/gtest.h>

#include "features/model_notifications/model_notification_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::model_notifications {
namespace {

TEST(ModelNotifications, AreSwitchedForAnEnvironment) {
    test::ApiWorld world;
    add_model_notification_endpoints(world.api(), world.pool());
    auto account = world.account();
    auto job = world.job(account);
    world.act_as(account);
    auto id = world.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job);
    auto environment = fmt::format("/api/v3/accounts/{}/environments/{}/", account, id);
    auto path = environment + "model-notifications/";
    EXPECT_FALSE(world.get(path).data().at("enabled").as_bool());
    world.post(path, R"({"enabled": true, "on_success": true})");
    auto changed = world.post(path, R"({"on_failure": false})").data();
    EXPECT_TRUE(changed.at("enabled").as_bool());
    EXPECT_TRUE(changed.at("on_success").as_bool());
    EXPECT_FALSE(changed.at("on_failure").as_bool());
    EXPECT_EQ(world.get(path).data(), changed);
    EXPECT_EQ(world.post(path, R"({"enabled": 3})").status, 400);
    EXPECT_EQ(world.call("DELETE", environment + "sao-cache/").status, 200);
    EXPECT_EQ(world
                  .get(fmt::format("/api/v3/accounts/{}/environments/987654/model-notifications/",
                                   account))
                  .status,
              404);
}

}  // namespace
}  // namespace mw::model_notifications
