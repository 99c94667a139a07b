#include "roles/runner/project/project_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;

TEST(ProjectFile, GivesTheProfileAndTheTargetFolder) {
    auto project = parse_project_file("name: shop\nprofile: 'shop_db'\ntarget-path: out\n");
    ASSERT_TRUE(project);
    EXPECT_EQ(project->profile, "shop_db");
    EXPECT_EQ(project->target_path, "out");
}

TEST(ProjectFile, HasDefaultsForWhatIsMissingOrATemplate) {
    for (auto yaml : {"name: shop\n", "name: shop\nprofile:\n",
                      "name: shop\nprofile: \"{{ env_var('X') }}\"\ntarget-path: \"{{ x }}\"\n",
                      "name: shop\nprofile: [a]\n"}) {
        auto project = parse_project_file(yaml);
        ASSERT_TRUE(project) << yaml;
        EXPECT_EQ(project->profile, "user") << yaml;
        EXPECT_EQ(project->target_path, "target") << yaml;
    }
}

TEST(ProjectFile, SaysWhereItIsNotYaml) {
    auto project = parse_project_file("name: shop\nprofile: [\n");
    ASSERT_FALSE(project);
    EXPECT_THAT(project.error().message, HasSubstr("line"));
    EXPECT_FALSE(parse_project_file(""));
    EXPECT_FALSE(parse_project_file("- a\n"));
}

TEST(ProjectFile, MissingNamesTheFolder) {
    auto top = read_project(testing::TempDir() + "no-such-folder", "");
    ASSERT_FALSE(top);
    EXPECT_EQ(top.error().code, Errc::not_found);
    EXPECT_THAT(top.error().message, HasSubstr("at its top"));
    auto deeper = read_project(testing::TempDir() + "no-such-folder", "sub/dir");
    ASSERT_FALSE(deeper);
    EXPECT_THAT(deeper.error().message, HasSubstr("sub/dir"));
}

}  // namespace
}  // namespace mw::runner
