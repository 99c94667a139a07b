#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/integrations/integration_api.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::integrations {
namespace {

using testing::HasSubstr;

class IntegrationsTest : public testing::Test {
  protected:
    IntegrationsTest() {
        add_integration_endpoints(world_.api(), world_.pool(), sealer_);
        account_ = world_.account();
        world_.act_as(account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        base_ = fmt::format("/api/v3/accounts/{}/", account_);
        of_project_ = fmt::format("{}projects/{}/", base_, project_);
    }
    boost::json::object secrets(Id id) {
        auto sealed = world_.value<pg::Bytes>(
            "SELECT sealed_config AS v FROM integrations WHERE id = $1", id);
        return crypto::open_json(sealer_, sealed.data, sealing_context(id)).value();
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id project_ = 0;
    std::string base_;
    std::string of_project_;
};

TEST_F(IntegrationsTest, SecretsAreSealedAndKept) {
    auto path = of_project_ + "integrations/lineage/";
    auto made = world_.post(path, R"({"name": "tableau", "config": {"host": "t", "site_id": "s",
        "token_name": "n", "token_value": "hush"}})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.body.find("hush"), std::string::npos);
    EXPECT_EQ(made.data().at("config").at("host").as_string(), "t");
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_EQ(secrets(id).at("token_value").as_string(), "hush");
    auto changed = world_.call("PATCH", fmt::format("{}{}/", path, id),
                               R"({"config": {"host": "u", "token_value": ""}})");
    EXPECT_EQ(changed.data().at("config").at("host").as_string(), "u");
    EXPECT_EQ(secrets(id).at("token_value").as_string(), "hush");
    EXPECT_THAT(world_.post(path, R"({"name": "excel"})").message(), HasSubstr("tableau, powerbi"));
}

TEST_F(IntegrationsTest, KindsAreApart) {
    world_.post(of_project_ + "semantic-layer-credentials/",
                R"({"name": "sl", "adapter_version": "snowflake_v0",
                    "values": {"user": "u", "password": "hush"}})");
    EXPECT_EQ(world_.get(of_project_ + "semantic-layer-credentials/").data().as_array().size(), 1U);
    EXPECT_EQ(world_.get(base_ + "semantic-layer-credentials/").data().as_array().size(), 1U);
    for (auto rest : {"integrations/lineage/", "adapters/", "semantic-layer-configurations/"})
        EXPECT_EQ(world_.get(of_project_ + rest).data().as_array().size(), 0U) << rest;
    EXPECT_EQ(world_.get(base_ + "auth-provider/").data().as_array().size(), 0U);
}

TEST_F(IntegrationsTest, AFlatOneShowsItsFields) {
    auto made = world_.post(base_ + "auth-provider/",
                            R"({"type": "okta", "identity_provider_metadata": {"a": 1},
                                "okta_client_secret": "hush"})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("type").as_string(), "okta");
    EXPECT_EQ(made.body.find("hush"), std::string::npos);
    EXPECT_THAT(
        world_.post(of_project_ + "semantic-layer-configurations/", R"({"environment_id": 987654})")
            .message(),
        HasSubstr("environment_id"));
}

}  // namespace
}  // namespace mw::integrations
