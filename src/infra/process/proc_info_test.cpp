#include "infra/process/proc_info.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

namespace mw::process {
namespace {

TEST(ProcInfo, KnowsItself) {
    auto ticks = start_ticks(::getpid());
    ASSERT_TRUE(ticks);
    EXPECT_GT(*ticks, 0u);
    EXPECT_TRUE(is_running(::getpid(), *ticks));
    EXPECT_FALSE(is_running(::getpid(), *ticks + 1));
    EXPECT_EQ(working_folder(::getpid()), std::filesystem::current_path());
}

TEST(ProcInfo, AnEndedProcessIsNotRunningEvenBeforeItIsCollected) {
    pid_t child = ::fork();
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
    EXPECT_FALSE(start_ticks(child));
    auto children = own_children();
    EXPECT_NE(std::find(children.begin(), children.end(), child), children.end());
    ::waitpid(child, nullptr, 0);
    EXPECT_FALSE(start_ticks(child));
    EXPECT_FALSE(working_folder(child));
}

}  // namespace
}  // namespace mw::process
