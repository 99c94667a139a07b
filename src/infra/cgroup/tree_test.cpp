// The unified hierarchy (version 2) as folders and files made for the test: paths, formats and the
// order of the rules. That the kernel acts on them is not tried here.
#include "infra/cgroup/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "infra/cgroup/control_file.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::cgroup {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kMemory = Controller::memory;
constexpr auto kCpu = Controller::cpu;
constexpr auto kPids = Controller::pids;

class UnifiedFolders : public testing::Test {
  protected:
    void SetUp() override {
        top_ = fs::temp_directory_path() / ("unified-test-" + std::to_string(::getpid()));
        group("", "cpuset cpu io memory pids", "cpu memory pids");
        fs::remove(top_ / "cgroup.type");
        group("system.slice", "cpu memory pids", "cpu memory pids");
        group("system.slice/mw.service", "cpu memory pids", "");
    }
    void TearDown() override {
        fs::permissions(top_ / "system.slice", fs::perms::owner_all, fs::perm_options::add);
        fs::remove_all(top_);
    }

    // A group that holds these processes.
    fs::path group(const std::string& name, const std::string& offered,
                   const std::string& for_children, const std::string& processes = "") {
        auto folder = name.empty() ? top_ : top_ / name;
        fs::create_directories(folder);
        put(folder / "cgroup.type", "domain");
        put(folder / "cgroup.controllers", offered);
        put(folder / "cgroup.subtree_control", for_children);
        put(folder / "cgroup.procs", processes);
        return folder;
    }
    static void put(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
    static std::string text(const fs::path& file) {
        std::stringstream text;
        text << std::ifstream(file).rdbuf();
        return text.str();
    }
    Hierarchy at(const std::string& own) {
        return {Version::v2, {kMemory, kCpu, kPids}, top_, own.empty() ? top_ : top_ / own};
    }
    Owner owner() { return {::geteuid(), ::getegid()}; }
    std::string shared() { return "millwright-" + std::to_string(::geteuid()); }

    fs::path top_;
};

TEST_F(UnifiedFolders, TheOwnGroupIsTheBaseWhenNobodyElseIsInIt) {
    put(top_ / "system.slice/mw.service/cgroup.procs", "4711\n");
    auto base = choose_base(at("system.slice/mw.service"), 4711);
    ASSERT_TRUE(base) << base.error().message;
    EXPECT_EQ(base->folder, top_ / "system.slice/mw.service");
    EXPECT_TRUE(base->leave);
    EXPECT_THAT(base->controllers, ElementsAre(kMemory, kCpu, kPids));
}

TEST_F(UnifiedFolders, OtherwiseTheNearestGroupThatHasControllersForItsChildren) {
    put(top_ / "system.slice/mw.service/cgroup.procs", "4711\n1234\n");
    put(top_ / "system.slice/cgroup.subtree_control", "memory pids");
    auto base = choose_base(at("system.slice/mw.service"), 4711);
    ASSERT_TRUE(base) << base.error().message;
    EXPECT_EQ(base->folder, top_ / "system.slice");
    EXPECT_FALSE(base->leave);
    EXPECT_THAT(base->controllers, ElementsAre(kMemory, kPids));
}

TEST_F(UnifiedFolders, TheTopmostGroupMayHoldProcesses) {
    put(top_ / "cgroup.subtree_control", "");
    put(top_ / "cgroup.procs", "1\n2\n4711\n");
    auto base = choose_base(at(""), 4711);
    ASSERT_TRUE(base) << base.error().message;
    EXPECT_EQ(base->folder, top_);
    EXPECT_FALSE(base->leave);
}

TEST_F(UnifiedFolders, SaysWhoIsInTheWay) {
    // A container's topmost group: it has a type, and its processes forbid controllers.
    group("", "cpu memory pids", "", "1\n4711\n");
    auto base = choose_base(at(""), 4711);
    ASSERT_FALSE(base);
    EXPECT_THAT(base.error().message, HasSubstr("pid 1)"));
    EXPECT_THAT(base.error().message, HasSubstr("Delegate=yes"));
}

TEST_F(UnifiedFolders, SaysWhenTheKernelOffersNothing) {
    for (const char* name : {"", "system.slice", "system.slice/mw.service"})
        group(name, "", "");
    auto base = choose_base(at("system.slice/mw.service"), 4711);
    ASSERT_FALSE(base);
    EXPECT_THAT(base.error().message, HasSubstr("offers no controllers in " + top_.string()));
}

// The kernel fills a new folder with files; here they are there before, as after a kill -9.
class LeftOverTree : public UnifiedFolders {
  protected:
    void SetUp() override {
        UnifiedFolders::SetUp();
        put(top_ / "system.slice/mw.service/cgroup.procs", std::to_string(::getpid()));
        group(below(""), "cpu memory pids", "");
        group(below("/abc"), "cpu memory pids", "");
        group(below("/abc/services"), "cpu memory pids", "");
        folder_ = top_ / below("/abc");
    }
    std::string below(const std::string& rest) {
        return "system.slice/mw.service/" + shared() + rest;
    }
    Tree make() { return make_tree({at("system.slice/mw.service")}, owner(), "abc"); }

    fs::path folder_;
};

TEST_F(LeftOverTree, IsTakenOver) {
    auto tree = make();
    EXPECT_THAT(tree.obstacles, IsEmpty());
    ASSERT_EQ(tree.places.size(), 1U);
    EXPECT_EQ(tree.places[0].folder, folder_);
    EXPECT_THAT(tree.places[0].controllers, ElementsAre(kMemory, kCpu, kPids));
    EXPECT_EQ(text(folder_ / "services/cgroup.procs"), std::to_string(::getpid()));
    for (const auto& group : {top_ / "system.slice/mw.service", folder_.parent_path(), folder_})
        EXPECT_EQ(text(group / "cgroup.subtree_control"), "+pids") << group;
}

TEST_F(LeftOverTree, LacksWhatCannotBeHadForChildren) {
    group("system.slice/mw.service", "memory", "", std::to_string(::getpid()));
    auto tree = make();
    EXPECT_TRUE(tree.has(kMemory));
    EXPECT_FALSE(tree.has(kCpu));
    EXPECT_THAT(tree.why_not(kCpu), HasSubstr("cpu controller"));
    EXPECT_EQ(tree.why_not(kMemory), "");
}

TEST_F(LeftOverTree, IsWrittenDownForThoseWhoUseIt) {
    auto tree = make();
    tree.obstacles.push_back({kPids, "because"});
    auto file = top_ / "limits.json";
    ASSERT_TRUE(write_tree(file, tree));
    auto again = read_tree(file);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(to_json(*again), to_json(tree));
    EXPECT_EQ(again->why_not(kPids), "because");
}

TEST(TreeJson, RefusesWhatIsNone) {
    for (const char* text : {"{}", "[]", R"({"places":[{}],"obstacles":[]})",
                             R"({"places":[{"version":3,"folder":"/x"}],"obstacles":[]})",
                             R"({"places":[{"version":1,"folder":"x"}],"obstacles":[]})",
                             R"({"places":[],"obstacles":[{"controller":"io","why":"x"}]})"}) {
        boost::json::error_code error;
        EXPECT_FALSE(parse_tree(boost::json::parse(text, error))) << text;
    }
    EXPECT_EQ(read_tree("/nonexistent/limits.json").error().code, Errc::not_found);
}

// A run's group of version 2, with the files that its kernel makes.
class RunFolder : public LeftOverTree {
  protected:
    void SetUp() override {
        LeftOverTree::SetUp();
        run_ = folder_ / "run-12.34";
        fs::create_directories(run_);
        for (const char* file : {"memory.max", "memory.swap.max", "memory.oom.group", "cpu.max",
                                 "pids.max", "memory.events", "pids.events", "memory.peak"})
            put(run_ / file, "");
    }
    fs::path run_;
};

TEST_F(RunFolder, GetsItsLimits) {
    auto group = Group::create(make(), "run-12.34",
                               {.memory_bytes = 512UL << 20U, .cpus = 1.5, .processes = 64});
    ASSERT_TRUE(group) << group.error().message;
    EXPECT_EQ(text(run_ / "memory.max"), "536870912");
    EXPECT_EQ(text(run_ / "memory.swap.max"), "0");
    EXPECT_EQ(text(run_ / "memory.oom.group"), "1");
    EXPECT_EQ(text(run_ / "cpu.max"), "150000 100000");
    EXPECT_EQ(text(run_ / "pids.max"), "64");
    EXPECT_THAT(group->doors(), ElementsAre(run_ / "cgroup.procs"));
    fs::remove_all(run_);
}

TEST_F(RunFolder, IsLeftAsItIsWithoutLimits) {
    auto group = Group::create(make(), "run-12.34", {});
    ASSERT_TRUE(group) << group.error().message;
    for (const char* file : {"memory.max", "memory.swap.max", "cpu.max", "pids.max"})
        EXPECT_EQ(text(run_ / file), "") << file;
    fs::remove_all(run_);
}

TEST_F(RunFolder, TellsWhatTheKernelHadToDo) {
    auto group = Group::create(make(), "run-12.34", {});
    ASSERT_TRUE(group);
    EXPECT_EQ(group->memory_peak_bytes(), std::nullopt);
    put(run_ / "memory.events", "low 0\nhigh 0\nmax 17\noom 2\noom_kill 3\noom_group_kill 1\n");
    put(run_ / "pids.events", "max 5\n");
    put(run_ / "memory.peak", "1048576\n");
    auto events = group->events();
    EXPECT_EQ(events.out_of_memory_kills, 3U);
    EXPECT_EQ(events.memory_limit_hits, 2U);
    EXPECT_EQ(events.process_limit_hits, 5U);
    EXPECT_EQ(group->memory_peak_bytes(), 1048576U);
    fs::remove_all(run_);
}

TEST_F(RunFolder, IsEndedByTheKernelsOwnWord) {
    put(run_ / "cgroup.kill", "");
    auto group = Group::create(make(), "run-12.34", {});
    ASSERT_TRUE(group);
    group->kill();
    EXPECT_EQ(text(run_ / "cgroup.kill"), "1");
    EXPECT_THAT(group_names(make()), ElementsAre("run-12.34"));
    fs::remove_all(run_);
}

TEST_F(RunFolder, SaysWhichLimitCannotBeSet) {
    // A folder where the file should be; and nothing that a real kernel would take away.
    fs::remove_all(run_);
    fs::create_directories(run_ / "memory.max");
    auto group = Group::create(make(), "run-12.34", {.memory_bytes = 1UL << 30U});
    ASSERT_FALSE(group);
    EXPECT_EQ(group.error().code, Errc::unavailable);
    EXPECT_THAT(group.error().message, HasSubstr("memory.max"));
}

TEST(ControlFiles, AreRead) {
    EXPECT_EQ(number_after("oom 1\noom_kill 7\n", "oom_kill"), 7U);
    EXPECT_EQ(number_after("oom_kill_disable 0\nunder_oom 1\noom_kill 2", "oom_kill"), 2U);
    EXPECT_EQ(number_after("max\n", "max"), 0U);
    EXPECT_THAT(process_ids("12\n0\nx\n345\n"), ElementsAre(12, 0, 345));
    EXPECT_TRUE(has_word("cpuset cpu io\n", "cpu"));
    EXPECT_FALSE(has_word("cpuset io", "cpu"));
    EXPECT_EQ(cpu_max_text(0.001), "1000 100000");
    EXPECT_EQ(cpu_max_text(2), "200000 100000");
}

}  // namespace
}  // namespace mw::cgroup
