#include "features/commit_reports/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::commit_reports {
namespace {

using git_hosts::CommitState;
using testing::HasSubstr;
using testing::Not;

JobRun job(std::string name, int status) {
    JobRun run;
    run.run_id = 7;
    run.account_id = 1;
    run.project_id = 2;
    run.job_name = std::move(name);
    run.status = status;
    return run;
}

JobRun failed(std::string name, std::string nodes, int count) {
    auto run = job(std::move(name), 20);
    run.failed_nodes = std::move(nodes);
    run.failures = count;
    return run;
}

git_hosts::CommitStatus status(std::vector<JobRun> runs) {
    auto made = status_of({"abc", 12, {}, std::move(runs)}, "dbt Cloud", "https://mill");
    EXPECT_TRUE(made);
    return made.value_or(git_hosts::CommitStatus{});
}

TEST(CommitStatus, IsOneForAllJobsTogether) {
    EXPECT_EQ(status({job("CI", 1)}).state, CommitState::pending);
    EXPECT_EQ(status({job("CI", 1)}).description, "CI waits to run");
    EXPECT_EQ(status({job("CI", 10), job("Lint", 3)}).state, CommitState::pending);
    EXPECT_EQ(status({job("CI", 10), job("Lint", 3)}).description, "Lint is running");
    EXPECT_EQ(status({job("CI", 10), job("Lint", 10)}).description, "2 jobs passed");
    EXPECT_EQ(status({job("CI", 3), failed("Lint", "stg_orders", 1)}).state, CommitState::failure);
    EXPECT_EQ(status({job("CI", 30)}).description, "CI was cancelled");
    EXPECT_FALSE(status_of({"abc", 12, {}, {}}, "dbt Cloud", "https://mill"));
}

TEST(CommitStatus, NamesWhatFailedAndLeadsThere) {
    auto one = status({failed("CI", "stg_orders", 1)});
    EXPECT_EQ(one.context, "dbt Cloud");
    EXPECT_EQ(one.pull_request, 12);
    EXPECT_EQ(one.sha, "abc");
    EXPECT_EQ(one.description, "CI failed: stg_orders");
    EXPECT_EQ(one.target_url, "https://mill/deploy/1/projects/2/runs/7/");
    EXPECT_EQ(status({failed("CI", "stg_orders,orders", 4)}).description,
              "CI failed: stg_orders and 3 more");
    auto without = job("CI", 20);
    without.message = "The branch is not there.";
    EXPECT_EQ(status({without}).description, "CI failed: The branch is not there.");
}

TEST(CommitStatus, FitsWhatHostsTake) {
    auto long_one = status({failed(std::string(139, 'j') + "ü", "x", 1)});
    EXPECT_LE(long_one.description.size(), 140U);
    EXPECT_THAT(long_one.description, testing::EndsWith("j…"));
}

TEST(CommitStatus, SaysWhyNothingIsRun) {
    auto refused = status_of({"abc", 12, "It is from a fork.", {}}, "dbt Cloud", "https://mill");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->state, CommitState::failure);
    EXPECT_EQ(refused->description, "It is from a fork.");
}

TEST(PullRequestComment, SaysWhatRanAndWhatFailed) {
    auto good = job("CI", 10);
    good.models = 3;
    good.tests = 1;
    good.started_at = Timestamp{};
    good.finished_at = Timestamp{} + std::chrono::seconds(65);
    auto made = comment_of({"0123456789", 12, {}, {good, failed("Lint", "stg_orders,orders", 3)}},
                           "https://mill");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->pull_request, 12);
    EXPECT_THAT(made->markdown, HasSubstr(made->marker));
    EXPECT_THAT(made->markdown, HasSubstr("at 0123456\n"));
    EXPECT_THAT(made->markdown,
                HasSubstr("| [CI](https://mill/deploy/1/projects/2/runs/7/) | ✅ passed | 3 models "
                          "built, 1 test run | 1 minute, 5 seconds |"));
    EXPECT_THAT(made->markdown, HasSubstr("- stg&#95;orders\n- orders\n- … and 1 more\n"));
}

TEST(PullRequestComment, WaitsForAllJobsAndForgetsWhatWasReplaced) {
    EXPECT_FALSE(comment_of({"a", 12, {}, {job("CI", 10), job("Lint", 3)}}, ""));
    EXPECT_FALSE(comment_of({"a", 12, {}, {job("CI", 30)}}, ""));
    EXPECT_FALSE(comment_of({"a", {}, {}, {job("CI", 10)}}, ""));
}

TEST(PullRequestComment, TellsWhatDiffersFromProductionInNumbers) {
    dbt::ComparedModel orders, fresh, same;
    orders.name = "orders";
    orders.status = dbt::ChangeStatus::changed;
    orders.rows.added = 3;
    orders.rows.removed = 0;
    orders.rows.changed = 2;
    orders.columns.added = {"region"};
    orders.columns.changed = {{"amount", 2}};
    fresh.name = "fresh";
    fresh.status = dbt::ChangeStatus::added;
    same.name = "same";
    same.status = dbt::ChangeStatus::unchanged;
    Subject subject{"a", 12, {}, {job("CI", 10)}};
    subject.comparisons[7] = {{orders, fresh, same}};
    auto made = comment_of(subject, "");
    ASSERT_TRUE(made);
    EXPECT_THAT(made->markdown, HasSubstr("**CI** beside production: 3 models: 1 new, 1 changed"));
    EXPECT_THAT(made->markdown, HasSubstr("| orders | +3 ~2  | +region, ~amount |\n"));
    EXPECT_THAT(made->markdown, HasSubstr("| fresh | new | – |\n"));
    EXPECT_THAT(made->markdown, Not(HasSubstr("| same |")));
}

TEST(PullRequestComment, LetsNoNameBecomeMarkup) {
    auto made = comment_of({"a", 12, {}, {job("x|y](https://evil) @all <b>", 10)}}, "");
    ASSERT_TRUE(made);
    EXPECT_THAT(made->markdown, Not(HasSubstr("](https://evil)")));
    EXPECT_THAT(made->markdown, Not(HasSubstr("@all")));
    EXPECT_THAT(made->markdown, Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace mw::commit_reports
