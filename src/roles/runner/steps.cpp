#include "roles/runner/steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dbt/command.hpp"

namespace mw::runner {
namespace {

constexpr std::string_view kRetryCommand = "dbt retry";
// Clone, profile and deps belong to every run, a retry included.
constexpr std::size_t kPreparationSteps = 3;

std::string dbt_step_name(std::string_view command) {
    return fmt::format("Invoke dbt with `{}`", command);
}

PlannedStep dbt_step(std::string command) {
    PlannedStep step;
    step.kind = StepKind::dbt;
    step.name = dbt_step_name(command);
    step.command = std::move(command);
    return step;
}

std::vector<PlannedStep> plan_from_start(const RunSpec& spec) {
    std::vector<PlannedStep> plan;
    plan.push_back({.kind = StepKind::clone, .name = "Clone git repository", .command = {}});
    plan.push_back({.kind = StepKind::profile,
                    .name = "Create profile from connection " + spec.profile.connection_name,
                    .command = {}});
    plan.emplace_back(dbt_step("dbt deps")).is_deps = true;
    if (spec.run_lint)
        plan.push_back({.kind = StepKind::lint,
                        .name = "Lint",
                        .command = {},
                        .decides = spec.errors_on_lint_failure});
    if (spec.run_generate_sources) {
        auto& step = plan.emplace_back(dbt_step("dbt source freshness"));
        step.decides = false;
        step.is_freshness = true;
    }
    for (const auto& command : spec.steps)
        plan.push_back(dbt_step(command));
    if (spec.run_compare_changes)
        plan.push_back({.kind = StepKind::compare,
                        .name = "Compare changes",
                        .command = {},
                        .decides = false});
    if (spec.generate_docs) {
        auto& step = plan.emplace_back(dbt_step("dbt docs generate"));
        step.decides = false;
        step.is_docs = true;
    }
    return plan;
}

bool has_artifact(const RetrySpec& retry, std::string_view name) {
    return std::ranges::find(retry.artifacts, name) != retry.artifacts.end();
}

// Leaves out what had succeeded before the failure, and takes the failed step up.
void cut_to_failure(std::vector<PlannedStep>& plan, const RetrySpec& retry) {
    auto failed = static_cast<std::size_t>(std::max(retry.step_index, 1)) - 1;
    if (failed < kPreparationSteps || failed >= plan.size()) return;
    auto& step = plan[failed];
    if (is_retriable_command(step.command) && has_artifact(retry, "run_results.json")) {
        step.retries_command = true;
        step.command = kRetryCommand;
        step.name = dbt_step_name(kRetryCommand);
    }
    plan.erase(plan.begin() + kPreparationSteps,
               plan.begin() + static_cast<std::ptrdiff_t>(failed));
}

}  // namespace

bool is_retriable_command(std::string_view command) {
    auto parsed = dbt::parse_command(command);
    return parsed && dbt::supports_retry(*parsed);
}

std::vector<PlannedStep> plan_steps(const RunSpec& spec) {
    auto plan = plan_from_start(spec);
    if (spec.retry) cut_to_failure(plan, *spec.retry);
    for (std::size_t i = 0; i < plan.size(); ++i)
        plan[i].index = static_cast<int>(i) + 1;
    return plan;
}

}  // namespace mw::runner
