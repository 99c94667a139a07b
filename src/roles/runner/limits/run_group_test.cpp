// On folders that look like the unified hierarchy, made for the test: what the flow makes of what
// the kernel tells. tests/functional/test_limits.py has the kernel.
#include "roles/runner/limits/run_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <fstream>

#include "roles/runner/command/dbt_step.hpp"

namespace mw::runner {
namespace {

namespace fs = std::filesystem;
using cgroup::Controller;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::uint64_t kMiB = 1UL << 20U;

class RunGroupTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("run-group-test-" + std::to_string(::getpid()));
        run_ = folder_ / cgroup::worker_group_name("run-12", ::getpid());
        fs::create_directories(run_);
        for (const char* file : {"memory.max", "memory.swap.max", "memory.oom.group", "cpu.max",
                                 "pids.max", "cgroup.procs"})
            put(file, "");
        happened(0, 0, 0);
        tree_.places = {{cgroup::Version::v2, {Controller::memory, Controller::pids}, folder_}};
        tree_.obstacles = {{Controller::cpu, "nobody knows"}};
        ASSERT_TRUE(cgroup::write_tree(folder_ / "limits.json", tree_));
    }
    void TearDown() override { fs::remove_all(folder_); }

    void put(const char* file, const std::string& text) { std::ofstream(run_ / file) << text; }
    void happened(int limit_hits, int kills, int refused_processes) {
        put("memory.events",
            "oom " + std::to_string(limit_hits) + "\noom_kill " + std::to_string(kills) + "\n");
        put("pids.events", "max " + std::to_string(refused_processes) + "\n");
    }
    void begin(const RunLimits& limits, const char* file = "limits.json") {
        group_.emplace(io_.get_executor(), folder_ / file, limits, 12, 7);
        group_->begin_step();
    }
    StepOutcome end(StepOutcome outcome) {
        group_->end_step(outcome, StepLog(shipper_, 4));
        // The kernel takes such a folder away at once; here it would be tried for long.
        fs::remove_all(run_);
        return outcome;
    }
    const StepOutcome killed_{Status::error, "dbt was ended by signal 9 (SIGKILL)"};

    fs::path folder_;
    fs::path run_;
    cgroup::Tree tree_;
    boost::asio::io_context io_;
    Stop stop_{io_.get_executor()};
    ApiClient api_{io_.get_executor(), "/nonexistent", Secret("x"), stop_};
    LogShipper shipper_{io_.get_executor(), api_, stop_};
    std::optional<RunGroup> group_;
};

TEST_F(RunGroupTest, AStepThatNeededTooMuchSaysSo) {
    begin(smallest({}, {.memory_bytes = 512 * kMiB}, {}));
    happened(3, 1, 0);
    EXPECT_THAT(end(killed_).message,
                StartsWith("This run exceeded your account's run memory limits"));
}

TEST_F(RunGroupTest, WithoutALimitTheMachineIsToBlame) {
    begin({});
    happened(0, 1, 0);
    EXPECT_THAT(end(killed_).message, StartsWith("The memory of the whole machine ran out"));
}

TEST_F(RunGroupTest, ALimitThatWasNotReachedIsNotToBlameEither) {
    begin(smallest({}, {.memory_bytes = 512 * kMiB}, {}));
    put("memory.peak", std::to_string(100 * kMiB));
    happened(0, 1, 0);
    EXPECT_THAT(end(killed_).message, StartsWith("The memory of the whole machine ran out"));
}

TEST_F(RunGroupTest, WhatHappenedBeforeTheStepDoesNotCount) {
    happened(1, 1, 1);
    begin(smallest({}, {.memory_bytes = 512 * kMiB, .processes = 64}, {}));
    EXPECT_EQ(end({Status::error, "1 of 5 nodes failed"}).message, "1 of 5 nodes failed");
}

TEST_F(RunGroupTest, AProcessThatCouldNotBeStartedIsSaidBesideDbtsOwnWords) {
    begin(smallest({}, {}, {.processes = 64}));
    happened(0, 0, 2);
    auto message = end({Status::error, "Resource temporarily unavailable"}).message;
    EXPECT_THAT(message, StartsWith("The run reached its limit of 64 processes"));
    EXPECT_THAT(message, HasSubstr("Resource temporarily unavailable"));
}

TEST_F(RunGroupTest, ASuccessStaysOne) {
    begin(smallest({}, {.memory_bytes = 512 * kMiB}, {}));
    happened(1, 1, 1);
    auto outcome = end({Status::success, ""});
    EXPECT_EQ(outcome.status, Status::success);
    EXPECT_EQ(outcome.message, "");
}

TEST_F(RunGroupTest, ComplainsOfWhatIsAskedForAndCannotBeHad) {
    begin(smallest({.memory_bytes = kMiB, .cpus = 1.5}, {}, {}));
    EXPECT_THAT(group_->doors(), ElementsAre(run_ / "cgroup.procs"));
    EXPECT_THAT(group_->complaints(true),
                ElementsAre("This run's limit of 1.5 CPUs, which this installation sets, is not "
                            "enforced on this machine: nobody knows."));
    EXPECT_EQ(group_->processes_left_to_the_sandbox(), 0U);
    fs::remove_all(run_);
}

TEST_F(RunGroupTest, WithoutATreeTheSandboxHoldsProcessesBack) {
    begin(smallest({.memory_bytes = 512 * kMiB, .processes = 64}, {}, {}), "none.json");
    EXPECT_THAT(group_->doors(), IsEmpty());
    EXPECT_EQ(group_->processes_left_to_the_sandbox(), 64U);
    EXPECT_THAT(group_->complaints(true),
                ElementsAre(HasSubstr("memory limit of 512 MB, which this installation sets")));
    EXPECT_THAT(group_->complaints(false),
                ElementsAre(HasSubstr("memory limit"), HasSubstr("limit of 64 processes")));
    EXPECT_EQ(end(killed_).message, killed_.message);
}

TEST_F(RunGroupTest, AGroupThatCannotBeMadeIsComplainedOf) {
    // A folder where the file should be; and nothing that a real kernel would take away.
    fs::remove_all(run_);
    fs::create_directories(run_ / "memory.max");
    begin(smallest({.memory_bytes = 512 * kMiB}, {}, {}));
    EXPECT_THAT(group_->doors(), IsEmpty());
    EXPECT_THAT(group_->complaints(true), ElementsAre(HasSubstr("memory.max cannot be set")));
}

}  // namespace
}  // namespace mw::runner
