#include "roles/runner/steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::runner {
namespace {

using testing::ElementsAre;

RunSpec make_spec(std::vector<std::string> commands) {
    RunSpec spec;
    spec.profile.connection_name = "Warehouse";
    spec.steps = std::move(commands);
    return spec;
}

std::vector<std::string> names(const std::vector<PlannedStep>& plan) {
    std::vector<std::string> list;
    for (const auto& step : plan)
        list.push_back(step.name);
    return list;
}

TEST(Steps, EveryRunClonesWritesTheProfileAndInstallsPackages) {
    auto plan = plan_steps(make_spec({"dbt build"}));
    EXPECT_THAT(names(plan),
                ElementsAre("Clone git repository", "Create profile from connection Warehouse",
                            "Invoke dbt with `dbt deps`", "Invoke dbt with `dbt build`"));
    EXPECT_EQ(plan[0].kind, StepKind::clone);
    EXPECT_EQ(plan[1].kind, StepKind::profile);
    EXPECT_EQ(plan[3].command, "dbt build");
    for (std::size_t i = 0; i < plan.size(); ++i) {
        EXPECT_EQ(plan[i].index, static_cast<int>(i) + 1);
        EXPECT_TRUE(plan[i].decides);
    }
}

TEST(Steps, FreshnessComesFirstAndDocsLastAndNeitherDecides) {
    auto spec = make_spec({"dbt seed", "dbt run"});
    spec.run_generate_sources = true;
    spec.generate_docs = true;
    auto plan = plan_steps(spec);
    EXPECT_THAT(names(plan),
                ElementsAre("Clone git repository", "Create profile from connection Warehouse",
                            "Invoke dbt with `dbt deps`", "Invoke dbt with `dbt source freshness`",
                            "Invoke dbt with `dbt seed`", "Invoke dbt with `dbt run`",
                            "Invoke dbt with `dbt docs generate`"));
    EXPECT_FALSE(plan[3].decides);
    EXPECT_TRUE(plan[3].is_freshness);
    EXPECT_FALSE(plan[6].decides);
    EXPECT_TRUE(plan[6].is_docs);
    EXPECT_TRUE(plan[5].decides);
}

TEST(Steps, TheLinterComesBeforeAndTheComparisonAfterTheJobsCommands) {
    auto spec = make_spec({"dbt build"});
    spec.run_lint = spec.run_compare_changes = true;
    spec.run_generate_sources = spec.generate_docs = true;
    auto plan = plan_steps(spec);
    EXPECT_THAT(names(plan),
                ElementsAre("Clone git repository", "Create profile from connection Warehouse",
                            "Invoke dbt with `dbt deps`", "Lint",
                            "Invoke dbt with `dbt source freshness`", "Invoke dbt with `dbt build`",
                            "Compare changes", "Invoke dbt with `dbt docs generate`"));
    EXPECT_EQ(plan[3].kind, StepKind::lint);
    EXPECT_TRUE(plan[3].decides);
    EXPECT_EQ(plan[6].kind, StepKind::compare);
    EXPECT_FALSE(plan[6].decides);
    EXPECT_EQ(plan[7].index, 8);
    spec.errors_on_lint_failure = false;
    EXPECT_FALSE(plan_steps(spec)[3].decides);
}

TEST(Steps, ARetryDoesNotLintAgainWhatIsLintedAndCompares) {
    auto spec = make_spec({"dbt seed", "dbt run"});
    spec.run_lint = spec.run_compare_changes = true;
    spec.retry =
        RetrySpec{.run_id = 7, .step_index = 6, .git_sha = "", .artifacts = {"run_results.json"}};
    auto plan = plan_steps(spec);
    EXPECT_THAT(names(plan),
                ElementsAre("Clone git repository", "Create profile from connection Warehouse",
                            "Invoke dbt with `dbt deps`", "Invoke dbt with `dbt retry`",
                            "Compare changes"));
    EXPECT_EQ(plan[4].index, 5);
}

TEST(Steps, ARetryTakesTheFailedCommandUpAndGoesOn) {
    auto spec = make_spec({"dbt seed", "dbt run", "dbt test"});
    spec.retry =
        RetrySpec{.run_id = 7, .step_index = 5, .git_sha = "", .artifacts = {"run_results.json"}};
    auto plan = plan_steps(spec);
    EXPECT_THAT(names(plan),
                ElementsAre("Clone git repository", "Create profile from connection Warehouse",
                            "Invoke dbt with `dbt deps`", "Invoke dbt with `dbt retry`",
                            "Invoke dbt with `dbt test`"));
    EXPECT_TRUE(plan[3].retries_command);
    EXPECT_EQ(plan[3].index, 4);
    EXPECT_FALSE(plan[4].retries_command);
}

TEST(Steps, ARetryWithoutResultsRepeatsTheFailedCommand) {
    auto spec = make_spec({"dbt seed", "dbt run"});
    spec.retry = RetrySpec{.run_id = 7, .step_index = 5, .git_sha = "", .artifacts = {}};
    auto plan = plan_steps(spec);
    EXPECT_EQ(plan[3].command, "dbt run");
    EXPECT_FALSE(plan[3].retries_command);
}

TEST(Steps, ARetryOfACommandThatDbtCannotTakeUpRepeatsIt) {
    auto spec = make_spec({"dbt seed", "dbt parse"});
    spec.retry =
        RetrySpec{.run_id = 7, .step_index = 5, .git_sha = "", .artifacts = {"run_results.json"}};
    auto plan = plan_steps(spec);
    EXPECT_EQ(plan[3].command, "dbt parse");
    EXPECT_FALSE(plan[3].retries_command);
}

TEST(Steps, ARetryOfAFailedPreparationIsTheWholeRun) {
    for (int step : {0, 1, 2, 3}) {
        auto spec = make_spec({"dbt seed", "dbt run"});
        spec.retry = RetrySpec{.run_id = 7, .step_index = step, .git_sha = "", .artifacts = {}};
        EXPECT_EQ(plan_steps(spec).size(), 5u) << step;
    }
}

TEST(Steps, ACommandThatIsNotDbtsIsPlannedAndFailsWhenItsTurnComes) {
    auto plan = plan_steps(make_spec({"rm -rf /"}));
    EXPECT_EQ(plan[3].name, "Invoke dbt with `rm -rf /`");
}

}  // namespace
}  // namespace mw::runner
