#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/groups/group_api.hpp"
#include "features/groups/group_store.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::groups {
namespace {

using testing::HasSubstr;

class GroupsTest : public testing::Test {
  protected:
    GroupsTest() {
        add_group_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        project_ = world_.value<Id>(
            "INSERT INTO projects (account_id, name) VALUES ($1, 'p') RETURNING id AS v", account_);
        world_.act_as(account_);
        base_ = fmt::format("/api/v3/accounts/{}/", account_);
    }
    Id make(std::string_view name) {
        auto answer = world_.post(base_ + "groups/", fmt::format(R"({{"name": "{}"}})", name));
        return answer.data().at("id").to_number<Id>();
    }
    Id member(std::string email) {
        auto user =
            world_.value<Id>("INSERT INTO users (email) VALUES ($1) RETURNING id AS v", email);
        world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account_,
                   user);
        return user;
    }
    boost::json::value group(Id id) {
        return world_.get(fmt::format("{}groups/{}/", base_, id)).data();
    }

    test::ApiWorld world_;
    Id account_ = 0;
    Id project_ = 0;
    std::string base_;
};

TEST_F(GroupsTest, GiveWhatTheirListOfPermissionsSays) {
    auto id = make("Analysts");
    auto path = fmt::format("{}group-permissions/{}/", base_, id);
    auto answer =
        world_.post(path, fmt::format(R"([{{"permission_set": "developer", "project_id": {},
                                "writable_environment_categories": ["staging"]}},
                              {{"permission_set": "account_viewer", "all_projects": true}}])",
                                      project_));
    ASSERT_EQ(answer.status, 200) << answer.body;
    auto permissions = group(id).at("group_permissions").as_array();
    ASSERT_EQ(permissions.size(), 2U);
    EXPECT_EQ(permissions[0].at("project_id").to_number<Id>(), project_);
    EXPECT_FALSE(permissions[0].at("all_projects").as_bool());
    EXPECT_TRUE(permissions[1].at("all_projects").as_bool());
    // The next list is all that there is.
    world_.post(path, R"([{"permission_set": "job_admin"}])");
    permissions = group(id).at("group_permissions").as_array();
    ASSERT_EQ(permissions.size(), 1U);
    EXPECT_EQ(permissions[0].at("permission_set").as_string(), "job_admin");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM audit_log WHERE event = "
                                "'group.permissions_changed'"),
              2);
}

TEST_F(GroupsTest, APermissionThatIsNoneIsRefusedAndChangesNothing) {
    auto id = make("Analysts");
    auto path = fmt::format("{}group-permissions/{}/", base_, id);
    world_.post(path, R"([{"permission_set": "job_admin"}])");
    EXPECT_THAT(world_.post(path, R"([{"permission_set": "king"}])").message(),
                HasSubstr("there is no permission set king"));
    EXPECT_THAT(
        world_.post(path, R"([{"permission_set": "developer", "project_id": 987654}])").message(),
        HasSubstr("there is no project 987654"));
    EXPECT_THAT(world_
                    .post(path, R"([{"permission_set": "developer",
                                     "writable_environment_categories": ["moon"]}])")
                    .message(),
                HasSubstr("moon is none of"));
    EXPECT_EQ(group(id).at("group_permissions").as_array().size(), 1U);
    EXPECT_EQ(world_.post(base_ + "group-permissions/987654321/", "[]").status, 404);
}

TEST_F(GroupsTest, AProjectsAdministratorGivesWhatIsOfTheProject) {
    auto id = make("Analysts");
    auto path = fmt::format("{}projects/{}/group-permissions/", base_, project_);
    auto give = [&](std::string_view set) {
        return world_.post(path,
                           fmt::format(R"({{"group_id": {}, "permission_set": "{}"}})", id, set));
    };
    EXPECT_EQ(give("developer").data().at("project_id").to_number<Id>(), project_);
    EXPECT_THAT(give("account_admin").message(), HasSubstr("for the whole account"));
}

TEST_F(GroupsTest, AUserIsPutIntoExactlyTheGroupsWanted) {
    auto one = make("One");
    auto two = make("Two");
    auto user = member("ann@example.com");
    auto assign = [&](std::string groups, Id who) {
        return world_.post(
            base_ + "assign-groups/",
            fmt::format(R"({{"user_id": {}, "desired_group_ids": {}}})", who, groups));
    };
    EXPECT_EQ(assign(fmt::format("[{}, {}]", one, two), user).data().as_array().size(), 2U);
    auto left = assign(fmt::format("[{}]", two), user).data().as_array();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].at("name").as_string(), "Two");
    EXPECT_EQ(group(two).at("member_count").to_number<int>(), 1);
    EXPECT_EQ(group(one).at("member_count").to_number<int>(), 0);
    EXPECT_THAT(assign("[987654]", user).message(), HasSubstr("there is no group 987654"));
    EXPECT_THAT(assign("[]", 987654).message(), HasSubstr("no member"));
}

TEST_F(GroupsTest, NobodyGivesMoreThanTheyHave) {
    auto owners = make("Owners");
    auto runners = make("Runners");
    world_.post(fmt::format("{}group-permissions/{}/", base_, owners),
                R"([{"permission_set": "owner"}])");
    world_.post(fmt::format("{}group-permissions/{}/", base_, runners),
                fmt::format(R"([{{"permission_set": "job_runner", "project_id": {}}}])", project_));
    auto user = member("ann@example.com");
    auto assign = [&](Id group) {
        return world_.post(
            base_ + "assign-groups/",
            fmt::format(R"({{"user_id": {}, "desired_group_ids": [{}]}})", user, group));
    };
    // Who administers a project may write members, and no groups.
    world_.authenticator().caller.grants =
        api::Grants({{api::find_permission_set("admin"), project_, {}}}, api::License::developer);
    EXPECT_EQ(assign(runners).status, 200);
    auto refused = assign(owners);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.message(), HasSubstr("The group Owners gives more than you may do"));
    world_.sql("INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)", owners, user);
    EXPECT_EQ(assign(runners).status, 403) << "nor takes it away";
}

TEST_F(GroupsTest, ARemovedGroupGivesNothing) {
    auto id = make("Gone");
    world_.post(fmt::format("{}group-permissions/{}/", base_, id),
                R"([{"permission_set": "owner"}])");
    world_.post(fmt::format("{}groups/{}/", base_, id), R"({"state": 2})");
    EXPECT_EQ(
        world_.value<int>("SELECT count(*)::integer AS v FROM group_permissions WHERE state = 1"),
        0);
    // Its name is free again.
    EXPECT_NE(make("Gone"), id);
}

TEST_F(GroupsTest, EveryAccountBeginsWithThree) {
    auto user = member("ann@example.com");
    world_.get([&] {
        return pg::with_tx(world_.pool(), [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await add_first_groups(tx, account_));
            co_return co_await join_first_groups(tx, account_, user, false);
        });
    });
    EXPECT_EQ(world_.value<std::string>(
                  "SELECT string_agg(g.name, ' ' ORDER BY g.name) AS v FROM groups g "
                  "JOIN group_members m ON m.group_id = g.id"),
              "Everyone Member");
}

TEST_F(GroupsTest, ConstantsNameThePermissionSets) {
    auto data = world_.get(std::string("/api/v2/constants/")).data();
    EXPECT_EQ(data.at("permissions_sets").at("job_admin").as_string(), "Job admin");
    EXPECT_EQ(data.at("permissions_sets").as_object().size(), 31U);
}

}  // namespace
}  // namespace mw::groups
