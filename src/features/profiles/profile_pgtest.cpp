#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/profiles/profile_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::profiles {
namespace {

using testing::HasSubstr;

class ProfilesTest : public testing::Test {
  protected:
    ProfilesTest() {
        add_profile_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        base_ = fmt::format("/api/v3/accounts/{}/projects/{}/", account_, project_);
        connection_ = world_.value<Id>(
            "INSERT INTO connections (account_id, name, adapter_version) "
            "VALUES ($1, 'c', 'postgres_v0') RETURNING id AS v",
            account_);
        credentials_ = world_.value<Id>(
            "INSERT INTO credentials (account_id, project_id, type, schema) "
            "VALUES ($1, $2, 'postgres', 's') RETURNING id AS v",
            account_, project_);
    }
    Id attributes() {
        auto made = world_.post(base_ + "extended-attributes/",
                                R"({"extended_attributes": {"role": "r"}})");
        return made.data().at("id").to_number<Id>();
    }
    Id profile(Id attributes) {
        auto made =
            world_.post(base_ + "profiles/",
                        fmt::format(R"({{"key": "k", "connection_id": {}, "credentials_id": {},
                             "extended_attributes_id": {}}})",
                                    connection_, credentials_, attributes));
        EXPECT_EQ(made.status, 200) << made.body;
        return made.data().at("id").to_number<Id>();
    }

    test::ApiWorld world_;
    Id account_ = 0;
    Id project_ = 0;
    Id connection_ = 0;
    Id credentials_ = 0;
    std::string base_;
};

TEST_F(ProfilesTest, ExtendedAttributesAreAnObject) {
    auto one = fmt::format("{}extended-attributes/{}/", base_, attributes());
    EXPECT_EQ(world_.get(one).data().at("extended_attributes").at("role").as_string(), "r");
    auto changed = world_.call("PATCH", one, R"({"extended_attributes": {"schema": "x"}})");
    EXPECT_FALSE(changed.data().at("extended_attributes").as_object().contains("role"));
    EXPECT_THAT(world_.post(base_ + "extended-attributes/", "{}").message(),
                HasSubstr("extended_attributes: is required"));
}

TEST_F(ProfilesTest, WhatIsUsedStays) {
    auto used = attributes();
    auto id = profile(used);
    auto refused = world_.call("DELETE", fmt::format("{}extended-attributes/{}/", base_, used));
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.message(), HasSubstr("profile k"));
    world_.sql(
        "INSERT INTO environments (account_id, project_id, name, primary_profile_id) "
        "VALUES ($1, $2, 'Prod', $3)",
        account_, project_, id);
    auto one = fmt::format("{}profiles/{}/", base_, id);
    EXPECT_EQ(world_.get(one).data().at("primary_bindings").at(0).at("name").as_string(), "Prod");
    EXPECT_THAT(world_.call("DELETE", one).message(), HasSubstr("environment Prod"));
    world_.sql("UPDATE environments SET state = 2");
    EXPECT_EQ(world_.call("DELETE", one).status, 200);
}

TEST_F(ProfilesTest, AKeyIsGivenOnce) {
    auto used = attributes();
    profile(used);
    auto again =
        world_.post(base_ + "profiles/",
                    fmt::format(R"({{"key": "k", "connection_id": {}, "credentials_id": {}}})",
                                connection_, credentials_));
    EXPECT_EQ(again.status, 409);
    EXPECT_THAT(world_.post(base_ + "profiles/", R"({"key": "x"})").message(),
                HasSubstr("connection_id"));
}

}  // namespace
}  // namespace mw::profiles
