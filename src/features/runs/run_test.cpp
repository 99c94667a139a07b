#include "features/runs/run.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace mw::runs {
namespace {

constexpr std::array kAll{Status::queued,  Status::starting, Status::running,
                          Status::success, Status::error,    Status::cancelled};

TEST(RunStatus, HasTheApiNumbersAndNames) {
    EXPECT_EQ(to_status(1), Status::queued);
    EXPECT_EQ(to_status(10), Status::success);
    EXPECT_EQ(to_status(30), Status::cancelled);
    EXPECT_FALSE(to_status(0));
    EXPECT_FALSE(to_status(4));
    EXPECT_EQ(humanized(Status::starting), "Starting");
    for (auto status : kAll) {
        EXPECT_EQ(to_status(static_cast<int>(status)), status);
        EXPECT_FALSE(humanized(status).empty());
        EXPECT_EQ(color(status).size(), 7u);
    }
}

// The whole table: what is not in it may not happen.
TEST(RunStatus, FollowsTheStateMachine) {
    const std::set<std::pair<Status, Status>> allowed{
        {Status::queued, Status::starting},   {Status::queued, Status::error},
        {Status::queued, Status::cancelled},  {Status::starting, Status::queued},
        {Status::starting, Status::running},  {Status::starting, Status::success},
        {Status::starting, Status::error},    {Status::starting, Status::cancelled},
        {Status::running, Status::success},   {Status::running, Status::error},
        {Status::running, Status::cancelled},
    };
    for (auto from : kAll)
        for (auto to : kAll)
            EXPECT_EQ(may_follow(from, to), allowed.contains({from, to}))
                << humanized(from) << " to " << humanized(to);
}

Run failed_run() {
    Run run;
    run.status = Status::error;
    run.dbt_version = "1.11.0-latest";
    run.is_latest = true;
    run.failed_step_index = 4;
    run.failed_command = "dbt build --select orders";
    run.has_run_results = true;
    return run;
}

TEST(Retry, TakesUpTheLatestFailedRun) {
    EXPECT_FALSE(retry_refusal(failed_run()));
    auto retried = failed_run();
    retried.failed_command = "dbt retry";
    EXPECT_FALSE(retry_refusal(retried));
}

TEST(Retry, NamesEachReasonAgainst) {
    auto refused = [](auto change) {
        auto run = failed_run();
        change(run);
        auto refusal = retry_refusal(run);
        return refusal ? reason_name(*refusal) : "none";
    };
    for (auto status : kAll)
        if (status != Status::error)
            EXPECT_EQ(refused([&](runs::Run& run) { run.status = status; }),
                      "RETRY_NOT_FAILED_RUN");
    EXPECT_EQ(refused([](runs::Run& run) { run.is_latest = false; }), "RETRY_NOT_LATEST_RUN");
    EXPECT_EQ(refused([](runs::Run& run) { run.failed_command = "dbt deps"; }),
              "RETRY_UNSUPPORTED_CMD");
    EXPECT_EQ(refused([](runs::Run& run) { run.failed_command = "dbt 'x"; }),
              "RETRY_UNSUPPORTED_CMD");
    EXPECT_EQ(refused([](runs::Run& run) { run.has_run_results = false; }), "RETRY_NO_RUN_RESULTS");
    EXPECT_EQ(refused([](runs::Run& run) { run.failed_command = ""; }), "RETRY_NO_RUN_RESULTS");
    EXPECT_EQ(refused([](runs::Run& run) { run.failed_command.reset(); }), "RETRY_NO_RUN_RESULTS");
}

TEST(Retry, NeedsDbt16) {
    auto version_is_refused = [](std::string version) {
        auto run = failed_run();
        run.dbt_version = std::move(version);
        return retry_refusal(run) == RetryRefusal::unsupported_version;
    };
    for (std::string old : {"1.5.0", "1.5.0-latest", "1.0.1", "0.21.0"})
        EXPECT_TRUE(version_is_refused(old)) << old;
    for (std::string recent :
         {"1.6.0", "1.6.0-latest", "1.11.16", "2.0.0a4", "latest", "versionless", "latest-fusion"})
        EXPECT_FALSE(version_is_refused(recent)) << recent;
}

}  // namespace
}  // namespace mw::runs
