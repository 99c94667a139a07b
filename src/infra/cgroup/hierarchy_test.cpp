#include "infra/cgroup/hierarchy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::cgroup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kMemory = Controller::memory;
constexpr auto kCpu = Controller::cpu;
constexpr auto kPids = Controller::pids;

// As on Debian 10 with systemd.
constexpr const char* kHybridMounts = R"(
25 30 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
31 25 0:27 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
32 31 0:28 / /sys/fs/cgroup/unified rw,nosuid,nodev shared:10 - cgroup2 cgroup2 rw,nsdelegate
33 31 0:29 / /sys/fs/cgroup/systemd rw,nosuid shared:11 - cgroup cgroup rw,xattr,name=systemd
36 31 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:15 - cgroup cgroup rw,cpu,cpuacct
37 31 0:33 / /sys/fs/cgroup/pids rw,nosuid shared:16 - cgroup cgroup rw,pids
38 31 0:34 / /sys/fs/cgroup/memory rw,nosuid shared:17 - cgroup cgroup rw,memory
)";
constexpr const char* kHybridGroups = R"(
9:pids:/user.slice/user-0.slice
8:memory:/user.slice
4:cpu,cpuacct:/
1:name=systemd:/user.slice/user-0.slice/session-3.scope
0::/user.slice/user-0.slice/session-3.scope
)";

TEST(Hierarchies, OfVersion1WinOverAnEmptyUnifiedOne) {
    auto found = find_hierarchies(kHybridMounts, kHybridGroups);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_THAT(found[0].controllers, ElementsAre(kPids));
    EXPECT_EQ(found[0].version, Version::v1);
    EXPECT_EQ(found[0].own, "/sys/fs/cgroup/pids/user.slice/user-0.slice");
    EXPECT_THAT(found[1].controllers, ElementsAre(kMemory));
    EXPECT_EQ(found[1].own, "/sys/fs/cgroup/memory/user.slice");
    EXPECT_THAT(found[2].controllers, ElementsAre(kCpu));
    EXPECT_EQ(found[2].own, "/sys/fs/cgroup/cpu,cpuacct");
}

TEST(Hierarchies, OfVersion2AreOne) {
    auto found = find_hierarchies(
        "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
        "0::/system.slice/millwright.service\n");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].version, Version::v2);
    EXPECT_EQ(found[0].mount, "/sys/fs/cgroup");
    EXPECT_EQ(found[0].own, "/sys/fs/cgroup/system.slice/millwright.service");
    EXPECT_THAT(found[0].controllers, ElementsAre(kMemory, kCpu, kPids));
}

TEST(Hierarchies, TheUnifiedOneHasWhatTheOthersLeave) {
    auto found = find_hierarchies(
        "1 0 0:1 / /cg/unified rw - cgroup2 cgroup2 rw\n2 0 0:2 / /cg/memory rw - cgroup x "
        "rw,memory\n",
        "5:memory:/a\n0::/b\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_THAT(found[0].controllers, ElementsAre(kMemory));
    EXPECT_EQ(found[1].own, "/cg/unified/b");
    EXPECT_THAT(found[1].controllers, ElementsAre(kCpu, kPids));
}

TEST(Hierarchies, OneThatIsNotMountedTakesItsControllersAway) {
    auto found = find_hierarchies("1 0 0:1 / /cg rw - cgroup2 cgroup2 rw\n",
                                  "5:memory:/a\n4:cpu,cpuacct:/\n3:pids:/\n0::/b\n");
    EXPECT_THAT(found, IsEmpty());
}

TEST(Hierarchies, InAContainerBeginAtItsOwnGroup) {
    auto mount = "9 8 0:3 /docker/f00d /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n";
    auto found = find_hierarchies(mount, "5:memory:/docker/f00d\n");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].own, "/sys/fs/cgroup/memory");
    found = find_hierarchies(mount, "5:memory:/docker/f00d/inner\n");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].own, "/sys/fs/cgroup/memory/inner");
    EXPECT_THAT(find_hierarchies(mount, "5:memory:/docker/beef\n"), IsEmpty());
    EXPECT_THAT(find_hierarchies(mount, "5:memory:/../other\n"), IsEmpty());
}

TEST(Hierarchies, TakeTheMountInWhichTheyAreSeen) {
    auto found = find_hierarchies(
        "9 8 0:3 /other /mnt/memory rw - cgroup cgroup rw,memory\n"
        "9 8 0:3 / /mnt/with\\040space rw - cgroup cgroup rw,memory\n",
        "5:memory:/mine\n");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].own, "/mnt/with space/mine");
}

TEST(Hierarchies, AreNoneInTextThatIsNone) {
    for (const char* text : {"", "\n\n", "x", "1 2 3 - cgroup", "1:memory", "::", "- - - - - - -"})
        EXPECT_THAT(find_hierarchies(text, text), IsEmpty()) << text;
}

}  // namespace
}  // namespace mw::cgroup
