#include "roles/runner/project/dbt_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace mw::runner {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

class DbtEnvironment : public testing::Test {
  protected:
    EnvironmentMap make() {
        auto workspace = Workspace::create(testing::TempDir() + "env-test", 5);
        EXPECT_TRUE(workspace);
        return dbt_environment(spec_, *workspace, "/engines/x/bin", {"abc123", "main"},
                               {"shop", "target"});
    }
    RunSpec spec_;
};

TEST_F(DbtEnvironment, IsTheRunsAndNothingOfTheWorkers) {
    ::setenv("MILLWRIGHT_TEST_VARIABLE", "x", 1);
    spec_.environment_variables = {{"DBT_REGION", "eu"}};
    spec_.context = {{"DBT_CLOUD_RUN_ID", "5"}};
    auto environment = make();
    EXPECT_THAT(environment, Contains(Pair("PATH", StartsWith("/engines/x/bin:"))));
    EXPECT_THAT(environment, Contains(Pair("DBT_ENV", "prod")));
    EXPECT_THAT(environment, Contains(Pair("DBT_REGION", "eu")));
    EXPECT_THAT(environment, Contains(Pair("DBT_CLOUD_RUN_ID", "5")));
    EXPECT_THAT(environment, Contains(Pair("DBT_PROFILE", "shop")));
    EXPECT_THAT(environment, Contains(Pair("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")));
    EXPECT_THAT(environment, Not(Contains(Key(StartsWith("MILLWRIGHT_")))));
    ::unsetenv("MILLWRIGHT_TEST_VARIABLE");
}

TEST_F(DbtEnvironment, AProjectSetsOnlyItsOwnVariables) {
    spec_.environment_variables = {{"LD_PRELOAD", "/evil.so"},
                                   {"PATH", "/evil"},
                                   {"DBT_PROFILES_DIR", "/elsewhere"},
                                   {"DBT_CLOUD_RUN_ID", "forged"},
                                   {"DBT_CLOUD_PR_ID", "forged"},
                                   {"DBT_CLOUD_API_TOKEN", "the project's"},
                                   {"DBT_ENV", "staging"}};
    spec_.context = {{"DBT_CLOUD_RUN_ID", "5"}};
    auto environment = make();
    EXPECT_THAT(environment, Not(Contains(Key("LD_PRELOAD"))));
    EXPECT_THAT(environment, Contains(Pair("PATH", StartsWith("/engines/x/bin:"))));
    EXPECT_THAT(environment, Contains(Pair("DBT_CLOUD_RUN_ID", "5")));
    EXPECT_THAT(environment, Not(Contains(Key("DBT_CLOUD_PR_ID"))));
    EXPECT_THAT(environment, Contains(Pair("DBT_CLOUD_API_TOKEN", "the project's")));
    EXPECT_THAT(environment, Contains(Pair("DBT_ENV", "prod")));
    EXPECT_NE(environment.at("DBT_PROFILES_DIR"), "/elsewhere");
}

TEST_F(DbtEnvironment, OnlyAPullRequestHasItsCommit) {
    EXPECT_THAT(make(), Not(Contains(Key("DBT_CLOUD_GIT_SHA"))));
    spec_.context = {{"DBT_CLOUD_PR_ID", "17"}};
    EXPECT_THAT(make(), Contains(Pair("DBT_CLOUD_GIT_SHA", "abc123")));
}

TEST(TargetFolder, FollowsVariableAndOption) {
    EXPECT_EQ(target_folder("/p", {}, {"build"}), "/p/target");
    EXPECT_EQ(target_folder("/p", {{"DBT_TARGET_PATH", "out"}}, {"build"}), "/p/out");
    EXPECT_EQ(target_folder("/p", {{"DBT_TARGET_PATH", "out"}}, {"build", "--target-path", "t2"}),
              "/p/t2");
    EXPECT_EQ(target_folder("/p", {}, {"build", "--target-path=t3"}), "/p/t3");
    EXPECT_EQ(target_folder("/p", {}, {"build", "--project-dir", "sub"}), "/p/sub/target");
    EXPECT_EQ(target_folder("/p", {}, {"--project-dir=sub", "build", "--target-path", "t"}),
              "/p/sub/t");
    EXPECT_EQ(target_folder("/p", {}, {"build", "--target-path"}), "/p/target");
}

}  // namespace
}  // namespace mw::runner
