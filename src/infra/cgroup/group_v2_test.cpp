// What of version 2 needs no controller, on the kernel of this machine: who may move where, and the
// end of a group. Where a unified hierarchy is mounted that this user may write.
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

#include "base/files.hpp"
#include "infra/cgroup/control_file.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;

std::string mounts() {
    return read_file("/proc/self/mountinfo", 1UL << 20U).value_or("");
}

// Without what version 1 has: the controllers do not matter here.
std::optional<fs::path> own_unified_group() {
    auto groups = read_file("/proc/self/cgroup", 1UL << 20U).value_or("");
    auto line = groups.find("0::");
    if (line == groups.npos) return std::nullopt;
    auto found = find_hierarchies(mounts(), groups.substr(line));
    if (found.empty()) return std::nullopt;
    return found.front().own;
}

bool become_nobody() {
    return ::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0;
}

// 1000 and the signal for a process that was killed.
int in_child(const std::function<int()>& work) {
    auto child = ::fork();
    if (child == 0) ::_exit(work());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

class UnifiedOnTheKernel : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "only root may make a tree and give it away";
        auto own = own_unified_group();
        if (!own) GTEST_SKIP() << "no unified hierarchy is mounted";
        base_ = {*own, false, {}};
        name_ = "test-" + std::to_string(::getpid());
        auto probe = *own / name_;
        if (::mkdir(probe.c_str(), 0755) != 0)
            GTEST_SKIP() << *own << " cannot be written: " << std::strerror(errno);
        ::rmdir(probe.c_str());
        tree_.places = {{Version::v2, {}, *own / "millwright-65534" / name_}};
    }
    void TearDown() override {
        for (const auto& name : group_names(tree_))
            remove_group(tree_, name);
        remove_tree(tree_);
        for (const auto& place : tree_.places)
            EXPECT_FALSE(fs::exists(place.folder));
    }
    // As `millwright up` does, and then as a run does in one of its children.
    int as_service_user(const std::function<int()>& work) {
        return in_child([&] {
            if (!settle(base_, {kNobody, kNobody}, name_)) return 90;
            return become_nobody() ? work() : 91;
        });
    }

    Base base_;
    std::string name_;
    Tree tree_;
};

TEST_F(UnifiedOnTheKernel, AnOrdinaryUserMovesFromTheServicesIntoARun) {
    EXPECT_EQ(as_service_user([&] {
                  auto group = Group::create(tree_, "run-1.2", {});
                  if (!group) return 1;
                  auto door = group->doors().front();
                  auto entered = in_child([&] {
                      int error = write_control(door, std::to_string(::getpid()));
                      auto mine = read_file("/proc/self/cgroup", 4096).value_or("");
                      return error ? error : mine.find("/run-1.2\n") == mine.npos ? 98 : 0;
                  });
                  return entered;
              }),
              0);
}

// Why the services stand in the tree: from outside, the group above both would not be theirs.
TEST_F(UnifiedOnTheKernel, FromOutsideOfTheTreeTheyMayNot) {
    ASSERT_EQ(as_service_user([&] { return 0; }), 0);
    EXPECT_EQ(in_child([&] {
                  if (!become_nobody()) return 91;
                  auto group = Group::create(tree_, "run-1.2", {});
                  if (!group) return 1;
                  return write_control(group->doors().front(), std::to_string(::getpid()));
              }),
              EACCES);
}

TEST_F(UnifiedOnTheKernel, EndsAllThatIsInIt) {
    EXPECT_EQ(as_service_user([&] {
                  auto group = Group::create(tree_, "run-1.2", {});
                  if (!group) return 1;
                  int entered[2];
                  if (::pipe(entered) != 0) return 2;
                  auto child = ::fork();
                  if (child == 0) {
                      write_control(group->doors().front(), std::to_string(::getpid()));
                      ::close(entered[0]);
                      ::close(entered[1]);
                      for (;;)
                          ::pause();
                  }
                  ::close(entered[1]);
                  char byte = 0;
                  // Ends when the child has closed its own end, too.
                  if (::read(entered[0], &byte, 1) != 0) return 3;
                  group->kill();
                  int status = 0;
                  ::waitpid(child, &status, 0);
                  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL ? 0 : 4;
              }),
              0);
    // A group goes with its object.
    EXPECT_THAT(group_names(tree_), testing::IsEmpty());
}

}  // namespace
}  // namespace mw::cgroup
