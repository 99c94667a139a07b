#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/runs/pgtest_api.hpp"
#include "features/users/user_api.hpp"

namespace mw::users {
namespace {

using testing::HasSubstr;

class UsersTest : public testing::Test {
  protected:
    UsersTest() {
        add_user_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        me_ = join("ann@example.com");
        other_ = join("bob@example.com");
        world_.authenticator().caller.user_id = me_;
        base_ = fmt::format("/api/v2/accounts/{}/", account_);
    }
    Id join(std::string email) {
        auto user =
            world_.value<Id>("INSERT INTO users (email) VALUES ($1) RETURNING id AS v", email);
        world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account_,
                   user);
        return user;
    }
    Id membership(Id user) {
        return world_.value<Id>("SELECT id AS v FROM account_members WHERE user_id = $1", user);
    }

    test::ApiWorld world_;
    Id account_ = 0;
    Id me_ = 0;
    Id other_ = 0;
    std::string base_;
};

TEST_F(UsersTest, ShowTheirGroups) {
    auto group = world_.value<Id>(
        "INSERT INTO groups (account_id, name) VALUES ($1, 'Core') RETURNING id AS v", account_);
    world_.sql("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)", group, other_);
    auto users = world_.get(base_ + "users/?order_by=id").data().as_array();
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0].at("permissions").at(0).at("groups").as_array().size(), 0U);
    EXPECT_EQ(users[1].at("permissions").at(0).at("groups").at(0).at("name").as_string(), "Core");
}

TEST_F(UsersTest, WithoutTheRightOneSeesOneself) {
    world_.authenticator().caller.grants = {};
    EXPECT_EQ(world_.get(fmt::format("{}users/{}/", base_, me_)).status, 200);
    EXPECT_EQ(world_.get(fmt::format("{}users/{}/", base_, other_)).status, 403);
    EXPECT_EQ(world_.get(std::string("/api/v2/whoami/")).data().at("user").at("id"), me_);
}

TEST_F(UsersTest, ChangeTheirOwnNames) {
    auto mine = fmt::format("/api/v2/users/{}/", me_);
    auto answer = world_.post(mine, R"({"first_name": "Ann", "last_name": "Bee"})");
    EXPECT_EQ(answer.data().at("fullname").as_string(), "Ann Bee");
    EXPECT_EQ(world_.post(fmt::format("/api/v2/users/{}/", other_), "{}").status, 404);
}

TEST_F(UsersTest, GetAnotherLicenceOrAreTakenOut) {
    auto path = fmt::format("{}permissions/{}/", base_, membership(other_));
    auto answer = world_.post(path, R"({"license_type": "read_only", "state": 1})");
    EXPECT_EQ(answer.data().at("license_type").as_string(), "read_only");
    EXPECT_THAT(world_.post(path, R"({"license_type": "gold"})").message(),
                HasSubstr("must be developer"));
    EXPECT_EQ(world_.post(path, R"({"license_type": "read_only", "state": 2})").status, 200);
    EXPECT_EQ(world_.get(base_ + "users/").data().as_array().size(), 1U);
    // Whoever takes themselves out locks the door from outside.
    auto own = fmt::format("{}permissions/{}/", base_, membership(me_));
    EXPECT_THAT(world_.post(own, R"({"license_type": "it", "state": 2})").message(),
                HasSubstr("your own"));
    EXPECT_EQ(world_.post(base_ + "permissions/987654321/", R"({"license_type": "it"})").status,
              404);
}

TEST_F(UsersTest, AnOwnerIsNotAProjectAdministratorsToTakeOut) {
    auto project = world_.value<Id>(
        "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
    world_.authenticator().caller.grants =
        api::Grants({{api::find_permission_set("admin"), project, {}}}, api::License::developer);
    auto path = fmt::format("{}permissions/{}/", base_, membership(other_));
    EXPECT_EQ(world_.post(path, R"({"license_type": "it"})").status, 200);
    world_.sql("UPDATE account_members SET is_owner = true WHERE user_id = $1", other_);
    EXPECT_EQ(world_.post(path, R"({"license_type": "it", "state": 2})").status, 403);
}

TEST_F(UsersTest, SeatsAreCountedByLicence) {
    world_.sql("UPDATE accounts SET developer_seats = 1");
    auto seats = world_.get(base_ + "licenses/").data().at(0).at("developer");
    EXPECT_EQ(seats.at("in_use").to_number<int>(), 2);
    EXPECT_TRUE(seats.at("over_limit").as_bool());
}

}  // namespace
}  // namespace mw::users
