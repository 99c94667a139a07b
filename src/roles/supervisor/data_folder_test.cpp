#include "roles/supervisor/data_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DataFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "data_folder_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = fs::canonical(pattern);
    }
    void TearDown() override { fs::remove_all(folder_); }

    Layout layout_in(const fs::path& data_dir) {
        auto settings = Settings::load();
        settings->set("DATA_DIR", data_dir.string());
        settings->set("RUN_DIR", (folder_ / "run").string());
        return *Layout::from(*settings);
    }

    fs::path folder_;
};

TEST_F(DataFolder, IsMadeWithItsParents) {
    auto layout = layout_in(folder_ / "a/b/data");
    ASSERT_TRUE(create_folders(layout, process::current_user()));
    EXPECT_TRUE(check_writable(layout));
    auto prepared = prepare_data_folder(layout);
    ASSERT_TRUE(prepared) << prepared.error().message;
    struct stat facts{};
    ASSERT_EQ(::stat(layout.keys_dir.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777, 0700u);
    // A second start finds it as it is.
    EXPECT_TRUE(create_folders(layout, process::current_user()));
    EXPECT_TRUE(prepare_data_folder(layout));
}

TEST_F(DataFolder, AFullDiskIsSaidBeforeAnythingIsWritten) {
    auto full = check_free_space(folder_ / "not/yet/there", ~0ULL);
    ASSERT_FALSE(full);
    EXPECT_THAT(full.error().message, HasSubstr("is full"));
    EXPECT_THAT(full.error().message, HasSubstr("--data-dir"));
    EXPECT_FALSE(fs::exists(folder_ / "not"));
    EXPECT_TRUE(check_free_space(folder_, 1));
}

TEST_F(DataFolder, AReadOnlyPlaceIsSaid) {
    // /proc takes no files from anyone, root included.
    auto layout = layout_in("/proc/millwright-test");
    auto created = create_folders(layout, process::current_user());
    ASSERT_FALSE(created);
    EXPECT_THAT(created.error().message, HasSubstr("/proc/millwright-test cannot be created"));

    auto writable = check_writable(layout_in("/proc"));
    ASSERT_FALSE(writable);
    EXPECT_THAT(writable.error().message, HasSubstr("/proc cannot be written to"));
}

TEST_F(DataFolder, AFileInItsPlaceIsSaid) {
    std::ofstream(folder_ / "data") << "x";
    auto created = create_folders(layout_in(folder_ / "data"), process::current_user());
    ASSERT_FALSE(created);
    EXPECT_THAT(created.error().message, HasSubstr("Not a directory"));
}

TEST_F(DataFolder, AFolderThatTheUserMayNotEnterIsNamed) {
    auto closed = folder_ / "closed";
    fs::create_directories(closed / "inner");
    ASSERT_EQ(::chmod(folder_.c_str(), 0755), 0);
    auto user = process::find_service_user("nobody");
    ASSERT_TRUE(user);
    // Who may not enter: the service user when root asks, the owner itself otherwise.
    ASSERT_EQ(::chmod(closed.c_str(), ::geteuid() == 0 ? 0700 : 0000), 0);
    {
        process::ActingAs acting(*user);
        auto reachable = check_reachable(closed / "inner/data", "the data folder", *user,
                                         "choose another with --data-dir");
        ASSERT_FALSE(reachable);
        EXPECT_THAT(reachable.error().message,
                    HasSubstr("nobody may not enter " + closed.string()));
        EXPECT_THAT(reachable.error().message, HasSubstr("--data-dir"));
        EXPECT_TRUE(check_reachable(folder_, "the data folder", *user, ""));
        EXPECT_TRUE(check_reachable("/usr/bin/env", "the program", *user, ""));
    }
    ::chmod(closed.c_str(), 0700);
}

TEST_F(DataFolder, AnotherUsersFolderIsRefused) {
    auto layout = layout_in(folder_ / "data");
    auto somebody = process::current_user();
    ASSERT_TRUE(create_folders(layout, somebody));
    if (::geteuid() == 0) {
        ASSERT_EQ(::chown(layout.data_dir.c_str(), 12345, 12345), 0);
        auto refused = create_folders(layout, somebody);
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().message, HasSubstr("belongs to system user 12345"));
    } else {
        // A folder of ours cannot be given to another by an ordinary user.
        somebody.uid += 1;
        EXPECT_FALSE(create_folders(layout, somebody));
    }
}

TEST(NearestExisting, WalksUp) {
    EXPECT_EQ(nearest_existing("/proc/self/nothing/here"), "/proc/self");
    EXPECT_EQ(nearest_existing("/nothing"), "/");
}

}  // namespace
}  // namespace mw::supervisor
