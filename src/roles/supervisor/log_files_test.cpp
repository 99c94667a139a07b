#include "roles/supervisor/log_files.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;

class LogFiles : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = testing::TempDir() + "log_files_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string content(const std::string& name) {
        std::ifstream file(folder_ / name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    fs::path folder_;
};

TEST_F(LogFiles, RotatesAndKeepsSoMany) {
    RotatingFile file(folder_ / "x.log", 10, 3);
    for (const char* line : {"first", "second", "third", "fourth"})
        file.append(line);
    EXPECT_EQ(content("x.log"), "fourth\n");
    EXPECT_EQ(content("x.log.1"), "third\n");
    EXPECT_EQ(content("x.log.2"), "second\n");
    EXPECT_FALSE(fs::exists(folder_ / "x.log.3"));
}

TEST_F(LogFiles, AppendsToWhatAnEarlierProcessWrote) {
    std::ofstream(folder_ / "x.log") << "old\n";
    RotatingFile file(folder_ / "x.log", 10, 2);
    file.append("new");
    EXPECT_EQ(content("x.log"), "old\nnew\n");
    file.append("more");
    EXPECT_EQ(content("x.log.1"), "old\nnew\n");
}

TEST_F(LogFiles, ALineLongerThanTheLimitIsStillWritten) {
    RotatingFile file(folder_ / "x.log", 10, 2);
    file.append(std::string(30, 'x'));
    EXPECT_EQ(content("x.log").size(), 31u);
}

TEST_F(LogFiles, LostLinesAreCountedAndSaid) {
    fs::create_directory(folder_ / "x.log");  // nothing can be written under that name
    RotatingFile file(folder_ / "x.log", 1000, 2);
    file.append("one");
    file.append("two");
    EXPECT_EQ(file.lost_lines(), 2u);
    fs::remove(folder_ / "x.log");
    file.append("three");
    EXPECT_EQ(file.lost_lines(), 0u);
    EXPECT_EQ(content("x.log"), "(2 lines could not be written here)\nthree\n");
}

TEST_F(LogFiles, AFullDiskLosesLinesAndNothingElse) {
    RotatingFile file("/dev/full", 1000, 2);
    file.append("one");
    EXPECT_EQ(file.lost_lines(), 1u);
}

TEST_F(LogFiles, TailKeepsTheLastLines) {
    RoleLog log("app", folder_, false);
    for (int i = 0; i < 50; ++i)
        log.line(std::to_string(i));
    ASSERT_EQ(log.tail().size(), RoleLog::kTailLines);
    EXPECT_EQ(log.tail().back(), "49");
    EXPECT_TRUE(content("app.log").starts_with("0\n1\n"));
}

}  // namespace
}  // namespace mw::supervisor
