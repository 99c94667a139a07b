#include "roles/supervisor/run_groups.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace mw::supervisor {
namespace {

namespace fs = std::filesystem;
using cgroup::Controller;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(RunGroups, AreToldInTheStatus) {
    cgroup::Tree tree;
    tree.places = {{cgroup::Version::v1, {Controller::cpu}, "/x"},
                   {cgroup::Version::v1, {Controller::pids}, "/y"}};
    tree.obstacles = {{Controller::memory, "it is mounted read-only"}};
    Status status;
    EXPECT_THAT(limits_in_words(status), HasSubstr("not known yet"));
    describe_groups(tree, status);
    EXPECT_THAT(status.enforced_limits, ElementsAre("cpu", "pids"));
    EXPECT_EQ(limits_in_words(status),
              "Runs cannot be limited by memory: it is mounted read-only.");
    Status all;
    tree.places.push_back({cgroup::Version::v1, {Controller::memory}, "/z"});
    tree.obstacles.clear();
    describe_groups(tree, all);
    EXPECT_EQ(limits_in_words(all), "Runs can be limited by memory, cpu, pids.");
}

TEST(RunGroups, OneReasonIsSaidOnce) {
    Status status;
    describe_groups(cgroup::no_tree("there is a reason"), status);
    EXPECT_EQ(limits_in_words(status),
              "Runs cannot be limited by cpu, memory, pids: there is a reason.");
}

TEST(RunGroups, RefuseALimitThatCannotWork) {
    auto settings = *Settings::load();
    EXPECT_TRUE(check_limits(settings));
    settings.set("RUN_CPUS", "half");
    auto refused = check_limits(settings);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("MILLWRIGHT_RUN_CPUS"));
}

TEST(RunGroups, TwoReasonsAreTwoLines) {
    cgroup::Tree tree;
    tree.places = {{cgroup::Version::v1, {Controller::pids}, "/y"}};
    tree.obstacles = {{Controller::memory, "there is one"}, {Controller::cpu, "there is another"}};
    Status status;
    describe_groups(tree, status);
    EXPECT_EQ(limits_in_words(status),
              "Runs cannot be limited by cpu: there is another.\n"
              "Runs cannot be limited by memory: there is one.");
}

// As after a reboot into another place, or a start from another session.
TEST(RunGroups, OfAnEarlierStartElsewhereAreRemoved) {
    Layout layout;
    layout.run_dir = testing::TempDir() + "run-groups-" + std::to_string(::getpid());
    layout.limits_file = layout.run_dir / "limits.json";
    auto earlier_folder = layout.run_dir / "there" / "abc";
    // The last possible process id: nobody has it.
    fs::create_directories(earlier_folder / "run-4.2147483647");
    cgroup::Tree earlier;
    earlier.places = {{cgroup::Version::v1, {Controller::memory}, earlier_folder}};
    ASSERT_TRUE(hand_on_groups(layout, earlier));
    ASSERT_TRUE(hand_on_groups(layout, earlier));
    EXPECT_TRUE(fs::exists(earlier_folder / "run-4.2147483647"));
    cgroup::Tree now_here;
    now_here.places = {{cgroup::Version::v1, {Controller::memory}, layout.run_dir / "here"}};
    ASSERT_TRUE(hand_on_groups(layout, now_here));
    EXPECT_FALSE(fs::exists(earlier_folder));
    auto read = cgroup::read_tree(layout.limits_file);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->places[0].folder, layout.run_dir / "here");
    fs::remove_all(layout.run_dir);
}

}  // namespace
}  // namespace mw::supervisor
