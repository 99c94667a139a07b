#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/projects/project_api.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/runs/run_service.hpp"

namespace mw::projects {
namespace {

using testing::HasSubstr;

class ProjectsTest : public testing::Test {
  protected:
    ProjectsTest() {
        add_project_endpoints(world_.api(), world_.pool(), runs::cancel_queued_runs,
                              "https://dbt.example.com");
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/projects/", account_);
    }

    test::ApiWorld world_;
    Id account_ = 0;
    std::string path_;
};

TEST_F(ProjectsTest, AreMadeAndChanged) {
    auto made = world_.post(path_, R"({"name": "Shop", "dbt_project_subdirectory": "dbt/shop"})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto one = fmt::format("{}{}/", path_, made.data().at("id").to_number<Id>());
    auto changed = world_.post(one, R"({"description": "All of it"})");
    EXPECT_EQ(changed.data().at("name").as_string(), "Shop");
    EXPECT_EQ(changed.data().at("description").as_string(), "All of it");
    EXPECT_THAT(world_.post(path_, R"({"name": ""})").message(), HasSubstr("name"));
    for (auto folder : {"/etc", "../up", "a/../../b"})
        EXPECT_THAT(world_.post(one, fmt::format(R"({{"dbt_project_subdirectory": "{}"}})", folder))
                        .message(),
                    HasSubstr("inside the repository"))
            << folder;
}

TEST_F(ProjectsTest, ARepositoryOfAnotherProjectIsNotTheirs) {
    auto make = [&] {
        return world_.post(path_, R"({"name": "p"})").data().at("id").to_number<Id>();
    };
    auto mine = make();
    auto repository = world_.value<Id>(
        "INSERT INTO repositories (account_id, project_id, remote_url) "
        "VALUES ($1, $2, 'https://h/x.git') RETURNING id AS v",
        account_, mine);
    auto body = fmt::format(R"({{"repository_id": {}}})", repository);
    EXPECT_THAT(world_.post(fmt::format("{}{}/", path_, make()), body).message(),
                HasSubstr("belongs to another project"));
    auto shown = world_.post(fmt::format("{}{}/", path_, mine), body).data();
    EXPECT_EQ(shown.at("repository").at("remote_url").as_string(), "https://h/x.git");
}

TEST_F(ProjectsTest, ARemovedOneTakesItsJobsWithIt) {
    auto job = world_.job(account_);
    auto run = world_.queued_run(job);
    auto project = world_.value<Id>("SELECT project_id AS v FROM jobs WHERE id = $1", job);
    EXPECT_EQ(world_.call("DELETE", fmt::format("{}{}/", path_, project)).status, 200);
    EXPECT_EQ(world_.value<int>("SELECT state AS v FROM jobs WHERE id = $1", job), 2);
    EXPECT_EQ(world_.status(run), 30);
    EXPECT_EQ(world_.get(path_).data().as_array().size(), 0U);
}

TEST_F(ProjectsTest, ToMakeOneIsAnotherRightThanToChangeOne) {
    auto id = world_.post(path_, R"({"name": "p"})").data().at("id").to_number<Id>();
    world_.authenticator().caller.grants =
        api::Grants({{api::find_permission_set("team_admin"), id, {}}}, api::License::developer);
    EXPECT_EQ(world_.post(path_, R"({"name": "q"})").status, 403);
    EXPECT_EQ(world_.post(fmt::format("{}{}/", path_, id), R"({"name": "q"})").status, 200);
}

}  // namespace
}  // namespace mw::projects
