#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/credentials/credentials_api.hpp"
#include "features/credentials/credentials_store.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/sealed_json.hpp"

namespace mw::credentials {
namespace {

using testing::HasSubstr;

class CredentialsTest : public testing::Test {
  protected:
    CredentialsTest() {
        add_credentials_endpoints(world_.api(), world_.pool(), sealer_);
        account_ = world_.account();
        world_.act_as(account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/credentials/", account_, project_);
    }
    boost::json::object secrets(Id id) {
        auto sealed =
            world_.value<pg::Bytes>("SELECT sealed_fields AS v FROM credentials WHERE id = $1", id);
        return crypto::open_json(sealer_, sealed.data, sealing_context(id)).value();
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id project_ = 0;
    std::string path_;
};

TEST_F(CredentialsTest, TheFourOldTypesAreFlat) {
    auto made = world_.post(path_, R"({"type": "postgres", "username": "dbt", "password": "pw1",
        "default_schema": "analytics", "threads": 8, "target_name": "prod", "state": 1})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("username").as_string(), "dbt");
    EXPECT_EQ(made.data().at("default_schema").as_string(), "analytics");
    EXPECT_EQ(made.data().at("threads").to_number<int>(), 8);
    EXPECT_EQ(made.data().at("target_name").as_string(), "prod");
    EXPECT_EQ(made.body.find("pw1"), std::string::npos);
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_EQ(secrets(id).at("password").as_string(), "pw1");

    auto one = fmt::format("{}{}/", path_, id);
    // What a client was not shown it sends back empty.
    auto changed = world_.post(one, R"({"type": "postgres", "username": "dbt2", "password": ""})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.data().at("username").as_string(), "dbt2");
    EXPECT_EQ(changed.data().at("default_schema").as_string(), "analytics");
    EXPECT_EQ(secrets(id).at("password").as_string(), "pw1");
    world_.call("PATCH", one, R"({"password": "pw2"})");
    EXPECT_EQ(secrets(id).at("password").as_string(), "pw2");
}

TEST_F(CredentialsTest, EveryOtherAdaptersAreInDetails) {
    auto made = world_.post(path_, R"({"type": "adapter", "adapter_version": "databricks_v0",
        "threads": 6, "credential_details": {"field_order": [], "fields": {
            "token": {"metadata": {"label": "Token", "encrypt": true}, "value": "dapi1"},
            "catalog": {"metadata": {"encrypt": false}, "value": "main"},
            "odd": {"metadata": {"encrypt": true}, "value": "h1dden"},
            "schema": {"metadata": {"encrypt": false}, "value": "marts"}}}})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto plain = made.data().at("unencrypted_credential_details");
    EXPECT_EQ(plain.at("schema").as_string(), "marts");
    EXPECT_EQ(plain.at("catalog").as_string(), "main");
    for (auto secret : {"dapi1", "h1dden"})
        EXPECT_EQ(made.body.find(secret), std::string::npos);
    auto id = made.data().at("id").to_number<Id>();
    EXPECT_EQ(secrets(id).at("token").as_string(), "dapi1");
    EXPECT_EQ(secrets(id).at("odd").as_string(), "h1dden");
    EXPECT_EQ(world_.value<std::string>("SELECT schema AS v FROM credentials WHERE id = $1", id),
              "marts");
}

TEST_F(CredentialsTest, WhatIsWrongIsNamed) {
    EXPECT_THAT(world_.post(path_, R"({"type": "oracle"})").message(), HasSubstr("type"));
    EXPECT_THAT(world_.post(path_, R"({"type": "postgres", "threads": 0})").message(),
                HasSubstr("threads"));
    EXPECT_THAT(
        world_.post(path_, R"({"type": "adapter", "adapter_version": "abacus_v0"})").message(),
        HasSubstr("adapter_version"));
    auto id = world_.post(path_, R"({"type": "postgres"})").data().at("id").to_number<Id>();
    EXPECT_THAT(world_.post(fmt::format("{}{}/", path_, id), R"({"type": "snowflake"})").message(),
                HasSubstr("can't be changed"));
}

TEST_F(CredentialsTest, BelongToTheirProject) {
    auto id = world_.post(path_, R"({"type": "postgres"})").data().at("id").to_number<Id>();
    auto other = world_.value<Id>(
        "INSERT INTO projects (account_id, name) VALUES ($1, 'q') RETURNING id AS v", account_);
    auto there = fmt::format("/api/v3/accounts/{}/projects/{}/credentials/", account_, other);
    EXPECT_EQ(world_.get(fmt::format("{}{}/", there, id)).status, 404);
    EXPECT_EQ(world_.get(there).data().as_array().size(), 0U);
    EXPECT_EQ(world_.get(path_).data().as_array().size(), 1U);
}

}  // namespace
}  // namespace mw::credentials
