#include "infra/process/proc_info.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

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

TEST(ProcInfo, KnowsWhatIsMountedWhere) {
    EXPECT_TRUE(mounted_from(::getpid(), "/proc"));
    EXPECT_FALSE(mounted_from(::getpid(), "/no/such/place"));
}

TEST(ProcInfo, KnowsWhoHoldsALock) {
    auto file = std::filesystem::temp_directory_path() / ("lock-" + std::to_string(::getpid()));
    int fd = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    EXPECT_FALSE(lock_holder(file));
    struct flock lock{};
    lock.l_type = F_WRLCK;
    ASSERT_EQ(::fcntl(fd, F_SETLK, &lock), 0);
    EXPECT_EQ(lock_holder(file), ::getpid());
    ::close(fd);
    EXPECT_FALSE(lock_holder(file));
    std::filesystem::remove(file);
    EXPECT_FALSE(lock_holder(file));
}

}  // namespace
}  // namespace mw::process
