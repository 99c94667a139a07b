// On the kernel of this machine, where it has cgroups of version 1 that this user may write.
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>

#include "infra/cgroup/control_file.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint64_t kMiB = 1UL << 20U;
constexpr uid_t kNobody = 65534;

// Touches it, or the kernel would not count it.
void use_memory(std::uint64_t bytes) {
    auto* memory = static_cast<char*>(::malloc(bytes));
    for (std::uint64_t at = 0; at < bytes; at += 4096)
        static_cast<volatile char*>(memory)[at] = 1;
}

void enter(const Group& group) {
    for (const auto& door : group.doors())
        if (write_control(door, std::to_string(::getpid())) != 0) ::_exit(99);
}

// 1000 and the signal for a process that was killed.
int outcome_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int in_child(const std::function<int()>& work) {
    auto child = ::fork();
    if (child == 0) ::_exit(work());
    return outcome_of(child);
}

class GroupOnTheKernel : public testing::Test {
  protected:
    void SetUp() override {
        auto hierarchies = find_hierarchies();
        std::erase_if(hierarchies, [](const auto& each) { return each.version == Version::v2; });
        if (::geteuid() != 0) GTEST_SKIP() << "only root may make a tree in version 1";
        tree_ = make_tree(hierarchies, {kNobody, kNobody}, "test-" + std::to_string(::getpid()));
        for (auto controller : kControllers)
            if (!tree_.has(controller)) GTEST_SKIP() << tree_.why_not(controller);
    }
    void TearDown() override {
        for (const auto& name : group_names(tree_))
            remove_group(tree_, name);
        remove_tree(tree_);
        for (const auto& place : tree_.places)
            EXPECT_FALSE(fs::exists(place.folder)) << place.folder;
    }
    Group group(const Limits& limits, const std::string& name = "run-1.2") {
        auto made = Group::create(tree_, name, limits);
        if (!made) throw std::runtime_error(made.error().message);
        return std::move(*made);
    }
    std::string control(Controller controller, const char* file, const char* name = "run-1.2") {
        auto text = read_control(tree_.place_of(controller)->folder / name / file);
        return text.substr(0, text.find('\n'));
    }

    Tree tree_;
};

TEST_F(GroupOnTheKernel, EndsAProcessThatTakesMoreMemory) {
    auto limited = group({.memory_bytes = 64 * kMiB});
    auto hog = [&] {
        enter(limited);
        use_memory(256 * kMiB);
        return 0;
    };
    EXPECT_EQ(in_child(hog), 1000 + SIGKILL);
    EXPECT_EQ(limited.events().out_of_memory_kills, 1U);
    EXPECT_GT(limited.events().memory_limit_hits, 0U);
    EXPECT_GE(limited.memory_peak_bytes().value_or(0), 60 * kMiB);
    EXPECT_LE(limited.memory_peak_bytes().value_or(0), 64 * kMiB);
}

TEST_F(GroupOnTheKernel, LeavesOneAloneThatTakesLess) {
    auto limited = group({.memory_bytes = 64 * kMiB});
    auto modest = [&] {
        enter(limited);
        use_memory(16 * kMiB);
        return 7;
    };
    EXPECT_EQ(in_child(modest), 7);
    EXPECT_EQ(limited.events().out_of_memory_kills, 0U);
    EXPECT_GE(limited.memory_peak_bytes().value_or(0), 16 * kMiB);
}

TEST_F(GroupOnTheKernel, GivesSoMuchProcessorTime) {
    // So little that it is held back on a machine that has much else to do, too.
    auto limited = group({.cpus = 0.02});
    EXPECT_EQ(control(Controller::cpu, "cpu.cfs_quota_us"), "2000");
    EXPECT_EQ(control(Controller::cpu, "cpu.cfs_period_us"), "100000");
    // Busy until the kernel has held it back once.
    auto busy = [&] {
        enter(limited);
        auto stat = tree_.place_of(Controller::cpu)->folder / "run-1.2" / "cpu.stat";
        while (number_after(read_control(stat), "nr_throttled") == 0) {
        }
        return 0;
    };
    EXPECT_EQ(in_child(busy), 0);
}

TEST_F(GroupOnTheKernel, RefusesOneProcessMore) {
    auto limited = group({.processes = 8});
    auto many = [&] {
        enter(limited);
        for (int started = 1; started < 20; ++started) {
            auto child = ::fork();
            if (child == 0) ::pause();
            if (child < 0) return errno == EAGAIN ? started : 100;
        }
        return 101;
    };
    EXPECT_EQ(in_child(many), 8);
    EXPECT_GT(limited.events().process_limit_hits, 0U);
}

TEST_F(GroupOnTheKernel, TakesItsProcessesAlongWhenItGoes) {
    std::vector<pid_t> children;
    {
        auto made = group({});
        int ready[2];
        ASSERT_EQ(::pipe(ready), 0);
        for (int i = 0; i < 3; ++i) {
            children.push_back(::fork());
            if (children.back() != 0) continue;
            enter(made);
            ::write(ready[1], "x", 1);
            for (;;)
                ::pause();
        }
        char bytes[3];
        for (int got = 0; got < 3;)
            got += static_cast<int>(::read(ready[0], bytes, 3));
        ::close(ready[0]);
        ::close(ready[1]);
        EXPECT_THAT(group_names(tree_), SizeIs(1));
    }
    EXPECT_THAT(group_names(tree_), IsEmpty());
    for (auto child : children)
        EXPECT_EQ(outcome_of(child), 1000 + SIGKILL);
}

TEST_F(GroupOnTheKernel, WhatIsLeftOverIsKnownByItsWorker) {
    // Not collected yet, as in a container whose first process collects nobody.
    auto gone = ::fork();
    if (gone == 0) ::_exit(0);
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(gone), &ended, WEXITED | WNOWAIT);
    auto left = worker_group_name("run-9", gone);
    auto living = worker_group_name("run-9", ::getpid());
    for (const auto& place : tree_.places)
        for (const auto& name : {left, left + "/inner", living, std::string("odd")})
            fs::create_directory(place.folder / name);
    EXPECT_THAT(group_names(tree_), testing::UnorderedElementsAre(left, living, "odd"));
    EXPECT_EQ(remove_leftover_groups(tree_), 2);
    EXPECT_THAT(group_names(tree_), testing::ElementsAre(living));
    EXPECT_EQ(outcome_of(gone), 0);
    EXPECT_TRUE(remove_group(tree_, living));
    EXPECT_TRUE(remove_group(tree_, living));
}

// As the service user does: root has made the tree and is not needed any more.
TEST_F(GroupOnTheKernel, NeedsNoRootInTheTree) {
    auto as_nobody = [&] {
        if (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)
            return 1;
        auto made = Group::create(tree_, "run-5.6",
                                  {.memory_bytes = 64 * kMiB, .cpus = 1, .processes = 50});
        if (!made) return 2;
        auto hog = [&] {
            enter(*made);
            use_memory(256 * kMiB);
            return 0;
        };
        if (in_child(hog) != 1000 + SIGKILL) return 3;
        if (made->events().out_of_memory_kills != 1) return 4;
        // What limits the tree as a whole is not theirs.
        auto top = tree_.place_of(Controller::memory)->folder / "memory.limit_in_bytes";
        return write_control(top, "1000000000") == EACCES ? 0 : 5;
    };
    EXPECT_EQ(in_child(as_nobody), 0);
    EXPECT_THAT(group_names(tree_), IsEmpty());
}

TEST_F(GroupOnTheKernel, AUserWithoutTheRightHearsOfIt) {
    auto as_nobody = [&] {
        if (::setgroups(0, nullptr) != 0 || ::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)
            return 1;
        auto tree = make_tree(find_hierarchies(), {kNobody, kNobody}, "mine");
        // `millwright-65534` is theirs by now, so the shared folder of another user it must be.
        auto other = make_tree(find_hierarchies(), {kNobody - 1, kNobody - 1}, "mine");
        remove_tree(tree);
        if (!other.places.empty()) return 2;
        auto why = other.why_not(Controller::memory);
        return why.find("start Millwright as root") != why.npos ? 0 : 3;
    };
    EXPECT_EQ(in_child(as_nobody), 0);
}

}  // namespace
}  // namespace mw::cgroup
