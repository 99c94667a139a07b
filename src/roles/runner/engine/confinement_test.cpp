#include "roles/runner/engine/confinement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace mw::runner {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Paths = std::vector<std::filesystem::path>;

Layout layout() {
    Layout layout;
    layout.data_dir = "/srv/millwright/data";
    layout.run_dir = "/run/millwright";
    return layout;
}

result<Paths> folders(std::string_view path, boost::json::object extended = {},
                      std::string_view adapter = "duckdb") {
    ProfileSpec profile;
    profile.adapter = adapter;
    profile.connection = {{"path", path}};
    profile.extended_attributes = std::move(extended);
    return warehouse_folders(layout(), profile);
}

TEST(Confinement, OpensTheFolderOfTheWarehouse) {
    EXPECT_THAT(*folders("/srv/warehouse/shop.duckdb"), ElementsAre("/srv/warehouse"));
    EXPECT_THAT(*folders("/srv/millwright/data/warehouse/shop.duckdb"),
                ElementsAre("/srv/millwright/data/warehouse"));
    EXPECT_THAT(*folders("/srv/a/x.duckdb", {{"path", "/srv/b/y.duckdb"},
                                             {"attach", {{{"path", "/srv/c/z.duckdb"}}}}}),
                ElementsAre("/srv/a", "/srv/b", "/srv/c"));
}

TEST(Confinement, NeedsNoFolderForWhatIsNoFileOfThisMachine) {
    for (const char* path : {"", ":memory:", "md:shop", "s3://bucket/x.duckdb", "target/x.duckdb",
                             "/srv/{{ env_var('DBT_X') }}/x.duckdb"})
        EXPECT_THAT(*folders(path), IsEmpty()) << path;
    EXPECT_THAT(*folders("/srv/a/b", {}, "postgres"), IsEmpty());
}

TEST(Confinement, RefusesWhatWouldOpenTheApplianceOrTheSystem) {
    for (const char* path :
         {"/srv/millwright/data/keys/x.duckdb", "/srv/millwright/data/x.duckdb",
          "/srv/millwright/data/warehouse/../keys/x.duckdb", "/srv/millwright/x.duckdb",
          "/srv/x.duckdb", "/x.duckdb", "/run/x.duckdb", "/run/millwright/x.duckdb",
          "/etc/x.duckdb", "/usr/share/x.duckdb", "/proc/1/x.duckdb", "/tmp/x.duckdb"}) {
        auto refused = folders(path);
        ASSERT_FALSE(refused) << path;
        EXPECT_EQ(refused.error().code, Errc::invalid_argument);
        EXPECT_THAT(refused.error().message, HasSubstr(path));
    }
    EXPECT_FALSE(folders("/srv/a/x", {{"path", "/srv/millwright/data/keys/x"}}));
}

TEST(Confinement, GoesIntoTheRunsGroup) {
    std::filesystem::path folder = testing::TempDir() + "confinement-workspaces";
    auto workspace = Workspace::create(folder, 12);
    ASSERT_TRUE(workspace) << workspace.error().message;
    ConfinementSettings settings;
    settings.doors = {"/sys/fs/cgroup/x/cgroup.procs"};
    auto plan = plan_confinement(settings, layout(), *workspace, {}, "/srv/engine");
    ASSERT_TRUE(plan && *plan);
    EXPECT_EQ((*plan)->cgroups, settings.doors);
    EXPECT_GT((*plan)->processes_max, 1000U);
    settings.processes_max = 64;
    plan = plan_confinement(settings, layout(), *workspace, {}, "/srv/engine");
    EXPECT_EQ((*plan)->processes_max, 64U);
}

class ConfinementSetting : public testing::Test {
  protected:
    void TearDown() override {
        ::unsetenv("MILLWRIGHT_SANDBOX");
        ::unsetenv("MILLWRIGHT_SANDBOX_FOLDERS");
        ::unsetenv("MILLWRIGHT_RUN_MEMORY_MB");
    }
};

TEST_F(ConfinementSetting, IsOnUnlessItIsSwitchedOff) {
    EXPECT_TRUE(ConfinementSettings::from(*Settings::load({}))->on);
    ::setenv("MILLWRIGHT_SANDBOX", "off", 1);
    EXPECT_FALSE(ConfinementSettings::from(*Settings::load({}))->on);
    ::setenv("MILLWRIGHT_SANDBOX", "perhaps", 1);
    EXPECT_FALSE(ConfinementSettings::from(*Settings::load({})));
}

TEST_F(ConfinementSetting, HasTheOperatorsLimits) {
    EXPECT_EQ(ConfinementSettings::from(*Settings::load({}))->limits.memory_bytes, 0U);
    EXPECT_EQ(ConfinementSettings::from(*Settings::load({}))->limits.processes, 1024U);
    ::setenv("MILLWRIGHT_RUN_MEMORY_MB", "512", 1);
    EXPECT_EQ(ConfinementSettings::from(*Settings::load({}))->limits.memory_bytes, 536'870'912U);
    ::setenv("MILLWRIGHT_RUN_MEMORY_MB", "5", 1);
    EXPECT_FALSE(ConfinementSettings::from(*Settings::load({})));
}

TEST_F(ConfinementSetting, OpensTheOperatorsFolders) {
    ::setenv("MILLWRIGHT_SANDBOX_FOLDERS", "/srv/a::/srv/b/", 1);
    EXPECT_THAT(ConfinementSettings::from(*Settings::load({}))->folders,
                ElementsAre("/srv/a", "/srv/b/"));
    ::setenv("MILLWRIGHT_SANDBOX_FOLDERS", "here", 1);
    auto refused = ConfinementSettings::from(*Settings::load({}));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("MILLWRIGHT_SANDBOX_FOLDERS"));
}

}  // namespace
}  // namespace mw::runner
