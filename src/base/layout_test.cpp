#include "base/layout.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace mw {
namespace {

namespace fs = std::filesystem;

class LayoutTest : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "layout_test_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = fs::canonical(pattern);
        auto loaded = Settings::load();
        ASSERT_TRUE(loaded) << loaded.error().message;
        settings_ = *loaded;
        settings_.set("DATA_DIR", (folder_ / "data").string());
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path folder_;
    Settings settings_;
};

TEST_F(LayoutTest, DerivesEverythingFromTheDataFolder) {
    auto layout = Layout::from(settings_);
    ASSERT_TRUE(layout) << layout.error().message;
    EXPECT_EQ(layout->data_dir, folder_ / "data");
    EXPECT_EQ(layout->postgres_dir, folder_ / "data/postgres");
    EXPECT_EQ(layout->keys_dir, folder_ / "data/keys");
    EXPECT_EQ(layout->object_store, "file:" + (folder_ / "data/store").string());
    EXPECT_NE(layout->run_dir.string().find(short_hash(layout->data_dir.string())),
              std::string::npos);
    EXPECT_EQ(layout->app_socket.parent_path(), layout->run_dir);
    EXPECT_TRUE(layout->embedded_database);
    EXPECT_NE(layout->database_conninfo.find(layout->run_dir.string()), std::string::npos);
    EXPECT_EQ(layout->share_dir.filename(), "millwright");
}

TEST_F(LayoutTest, TwoSpellingsOfOneFolderShareTheirSockets) {
    auto one = Layout::from(settings_);
    settings_.set("DATA_DIR", (folder_ / "x/../data/").string());
    auto other = Layout::from(settings_);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->data_dir, other->data_dir);
    EXPECT_EQ(one->run_dir, other->run_dir);
}

TEST_F(LayoutTest, SettingsWinOverDefaults) {
    settings_.set("RUN_DIR", (folder_ / "run").string());
    settings_.set("SHARE_DIR", (folder_ / "share").string());
    settings_.set("ENGINES_DIR", (folder_ / "engines").string());
    settings_.set("DATABASE_URL", "postgresql://db.example/millwright");
    settings_.set("OBJECT_STORE", "file:/srv/store");
    auto layout = Layout::from(settings_);
    ASSERT_TRUE(layout) << layout.error().message;
    EXPECT_EQ(layout->internal_socket, folder_ / "run/internal.sock");
    EXPECT_EQ(layout->web_dir, folder_ / "share/web");
    EXPECT_EQ(layout->engines_dir, folder_ / "engines");
    EXPECT_EQ(layout->database_conninfo, "postgresql://db.example/millwright");
    EXPECT_FALSE(layout->embedded_database);
    EXPECT_EQ(layout->object_store, "file:/srv/store");
}

TEST_F(LayoutTest, SaysWhenSocketPathsWouldNotFit) {
    settings_.set("RUN_DIR", "/tmp/" + std::string(100, 'r'));
    auto layout = Layout::from(settings_);
    ASSERT_FALSE(layout);
    EXPECT_NE(layout.error().message.find("MILLWRIGHT_RUN_DIR"), std::string::npos);
    EXPECT_NE(layout.error().message.find("at most 107"), std::string::npos);
}

TEST_F(LayoutTest, PrivateFolderIsCreatedAndTakenAgain) {
    auto folder = folder_ / "run";
    ASSERT_TRUE(prepare_private_folder(folder));
    struct stat facts{};
    ASSERT_EQ(::stat(folder.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777, 0700u);
    EXPECT_TRUE(prepare_private_folder(folder));
}

TEST_F(LayoutTest, PrivateFolderThatOthersCanReachIsRefused) {
    auto open_folder = folder_ / "open";
    fs::create_directory(open_folder);
    ASSERT_EQ(::chmod(open_folder.c_str(), 0777), 0);
    auto open = prepare_private_folder(open_folder);
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().message.find("0777"), std::string::npos);

    fs::create_directory_symlink(open_folder, folder_ / "link");
    EXPECT_FALSE(prepare_private_folder(folder_ / "link"));
    // The root folder is never 0700 and, for an ordinary user, not theirs.
    EXPECT_FALSE(prepare_private_folder("/proc"));
    EXPECT_FALSE(prepare_private_folder(folder_ / "missing/run"));
}

TEST(ShortHash, IsStable) {
    EXPECT_EQ(short_hash(""), "4fd0bfc1");
    EXPECT_EQ(short_hash("/srv/data").size(), 8u);
    EXPECT_NE(short_hash("/srv/data"), short_hash("/srv/datb"));
}

}  // namespace
}  // namespace mw
