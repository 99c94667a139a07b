#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/account_features/feature_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::account_features {
namespace {

using testing::HasSubstr;

class FeaturesTest : public testing::Test {
  protected:
    FeaturesTest() {
        add_feature_endpoints(world_.api(), world_.pool());
        add_absent_endpoints(world_.api());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/private/accounts/{}/features/", account_);
    }
    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(FeaturesTest, AreSwitched) {
    EXPECT_TRUE(world_.get(path_).data().at("partial-parsing").as_bool());
    auto answer = world_.post(path_, R"({"feature": "partial_parsing", "value": false})");
    EXPECT_FALSE(answer.data().at("partial-parsing").as_bool());
    EXPECT_FALSE(world_.get(fmt::format("/api/v3/accounts/{}/feature-flag/", account_))
                     .data()
                     .at("partial-parsing")
                     .as_bool());
    EXPECT_THAT(world_.post(path_, R"({"feature": "moon", "value": true})").message(),
                HasSubstr("no such feature"));
    EXPECT_THAT(world_.post(path_, R"({"feature": "ai-features", "value": true})").message(),
                HasSubstr("can't be had"));
}

TEST_F(FeaturesTest, WhatThereIsNoneOfAnswersAsAnAccountWithoutIt) {
    auto base = fmt::format("/api/v3/accounts/{}/", account_);
    auto endpoints = base + "private-endpoints/";
    EXPECT_EQ(world_.get(endpoints).json().at("extra").at("pagination").at("total_count"), 0);
    EXPECT_THAT(world_.post(endpoints, "{}").message(), HasSubstr("can't be had"));
    EXPECT_EQ(world_.get(endpoints + "pl_1/").status, 404);
    EXPECT_TRUE(world_.get(base + "favorite-assets/").data().as_array().empty());
}

}  // namespace
}  // namespace mw::account_features
