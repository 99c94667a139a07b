#include "engines/engine_lease.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "engines/installer_test_support.hpp"

namespace mw::engines {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EngineLeaseTest : public testing::InstallationFixture {
  protected:
    EngineLeaseTest() : engine_(*install_entry()) {}

    result<> remove_it() {
        return remove_engine(options_.engines_dir, engine_, [](auto) {});
    }

    InstalledEngine engine_;
};

TEST_F(EngineLeaseTest, AnEngineIsRemovedWhole) {
    ASSERT_TRUE(remove_it());
    EXPECT_THAT(engine_folders(), IsEmpty());
    EXPECT_EQ(remove_it().error().code, Errc::not_found);
    EXPECT_EQ(EngineLease::take(engine_.folder).error().code, Errc::not_found);
    ASSERT_TRUE(install_entry());
}

TEST_F(EngineLeaseTest, NotWhileARunUsesIt) {
    std::optional<EngineLease> first = *EngineLease::take(engine_.folder);
    std::optional<EngineLease> second = *EngineLease::take(engine_.folder);
    for (auto* lease : {&first, &second}) {
        auto removed = remove_it();
        ASSERT_FALSE(removed);
        EXPECT_EQ(removed.error().code, Errc::conflict);
        EXPECT_THAT(removed.error().message, HasSubstr("is in use by a run"));
        EXPECT_TRUE(find_installed(options_.engines_dir, entry_, entry_.base()));
        lease->reset();
    }
    EXPECT_TRUE(remove_it());
}

TEST_F(EngineLeaseTest, AnotherInstallationOfTheSameNameIsAnotherEngine) {
    auto lease = EngineLease::take(engine_.folder);
    ASSERT_TRUE(lease);
    // Under the path that the lease was taken by lies another file now.
    auto record = engine_.folder / "engine.json";
    auto text = testing::text_of(record);
    fs::permissions(engine_.folder, fs::perms::owner_all);
    fs::remove(record);
    std::ofstream(record) << text;
    EXPECT_TRUE(remove_it());
}

TEST_F(EngineLeaseTest, WhatAnInterruptedRemovalLeftIsRemoved) {
    auto left = options_.engines_dir / ".removed-x/lib";
    fs::create_directories(left);
    ASSERT_TRUE(remove_it());
    ASSERT_TRUE(install_entry());
    EXPECT_FALSE(fs::exists(left.parent_path()));
}

}  // namespace
}  // namespace mw::engines
