#include "roles/runner/caches/tree_copy.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace mw::runner {
namespace {

namespace fs = std::filesystem;

class TreeCopyTest : public testing::Test {
  protected:
    void SetUp() override {
        root_ =
            fs::canonical(fs::temp_directory_path()) / ("tree-copy-" + std::to_string(::getpid()));
        fs::create_directories(root_ / "from" / "a" / "b");
        fs::create_directories(root_ / "to");
        write("from/one.sql", "select 1");
        write("from/a/b/two.sql", "select 2");
    }
    void TearDown() override { fs::remove_all(root_); }

    void write(const char* name, std::string_view text) { std::ofstream(root_ / name) << text; }
    std::string read(const char* name) {
        std::ifstream in(root_ / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    result<TreeFacts> copy(const char* to = "x/y", TreeLimits limits = {}) {
        return copy_tree({root_, "from"}, {root_ / "to", to}, limits);
    }
    std::string refusal(TreeLimits limits = {}) {
        auto copied = copy("x", limits);
        fs::remove_all(root_ / "to" / "x");
        return copied ? "copied" : copied.error().message;
    }

    fs::path root_;
};

TEST_F(TreeCopyTest, CopiesFilesAndFolders) {
    fs::permissions(root_ / "from/one.sql", fs::perms(0500));
    EXPECT_EQ(copy().value_or(TreeFacts{}), (TreeFacts{2, 16}));
    EXPECT_EQ(read("to/x/y/one.sql"), "select 1");
    EXPECT_EQ(read("to/x/y/a/b/two.sql"), "select 2");
    EXPECT_EQ(fs::status(root_ / "to/x/y/one.sql").permissions() & fs::perms(0700),
              fs::perms(0700));
    // Not over what is there.
    EXPECT_FALSE(copy());
}

TEST_F(TreeCopyTest, RefusesWhatIsNoPlainFile) {
    fs::create_symlink("/etc/passwd", root_ / "from/a/link");
    EXPECT_EQ(refusal(), "Only plain files are copied.");
    fs::remove(root_ / "from/a/link");
    fs::create_directory_symlink("/etc", root_ / "from/a/link");
    EXPECT_EQ(refusal(), "Only plain files are copied.");
    fs::remove(root_ / "from/a/link");
    ASSERT_EQ(::mkfifo((root_ / "from/a/pipe").c_str(), 0600), 0);
    EXPECT_EQ(refusal(), "Only plain files are copied.");
}

TEST_F(TreeCopyTest, FollowsNoLinkOnTheWay) {
    fs::create_directories(root_ / "elsewhere");
    fs::create_directory_symlink(root_ / "elsewhere", root_ / "to" / "x");
    EXPECT_FALSE(copy("x/y"));
    EXPECT_FALSE(copy("x"));
    EXPECT_TRUE(fs::is_empty(root_ / "elsewhere"));
    fs::create_directory_symlink(root_ / "from", root_ / "linked");
    EXPECT_EQ(copy_tree({root_, "linked"}, {root_ / "to", "z"}).error().message,
              "A link is not followed.");
}

TEST_F(TreeCopyTest, KeepsToItsLimits) {
    EXPECT_EQ(refusal({.files = 1}), "There are too many files, or they are too large.");
    EXPECT_EQ(refusal({.bytes = 15}), "There are too many files, or they are too large.");
    EXPECT_EQ(refusal({.depth = 2}), "Folders lie too deep in each other.");
    EXPECT_EQ(refusal({.files = 2, .bytes = 16, .depth = 3}), "copied");
    EXPECT_FALSE(copy_tree({root_, "nowhere"}, {root_ / "to", "z"}));
}

}  // namespace
}  // namespace mw::runner
