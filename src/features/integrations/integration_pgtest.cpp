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
    EXPECT_EQ(world_.get(base_ + "azure-ad-applications/").data().as_array().size(), 0U);
}

TEST_F(IntegrationsTest, AFlatOneShowsItsFields) {
    auto made = world_.post(base_ + "azure-ad-applications/",
                            R"({"organization_name": "acme", "extra": {"a": 1},
                                "client_secret": "hush"})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("organization_name").as_string(), "acme");
    EXPECT_EQ(made.body.find("hush"), std::string::npos);
    EXPECT_THAT(
        world_.post(of_project_ + "semantic-layer-configurations/", R"({"environment_id": 987654})")
            .message(),
        HasSubstr("environment_id"));
}

TEST_F(IntegrationsTest, ATokenIsMappedToCredentialsOfItsProject) {
    auto credentials = world_
                           .post(of_project_ + "semantic-layer-credentials/",
                                 R"({"name": "sl", "adapter_version": "snowflake_v0"})")
                           .data()
                           .at("id")
                           .to_number<Id>();
    auto token = world_.value<Id>(
        "INSERT INTO api_tokens (account_id, kind, name, token_hash) "
        "VALUES ($1, 'service', 't', $2) RETURNING id AS v",
        account_, fmt::format("h{}", account_));
    auto path = base_ + "semantic-layer-credential-to-service-token-mapping/";
    auto body = [&](Id credentials_id, Id token_id) {
        return fmt::format(
            R"({{"project_id": {}, "semantic_layer_credentials_id": {}, "service_token_id": {}}})",
            project_, credentials_id, token_id);
    };
    auto made = world_.post(path, body(credentials, token));
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(world_.post(path, body(credentials, token)).status, 409);
    EXPECT_THAT(world_.post(path, body(987654, token)).message(),
                HasSubstr("semantic_layer_credentials_id"));
    EXPECT_THAT(world_.post(path, body(credentials, 987654)).message(),
                HasSubstr("service_token_id"));
    auto listed = world_.get(fmt::format("{}?project_id={}", path, project_)).data();
    ASSERT_EQ(listed.as_array().size(), 1U);
    EXPECT_EQ(listed.at(0).at("service_token_id").to_number<Id>(), token);
    auto one = fmt::format("{}{}/", path, made.data().at("id").to_number<Id>());
    EXPECT_EQ(world_.call("DELETE", one).status, 200);
    EXPECT_EQ(world_.get(path).data().as_array().size(), 0U);
}

TEST_F(IntegrationsTest, WhatOfALineageToolIsWatchedIsChosen) {
    auto lineage = of_project_ + "integrations/lineage/";
    auto made = world_.post(lineage, R"({"name": "tableau", "config": {"host": "t"}})");
    auto one = fmt::format("{}{}/", lineage, made.data().at("id").to_number<Id>());
    auto choose = [&](std::string_view body) {
        return world_.post(one + "selections", std::string(body));
    };
    auto first = choose(R"({"to_add": [{"identifier": "f1", "name": "Sales", "type": "folder"},
                                       {"identifier": "d1", "name": "Daily", "type": "dashboard"}]})");
    EXPECT_EQ(boost::json::serialize(first.json()), R"({"added":2,"removed":0})");
    auto second = choose(R"({"to_add": [{"identifier": "f1", "name": "Sold", "type": "folder"}],
                             "to_remove": ["d1", "never there"]})");
    EXPECT_EQ(boost::json::serialize(second.json()), R"({"added":0,"removed":1})");
    auto shown = world_.get(one + "collections/").data();
    const auto& collections = shown.at(0).at("collections").as_array();
    ASSERT_EQ(collections.size(), 1U);
    EXPECT_EQ(collections[0].at("name").as_string(), "Sold");
    EXPECT_TRUE(collections[0].at("watching").as_bool());
    auto inside = world_.get(one + "collections/f1/").data();
    EXPECT_TRUE(inside.at(0).at("collections").as_array().empty());
    for (auto [body, field] :
         {std::pair(R"({"to_add": [{"identifier": "x", "name": "n", "type": "sheet"}]})", "type"),
          {R"({"to_add": [5]})", "to_add"},
          {R"({"to_add": "f1"})", "to_add"},
          {R"({"to_remove": 1})", "to_remove"}}) {
        auto refused = choose(body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.body, HasSubstr(field)) << body;
    }
    EXPECT_EQ(world_.get(lineage + "987654/collections/").status, 404);
}

TEST_F(IntegrationsTest, IngestionIsRefusedWithItsReason) {
    auto refused = world_.post(base_ + "platform-metadata-credentials/1/trigger-ingestion/");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.message(), HasSubstr("not a part of this installation"));
}

}  // namespace
}  // namespace mw::integrations
