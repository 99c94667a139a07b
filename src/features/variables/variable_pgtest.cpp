#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/variables/variable.hpp"
#include "features/variables/variable_api.hpp"

namespace mw::variables {
namespace {

using testing::HasSubstr;

class VariablesTest : public testing::Test {
  protected:
    VariablesTest() {
        add_variable_endpoints(world_.api(), world_.pool(), sealer_);
        add_variable_bulk_endpoints(world_.api(), world_.pool(), sealer_);
        account_ = world_.account();
        world_.act_as(account_);
        job_ = world_.job(account_);
        project_ = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job_);
        environment_ = world_.value<Id>("SELECT environment_id AS v FROM jobs WHERE id = $1", job_);
        path_ = fmt::format("/api/v3/accounts/{}/projects/{}/environment-variables/", account_,
                            project_);
    }
    Id set(std::string body) {
        auto answer = world_.post(path_, std::move(body));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.data().at("id").to_number<Id>();
    }
    boost::json::value table() { return world_.get(path_ + "environment/").data().at("variables"); }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Id account_ = 0;
    Id project_ = 0;
    Id environment_ = 0;
    Id job_ = 0;
    std::string path_;
};

TEST_F(VariablesTest, BelongToAProjectAnEnvironmentOrAJob) {
    set(R"({"name": "DBT_A", "type": "project", "raw_value": "1"})");
    set(fmt::format(R"({{"name": "DBT_A", "type": "environment", "environment_id": {},
                         "raw_value": "2"}})",
                    environment_));
    set(fmt::format(R"({{"name": "DBT_A", "type": "job", "job_definition_id": {},
                         "raw_value": "3"}})",
                    job_));
    EXPECT_EQ(table().at("DBT_A").at("project").at("value").as_string(), "1");
    EXPECT_EQ(table().at("DBT_A").at("e").at("value").as_string(), "2");
    auto of_job =
        world_.get(fmt::format("{}job/?job_definition_id={}", path_, job_)).data().at("DBT_A");
    EXPECT_EQ(of_job.at("project").at("value").as_string(), "1");
    EXPECT_EQ(of_job.at("environment").at("value").as_string(), "2");
    EXPECT_EQ(of_job.at("job").at("value").as_string(), "3");
    EXPECT_EQ(world_.get(path_ + "job/?job_definition_id=987654").status, 404);
    // A place without a value is not there at all.
    set(R"({"name": "DBT_B", "raw_value": "1"})");
    EXPECT_EQ(world_.get(fmt::format("{}job/?job_definition_id={}", path_, job_))
                  .data()
                  .at("DBT_B")
                  .as_object()
                  .size(),
              1U);
    EXPECT_EQ(world_.get(path_ + "job/").status, 400);
}

TEST_F(VariablesTest, ASecretIsSealedAndShownAsStars) {
    auto made = world_.post(path_, R"({"name": "DBT_ENV_SECRET_KEY", "raw_value": "hush"})");
    EXPECT_EQ(made.data().at("display_value").as_string(), kStars);
    EXPECT_EQ(made.body.find("hush"), std::string::npos);
    auto id = made.data().at("id").to_number<Id>();
    auto open = [&] {
        auto sealed = world_.value<pg::Bytes>(
            "SELECT sealed_value AS v FROM environment_variables WHERE id = $1", id);
        return sealer_.open(sealed.data, fmt::format("environment_variables:{}", id))->reveal();
    };
    EXPECT_EQ(open(), "hush");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM environment_variables WHERE "
                                "value IS NOT NULL"),
              0);
    // A client sends back what it was shown.
    world_.post(fmt::format("{}{}/", path_, id),
                R"({"name": "DBT_ENV_SECRET_KEY", "raw_value": "**********"})");
    EXPECT_EQ(open(), "hush");
    world_.post(fmt::format("{}{}/", path_, id), R"({"raw_value": "quiet"})");
    EXPECT_EQ(open(), "quiet");
}

TEST_F(VariablesTest, OneThatBecomesASecretIsSealed) {
    auto id = set(R"({"name": "DBT_KEY", "raw_value": "hush"})");
    auto renamed = world_.post(fmt::format("{}{}/", path_, id), R"({"name": "DBT_ENV_SECRET_K"})");
    EXPECT_EQ(renamed.data().at("display_value").as_string(), kStars);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM environment_variables WHERE "
                                "value = 'hush'"),
              0);
    EXPECT_THAT(world_.post(fmt::format("{}{}/", path_, id), R"({"name": "DBT_KEY"})").message(),
                HasSubstr("raw_value"));
}

TEST_F(VariablesTest, WhatIsNoneIsRefused) {
    for (auto name : {"A", "DBT_a", "DBT_CLOUD_RUN_ID", "DBT_ENV", "DBT X"})
        EXPECT_THAT(world_.post(path_, fmt::format(R"({{"name": "{}", "raw_value": "1"}})", name))
                        .message(),
                    HasSubstr("name"))
            << name;
    EXPECT_THAT(world_.post(path_, R"({"name": "DBT_A"})").message(), HasSubstr("raw_value"));
    EXPECT_THAT(
        world_
            .post(path_,
                  R"({"name": "DBT_A", "raw_value": "1", "type": "job", "job_definition_id": 99})")
            .message(),
        HasSubstr("job_definition_id"));
    EXPECT_THAT(
        world_.post(path_, R"({"name": "DBT_A", "raw_value": "1", "type": "user", "user_id": 99})")
            .message(),
        HasSubstr("must be your own"));
}

TEST_F(VariablesTest, ManyAreSetAtOnceOrNone) {
    auto bulk = path_ + "bulk/";
    auto made =
        world_.post(bulk, R"({"env_var": {"new_name": "DBT_A", "project": "1", "e": "2"}})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.data().at("new_var_ids").as_array().size(), 2U);
    EXPECT_EQ(table().at("DBT_A").at("e").at("value").as_string(), "2");
    auto refused = world_.post(bulk, R"({"env_var": [{"new_name": "DBT_B", "project": "1"},
                              {"new_name": "DBT_C", "nowhere": "1"}]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("no environment nowhere"));
    EXPECT_FALSE(table().as_object().contains("DBT_B"));
    // What is null goes away, what is left out stays.
    auto changed = world_.call("PUT", bulk, R"({"env_vars": {"DBT_A": {"e": null}}})");
    EXPECT_EQ(changed.data().at("deleted_var_ids").as_array().size(), 1U);
    EXPECT_EQ(table().at("DBT_A").at("project").at("value").as_string(), "1");
    EXPECT_FALSE(table().at("DBT_A").as_object().contains("e"));
    EXPECT_EQ(world_.call("DELETE", bulk, R"({"name": "DBT_A"})").status, 200);
    EXPECT_TRUE(table().as_object().empty());
    EXPECT_EQ(world_.call("DELETE", bulk, R"({"name": "DBT_A"})").status, 404);
}

TEST_F(VariablesTest, OneIsRemoved) {
    auto id = set(R"({"name": "DBT_A", "raw_value": "1"})");
    EXPECT_EQ(world_.call("DELETE", fmt::format("{}{}/", path_, id)).status, 200);
    EXPECT_EQ(world_.call("DELETE", fmt::format("{}{}/", path_, id)).status, 404);
    EXPECT_TRUE(table().as_object().empty());
}

}  // namespace
}  // namespace mw::variables
