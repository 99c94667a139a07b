#include "infra/sandbox/sandbox.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace mw::sandbox {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// What `probe` says (0: all is well) in the first process of a sandbox, which leaves in time for
// its parent to hear of it. 100 and above: the sandbox itself could not be made.
class Sandbox : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("sandbox-test-" + std::to_string(::getpid()));
        fs::create_directories(folder_ / "workspace" / "root");
        fs::create_directories(folder_ / "secret");
        std::ofstream(folder_ / "secret" / "key") << "treasure";
        std::ofstream(folder_ / "workspace" / "mine") << "mine";
        plan_.root = folder_ / "workspace" / "root";
        plan_.binds = system_binds();
        plan_.binds.push_back({.source = folder_ / "workspace", .writable = true});
    }
    void TearDown() override { fs::remove_all(folder_); }

    int inside(const std::function<int()>& probe) {
        auto outer = ::fork();
        if (outer == 0) ::_exit(run_outer(probe));
        int status = 0;
        ::waitpid(outer, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
    }

    fs::path folder_;
    Plan plan_;

  private:
    int run_outer(const std::function<int()>& probe) {
        if (auto left = leave_host(plan_); !left) return complain(left.error());
        auto first = ::fork();
        if (first == 0) {
            auto entered = enter(plan_);
            ::_exit(entered ? probe() : complain(entered.error()));
        }
        int status = 0;
        ::waitpid(first, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
    }
    static int complain(const Error& error) {
        fprintf(stderr, "%s\n", error.message.c_str());
        return 100 + static_cast<int>(error.code);
    }
};

TEST_F(Sandbox, ShowsTheWorkspaceAndWhatTheSystemNeeds) {
    EXPECT_EQ(inside([&] {
                  if (!fs::exists(folder_ / "workspace" / "mine")) return 1;
                  std::ofstream out(folder_ / "workspace" / "new");
                  out << "x" << std::flush;
                  if (!out) return 2;
                  return fs::exists("/usr/bin/env") && fs::exists("/bin/sh") ? 0 : 3;
              }),
              0);
    EXPECT_TRUE(fs::exists(folder_ / "workspace" / "new"));
}

TEST_F(Sandbox, HidesEverythingElse) {
    EXPECT_EQ(inside([&] {
                  std::error_code error;
                  if (fs::exists(folder_ / "secret", error)) return 1;
                  if (fs::exists("/etc/shadow", error) || fs::exists("/root", error)) return 2;
                  if (fs::exists("/sys/kernel", error) || fs::exists("/run", error)) return 3;
                  return 0;
              }),
              0);
}

TEST_F(Sandbox, LetsNothingOfTheSystemBeWritten) {
    EXPECT_EQ(inside([] {
                  for (const char* file : {"/usr/x", "/etc/hosts", "/x", "/dev/x", "/opt/x"})
                      if (::open(file, O_CREAT | O_WRONLY, 0600) >= 0) return 1;
                  return 0;
              }),
              0);
}

TEST_F(Sandbox, HasAProcessListOfItsOwn) {
    EXPECT_EQ(inside([] {
                  if (::getpid() != 1) return 1;
                  int processes = 0;
                  for (const auto& entry : fs::directory_iterator("/proc"))
                      processes += ::isdigit(entry.path().filename().string()[0]) != 0;
                  return processes == 1 ? 0 : 2;
              }),
              0);
}

TEST_F(Sandbox, HasNoCapabilityAndGainsNone) {
    EXPECT_EQ(inside([] {
                  std::ifstream status("/proc/self/status");
                  std::string text(std::istreambuf_iterator<char>(status), {});
                  if (text.find("CapEff:\t0000000000000000") == text.npos) return 1;
                  if (text.find("CapBnd:\t0000000000000000") == text.npos) return 2;
                  return text.find("NoNewPrivs:\t1") == text.npos ? 3 : 0;
              }),
              0);
}

TEST_F(Sandbox, RefusesSystemCallsThatLeadOut) {
    EXPECT_EQ(inside([] {
                  if (::unshare(CLONE_NEWUSER) == 0) return 1;
                  if (::mount("tmpfs", "/tmp", "tmpfs", 0, "") == 0) return 2;
                  if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0) return 3;
                  if (::syscall(SYS_keyctl, 0, 0, 0, 0, 0) >= 0 || errno != EPERM) return 4;
                  if (::socket(AF_PACKET, SOCK_RAW, 0) >= 0 || errno != EAFNOSUPPORT) return 5;
                  if (::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0) >= 0) return 6;
                  if (::syscall(SYS_clone3, nullptr, 0) >= 0 || errno != ENOSYS) return 7;
                  return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 8;
              }),
              0);
}

TEST_F(Sandbox, TakesEverythingAlongWhenItsFirstProcessEnds) {
    int pipe[2];
    ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    EXPECT_EQ(inside([&] {
                  if (::fork() == 0) {
                      ::setsid();
                      if (::fork() == 0) ::pause();
                      ::_exit(0);
                  }
                  return 0;
              }),
              0);
    ::close(pipe[1]);
    char byte = 0;
    // It held the other end, and would for ever.
    EXPECT_EQ(::read(pipe[0], &byte, 1), 0);
    ::close(pipe[0]);
}

TEST_F(Sandbox, KeepsLimits) {
    plan_.open_files_max = 64;
    plan_.file_bytes_max = 4096;
    EXPECT_EQ(inside([&] {
                  ::signal(SIGXFSZ, SIG_IGN);
                  int fd =
                      ::open((folder_ / "workspace" / "big").c_str(), O_CREAT | O_WRONLY, 0600);
                  std::string much(8192, 'x');
                  if (::write(fd, much.data(), much.size()) != 4096) return 1;
                  for (int opened = 0; opened < 64; ++opened)
                      if (::open("/dev/null", O_RDONLY) < 0) return 0;
                  return 2;
              }),
              0);
}

TEST_F(Sandbox, SaysWhichFolderIsMissing) {
    plan_.binds.push_back({.source = folder_ / "gone"});
    testing::internal::CaptureStderr();
    EXPECT_EQ(inside([] { return 0; }), 100 + static_cast<int>(Errc::not_found));
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("gone"));
}

TEST(SandboxPlan, ComesBackFromItsJson) {
    Plan plan;
    plan.root = "/w/root";
    plan.binds = {{.source = "/w", .writable = true},
                  {.source = "/a", .inside = "/b", .optional = true}};
    plan.cgroups = {"/sys/fs/cgroup/x/cgroup.procs"};
    plan.processes_max = 12;
    auto again = parse_plan(to_json(plan));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), to_json(plan));
}

TEST(SandboxPlan, RefusesWhatIsNotAbsolute) {
    EXPECT_FALSE(parse_plan({{"root", "w"}, {"binds", boost::json::array{}}}));
    EXPECT_FALSE(parse_plan({{"root", "/w"}}));
    EXPECT_FALSE(parse_plan({{"root", "/w"}, {"binds", {{{"source", "../x"}, {"inside", ""}}}}}));
}

TEST(SandboxHost, MayMakeNamespacesHere) {
    auto may = check_host();
    EXPECT_TRUE(may) << may.error().message;
}

}  // namespace
}  // namespace mw::sandbox
