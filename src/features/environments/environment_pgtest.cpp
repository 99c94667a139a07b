#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/environments/environment_api.hpp"
#include "features/environments/environment_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::environments {
namespace {

using testing::HasSubstr;

class EnvironmentsTest : public testing::Test {
  protected:
    EnvironmentsTest() {
        add_environment_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        project_ = project("p");
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/environments/", account_, project_);
    }
    Id project(std::string name) {
        return world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, $2) RETURNING id AS v", account_,
            name);
    }
    Id connection(std::string name) {
        return world_.value<Id>(
            "INSERT INTO connections (account_id, name, adapter_version) "
            "VALUES ($1, $2, 'postgres_v0') RETURNING id AS v",
            account_, name);
    }
    Id credentials(Id project, std::string schema) {
        return world_.value<Id>(
            "INSERT INTO credentials (account_id, project_id, type, schema) "
            "VALUES ($1, $2, 'postgres', $3) RETURNING id AS v",
            account_, project, schema);
    }
    std::string one(Id id) { return fmt::format("{}{}/", path_, id); }
    Id made(std::string body) {
        auto answer = world_.post(path_, std::move(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data().at("id").to_number<Id>();
    }

    test::ApiWorld world_;
    Id account_ = 0;
    Id project_ = 0;
    std::string path_;
};

TEST_F(EnvironmentsTest, AreMadeWithLittleAndShowWhatClientsRead) {
    auto answer = world_.post(path_, R"({"name": "Prod", "deployment_type": "production"})");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto data = answer.data();
    EXPECT_EQ(data.at("type").as_string(), "deployment");
    EXPECT_EQ(data.at("dbt_version").as_string(), "latest");
    EXPECT_EQ(data.at("project").at("name").as_string(), "p");
    EXPECT_EQ(data.at("created_by_id"), 3);
    for (auto field : {"jobs", "custom_environment_variables"})
        EXPECT_TRUE(data.at(field).is_null()) << field;
    auto v2 = world_.get(fmt::format("/api/v2/accounts/{}/environments/{}/", account_,
                                     data.at("id").to_number<Id>()));
    EXPECT_EQ(v2.data(), data);
}

TEST_F(EnvironmentsTest, WhatTheyNameMustBeThere) {
    auto other = credentials(project("q"), "s");
    EXPECT_THAT(world_.post(path_, R"({"name": "x", "connection_id": 987654})").message(),
                HasSubstr("connection_id: there is nothing with this id"));
    EXPECT_THAT(world_.post(path_, fmt::format(R"({{"name": "x", "credentials_id": {}}})", other))
                    .message(),
                HasSubstr("credentials_id: belongs to another project"));
    auto id = made(fmt::format(R"({{"name": "x", "connection_id": {}}})", connection("c")));
    // Terraform's way to say none.
    EXPECT_TRUE(
        world_.post(one(id), R"({"connection_id": 0})").data().at("connection_id").is_null());
}

TEST_F(EnvironmentsTest, AProjectHasOneOfEachSpecialKind) {
    made(R"({"name": "Prod", "deployment_type": "production"})");
    EXPECT_THAT(world_.post(path_, R"({"name": "Too", "deployment_type": "production"})").message(),
                HasSubstr("it is Prod"));
    made(R"({"name": "Dev", "type": "development"})");
    EXPECT_THAT(world_.post(path_, R"({"name": "Dev2", "type": "development"})").message(),
                HasSubstr("it is Dev"));
    made(R"({"name": "One more"})");
    made(R"({"name": "And another"})");
}

TEST_F(EnvironmentsTest, WhatMakesNoSenseIsRefused) {
    EXPECT_THAT(world_.post(path_, R"({"name": "x", "use_custom_branch": true})").message(),
                HasSubstr("custom_branch"));
    EXPECT_THAT(world_
                    .post(path_, R"({"name": "x", "type": "development",
                                     "deployment_type": "staging"})")
                    .message(),
                HasSubstr("deployment_type"));
    auto id = made(R"({"name": "x"})");
    EXPECT_THAT(world_.post(one(id), R"({"type": "development"})").message(),
                HasSubstr("can't be changed"));
}

TEST_F(EnvironmentsTest, OneWithJobsStays) {
    auto id = made(R"({"name": "x"})");
    world_.sql(
        "INSERT INTO jobs (account_id, project_id, environment_id, name, execute_steps) "
        "VALUES ($1, $2, $3, 'Nightly', '{dbt build}')",
        account_, project_, id);
    auto refused = world_.call("DELETE", one(id));
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.message(), HasSubstr("Nightly"));
    world_.sql("UPDATE jobs SET state = 2");
    EXPECT_EQ(world_.call("DELETE", one(id)).status, 200);
}

TEST_F(EnvironmentsTest, AProfileBringsConnectionCredentialsAndAttributes) {
    auto attributes = world_.value<Id>(
        "INSERT INTO extended_attributes (account_id, project_id, extended_attributes) "
        "VALUES ($1, $2, '{\"role\": \"x\"}') RETURNING id AS v",
        account_, project_);
    auto fast = connection("fast");
    auto secret = credentials(project_, "fast");
    auto profile = world_.value<Id>(
        "INSERT INTO profiles (account_id, project_id, key, connection_id, credentials_id, "
        "extended_attributes_id) VALUES ($1, $2, 'fast', $3, $4, $5) RETURNING id AS v",
        account_, project_, fast, secret, attributes);
    auto id = made(fmt::format(R"({{"name": "x", "connection_id": {}, "primary_profile_id": {}}})",
                               connection("slow"), profile));
    auto found = world_.get([&] { return find_environment(world_.pool(), account_, id); });
    EXPECT_EQ(found->connection_id, fast);
    EXPECT_EQ(found->credentials_id, secret);
    EXPECT_EQ(found->extended_attributes.at("role").as_string(), "x");
    world_.post(one(id), R"({"primary_profile_id": null})");
    found = world_.get([&] { return find_environment(world_.pool(), account_, id); });
    EXPECT_NE(found->connection_id, fast);
    EXPECT_TRUE(found->extended_attributes.empty());
}

TEST_F(EnvironmentsTest, AreListedByTheirProject) {
    made(R"({"name": "x"})");
    auto other =
        fmt::format("/api/v3/accounts/{}/projects/{}/environments/", account_, project("q"));
    EXPECT_EQ(world_.get(other).data().as_array().size(), 0U);
    // A filter can't lead out of the path.
    EXPECT_EQ(world_.get(fmt::format("{}?project_id={}", other, project_)).data().as_array().size(),
              0U);
    EXPECT_EQ(world_
                  .get(fmt::format("/api/v3/accounts/{}/environments/?project_id__in=[{}]",
                                   account_, project_))
                  .data()
                  .as_array()
                  .size(),
              1U);
}

}  // namespace
}  // namespace mw::environments
