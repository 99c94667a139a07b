#include "roles/supervisor/page_merging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PageMerging : public testing::Test {
  protected:
    void set(const std::string& name, std::string_view text) {
        std::ofstream(folder_.path() / name) << text;
    }
    std::string get(const std::string& name) {
        return read_file(folder_.path() / name, 100).value();
    }
    test::TempDir folder_;
};

TEST_F(PageMerging, IsTurnedOnAtAPaceThatServesRuns) {
    set("run", "0");
    set("pages_to_scan", "100\n");
    EXPECT_EQ(start_page_merging(folder_.path()), "");
    EXPECT_EQ(get("run"), "1");
    EXPECT_EQ(get("pages_to_scan"), "2000");
}

TEST_F(PageMerging, LeavesWhatTheOperatorHasSet) {
    set("run", "0\n");
    set("pages_to_scan", "5000\n");
    EXPECT_EQ(start_page_merging(folder_.path()), "");
    EXPECT_EQ(get("pages_to_scan"), "5000\n");
    set("run", "1\n");
    set("pages_to_scan", "100\n");
    EXPECT_EQ(start_page_merging(folder_.path()), "");
    EXPECT_EQ(get("run"), "1\n");
    EXPECT_EQ(get("pages_to_scan"), "100\n");
}

TEST_F(PageMerging, SaysWhyItCannotBe) {
    EXPECT_THAT(start_page_merging(folder_.path()), HasSubstr("no KSM"));
    // A file that not even root can write to.
    fs::create_symlink("/proc/version", folder_.path() / "run");
    EXPECT_THAT(start_page_merging(folder_.path()), HasSubstr("only root"));
}

}  // namespace
}  // namespace mw::supervisor
