#include "roles/runner/limits/run_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::uint64_t kMiB = 1UL << 20U;

cgroup::Limits memory(std::uint64_t megabytes) {
    return {.memory_bytes = megabytes * kMiB};
}

TEST(RunLimits, AreTheSmallestOfAll) {
    auto chosen = smallest(memory(1000), memory(600), memory(800));
    EXPECT_EQ(chosen.limits.memory_bytes, 600 * kMiB);
    EXPECT_EQ(chosen.memory, SetBy::account);
    EXPECT_EQ(smallest(memory(1000), memory(600), memory(500)).memory, SetBy::job);
    EXPECT_EQ(smallest(memory(100), memory(600), memory(500)).memory, SetBy::installation);
}

TEST(RunLimits, ZeroIsNone) {
    auto chosen = smallest(memory(0), memory(0), memory(800));
    EXPECT_EQ(chosen.limits.memory_bytes, 800 * kMiB);
    EXPECT_EQ(chosen.memory, SetBy::job);
    chosen = smallest({}, {}, {});
    EXPECT_EQ(chosen.limits.memory_bytes, 0U);
    EXPECT_EQ(chosen.memory, SetBy::nobody);
}

TEST(RunLimits, AreChosenEachByItself) {
    auto chosen = smallest({.memory_bytes = kMiB, .cpus = 0, .processes = 1024},
                           {.memory_bytes = 0, .cpus = 2, .processes = 0},
                           {.memory_bytes = 2 * kMiB, .cpus = 0.5, .processes = 64});
    EXPECT_EQ(chosen.memory, SetBy::installation);
    EXPECT_EQ(chosen.cpus, SetBy::job);
    EXPECT_EQ(chosen.limits.cpus, 0.5);
    EXPECT_EQ(chosen.processes, SetBy::job);
    EXPECT_EQ(chosen.limits.processes, 64U);
}

TEST(RunLimits, SayWhoseMemoryLimitItWasAndWhoCanRaiseIt) {
    auto words = memory_exceeded(smallest({}, memory(512), {}), 7, 511 * kMiB);
    EXPECT_THAT(words, StartsWith("This run exceeded your account's run memory limits: it may use "
                                  "512 MB, of which it had 511 MB at most, and"));
    EXPECT_THAT(words, HasSubstr("`millwright admin limits --account 7 --memory-mb …`"));
    words = memory_exceeded(smallest({}, {}, memory(512)), 7, 0);
    EXPECT_THAT(words, StartsWith("This run exceeded its job's run memory limit: it may use 512 "
                                  "MB, and"));
    EXPECT_THAT(words, HasSubstr("Raise memory_limit_mb in the job's execution settings"));
    words = memory_exceeded(smallest(memory(512), {}, {}), 7, 0);
    EXPECT_THAT(words, StartsWith("This run exceeded this installation's run memory limit"));
    EXPECT_THAT(words, HasSubstr("MILLWRIGHT_RUN_MEMORY_MB"));
}

TEST(RunLimits, DoNotBlameARunForTheMachinesMemory) {
    auto words = machine_ran_out(300 * kMiB);
    EXPECT_THAT(words, HasSubstr("used 300 MB at most"));
    EXPECT_THAT(words, HasSubstr("MILLWRIGHT_MAX_RUNS"));
    EXPECT_THAT(words, Not(HasSubstr("exceeded")));
}

TEST(RunLimits, SayWhoCanRaiseTheNumberOfProcesses) {
    EXPECT_THAT(processes_exceeded(smallest({.processes = 64}, {}, {}), 7),
                HasSubstr("limit of 64 processes and threads, so some could not be started. An "
                          "operator can raise it with the setting MILLWRIGHT_RUN_PROCESSES."));
    EXPECT_THAT(processes_exceeded(smallest({}, {}, {.processes = 64}), 7),
                HasSubstr("Raise process_limit"));
}

TEST(RunLimits, SayWhatIsNotEnforced) {
    EXPECT_EQ(not_enforced("memory limit of 512 MB", SetBy::job, "there is a reason"),
              "This run's memory limit of 512 MB, which its job sets, is not enforced on this "
              "machine: there is a reason.");
}

}  // namespace
}  // namespace mw::runner
