#include <gtest/gtest.h>

#include "features/oauth_configurations/oauth_configuration.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::oauth_configurations {
namespace {

TEST(OauthConfigurations, KeepTheSecretToThemselves) {
    test::ApiWorld world;
    crypto::Sealer sealer{crypto::DataKey::generate()};
    add_oauth_configuration_endpoints(world.api(), world.pool(), sealer);
    auto account = world.account();
    world.act_as(account);
    auto path = fmt::format("/api/v3/accounts/{}/oauth-configurations/", account);
    auto made = world.post(
        path, R"({"type": "entra", "name": "E", "client_id": "c", "client_secret": "s3cret",
                  "extra_data": {"application_id_uri": "api://x"}})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.body.find("s3cret"), std::string::npos);
    EXPECT_EQ(made.data().at("extra_data").at("application_id_uri").as_string(), "api://x");
    auto secret = [&] {
        auto sealed =
            world.value<pg::Bytes>("SELECT sealed_client_secret AS v FROM oauth_configurations");
        return sealer.open(sealed.data, sealing_context(made.data().at("id").to_number<Id>()))
            ->reveal();
    };
    EXPECT_EQ(secret(), "s3cret");
    auto one = fmt::format("{}{}/", path, made.data().at("id").to_number<Id>());
    world.post(one, R"({"name": "F", "client_secret": ""})");
    EXPECT_EQ(secret(), "s3cret");
    world.post(one, R"({"client_secret": "other"})");
    EXPECT_EQ(secret(), "other");
}

}  // namespace
}  // namespace mw::oauth_configurations
