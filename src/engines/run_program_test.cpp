#include "engines/run_program.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "base/unique_fd.hpp"
#include "engines/engine_test_support.hpp"

namespace mw::engines {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

TEST(RunProgram, TellsHowItEnded) {
    std::vector<std::string> lines;
    auto run = [&](const std::string& script) {
        return *run_program(
            {.program = "sh", .args = {"-c", script}, .environment = {"A=1"}, .cwd = "/"},
            [&](auto line) { lines.emplace_back(line); });
    };
    auto good = run("echo $A; pwd >&2; cat");
    EXPECT_TRUE(good.succeeded);
    EXPECT_EQ(good.last_lines, "1\n/");
    EXPECT_EQ(lines, (std::vector<std::string>{"1", "/"}));
    EXPECT_EQ(run("exit 3").how, "exit code 3");
    EXPECT_EQ(run("kill -9 $$").how, "signal 9");
    auto many = run("i=0; while [ $i -lt 100 ]; do echo line $i; i=$((i+1)); done; printf end");
    EXPECT_THAT(many.last_lines, Not(HasSubstr("line 80\n")));
    EXPECT_TRUE(many.last_lines.ends_with("line 99\nend"));
}

// A lock that the program shares outlives whoever took it.
TEST(RunProgram, KeepsADescriptorOpenForTheProgram) {
    TemporaryFolder folder;
    auto file = folder.write("lock", "");
    UniqueFd mine(::open(file.c_str(), O_RDWR | O_CLOEXEC));
    Program program{.program = "sh",
                    .args = {"-c", "[ -e /proc/self/fd/$0 ] && echo open || echo closed",
                             std::to_string(mine.get())},
                    .environment = {"PATH=/usr/bin:/bin"},
                    .cwd = "/"};
    EXPECT_EQ(run_program(program, [](auto) {})->last_lines, "closed");
    program.keep_fd = mine.get();
    EXPECT_EQ(run_program(program, [](auto) {})->last_lines, "open");
}

}  // namespace
}  // namespace mw::engines
