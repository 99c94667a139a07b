#include "roles/runner/caches/parse_cache.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

class ParseCacheTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("parse-cache-" + std::to_string(::getpid()));
        layout_.parse_cache_dir = folder_ / "cache";
        spec_.environment_id = 7;
        fs::create_directories(folder_ / "one");
        fs::create_directories(folder_ / "two");
    }
    void TearDown() override { fs::remove_all(folder_); }

    ParseCache cache() { return {layout_, spec_, "/engines/1.11.0-latest-abc"}; }
    void write(const fs::path& file, std::string_view text) { std::ofstream(file) << text; }
    std::string read(const fs::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    fs::path file(const char* target) { return folder_ / target / "partial_parse.msgpack"; }

    fs::path folder_;
    Layout layout_;
    RunSpec spec_;
};

TEST_F(ParseCacheTest, GivesTheNextRunWhatTheLastHasParsed) {
    write(file("one"), "parsed");
    cache().keep(folder_ / "one");
    cache().bring(folder_ / "two" / "target");
    EXPECT_EQ(read(folder_ / "two" / "target" / "partial_parse.msgpack"), "parsed");
    write(file("one"), "parsed again");
    cache().keep(folder_ / "one");
    cache().bring(folder_ / "two");
    EXPECT_EQ(read(file("two")), "parsed again");
    EXPECT_EQ(fs::status(layout_.parse_cache_dir).permissions(), fs::perms::owner_all);
}

TEST_F(ParseCacheTest, IsNotSharedBetweenEnvironmentsEnginesAndTargets) {
    write(file("one"), "parsed");
    cache().keep(folder_ / "one");
    spec_.environment_id = 8;
    cache().bring(folder_ / "two");
    spec_.environment_id = 7;
    spec_.profile.target_name = "other";
    cache().bring(folder_ / "two");
    spec_.profile.target_name = "default";
    ParseCache(layout_, spec_, "/engines/1.10.0-latest-abc").bring(folder_ / "two");
    EXPECT_FALSE(fs::exists(file("two")));
}

TEST_F(ParseCacheTest, TakesNothingFromAPullRequest) {
    write(file("one"), "parsed");
    cache().keep(folder_ / "one");
    spec_.context["DBT_CLOUD_PR_ID"] = "12";
    write(file("one"), "of a pull request");
    cache().keep(folder_ / "one");
    cache().bring(folder_ / "two");
    EXPECT_EQ(read(file("two")), "parsed");
}

TEST_F(ParseCacheTest, LeavesWhatTheRunHasAlready) {
    write(file("one"), "parsed");
    cache().keep(folder_ / "one");
    write(file("two"), "of this run");
    cache().bring(folder_ / "two");
    EXPECT_EQ(read(file("two")), "of this run");
}

TEST_F(ParseCacheTest, KeepsNothingThatAProjectHasLinkedThere) {
    write(folder_ / "secret", "treasure");
    fs::create_symlink(folder_ / "secret", file("one"));
    cache().keep(folder_ / "one");
    fs::remove(file("one"));
    ASSERT_EQ(::mkfifo(file("one").c_str(), 0600), 0);
    cache().keep(folder_ / "one");
    EXPECT_FALSE(fs::exists(layout_.parse_cache_dir));
}

TEST_F(ParseCacheTest, DoesWithoutACacheThatCannotBeWritten) {
    write(layout_.parse_cache_dir, "a file where the folder should be");
    write(file("one"), "parsed");
    cache().keep(folder_ / "one");
    cache().bring(folder_ / "two");
    EXPECT_FALSE(fs::exists(file("two")));
}

}  // namespace
}  // namespace mw::runner
