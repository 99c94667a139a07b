#include "features/runs/run_trigger.hpp"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/described_json.hpp"
#include "base/json_reader.hpp"
#include "dbt/command.hpp"

namespace mw::runs {
namespace {

constexpr TextLimit kShortText{1, 255};
constexpr IntLimit kIds{1, INT64_MAX};
constexpr IntLimit kThreads{1, 256};
constexpr IntLimit kTimeoutSeconds{0, 30 * 86'400};
constexpr std::size_t kStepsMax = 100;

void check_steps(JsonReader& in, const Overrides& overrides) {
    if (!overrides.steps_override) return;
    const auto& steps = *overrides.steps_override;
    if (steps.empty()) return in.error("steps_override", "must have at least one step");
    if (steps.size() > kStepsMax)
        return in.error("steps_override", fmt::format("has more than {} steps", kStepsMax));
    for (std::size_t i = 0; i < steps.size(); ++i)
        if (auto command = dbt::parse_command(steps[i]); !command)
            in.error(fmt::format("steps_override[{}]", i), command.error().message);
}

void read_overrides(JsonReader& in, Overrides& out) {
    in.optional("git_branch", out.git_branch, kShortText);
    in.optional("git_sha", out.git_sha, kShortText);
    // dbt Cloud's documentation and its API description spell this one differently.
    in.optional("azure_devops_pull_request_id", out.azure_pull_request_id, kIds);
    if (in.has("azure_pull_request_id"))
        in.optional("azure_pull_request_id", out.azure_pull_request_id, kIds);
    in.optional("github_pull_request_id", out.github_pull_request_id, kIds);
    in.optional("gitlab_merge_request_id", out.gitlab_merge_request_id, kIds);
    in.optional("non_native_pull_request_id", out.non_native_pull_request_id, kIds);
    in.optional("schema_override", out.schema_override, kShortText);
    in.optional("dbt_version_override", out.dbt_version_override, kShortText);
    in.optional("threads_override", out.threads_override, kThreads);
    in.optional("target_name_override", out.target_name_override, kShortText);
    in.optional("generate_docs_override", out.generate_docs_override);
    in.optional("timeout_seconds_override", out.timeout_seconds_override, kTimeoutSeconds);
    in.optional("steps_override", out.steps_override);
}

}  // namespace

result<TriggerRequest> read_trigger_request(const RequestBody& body) {
    TriggerRequest request;
    JsonReader in(body);
    in.required("cause", request.cause, {1, 4096});
    read_overrides(in, request.overrides);
    check_steps(in, request.overrides);
    MW_CHECK(in.finish());
    return request;
}

std::string to_stored(const Trigger& trigger) {
    auto stored = described_to_json(trigger.overrides);
    stored["cause"] = trigger.cause;
    stored["cause_category"] = trigger.cause_category;
    stored["plan"] = described_to_json(trigger.plan);
    return boost::json::serialize(stored);
}

Trigger from_stored(std::string_view stored) {
    // Errors are left unread on purpose: an older or a newer version may have stored it.
    Trigger trigger;
    boost::system::error_code error;
    auto value = boost::json::parse(stored, error);
    if (error) return trigger;
    JsonReader in(value);
    in.keep("cause", trigger.cause);
    in.keep("cause_category", trigger.cause_category);
    read_overrides(in, trigger.overrides);
    in.object("plan", [&](JsonReader& plan) {
        plan.keep("steps", trigger.plan.steps);
        plan.keep("generate_docs", trigger.plan.generate_docs);
        plan.keep("run_generate_sources", trigger.plan.run_generate_sources);
        plan.keep("threads", trigger.plan.threads);
        plan.keep("target_name", trigger.plan.target_name);
        plan.keep("timeout_seconds", trigger.plan.timeout_seconds);
        plan.keep("memory_limit_mb", trigger.plan.memory_limit_mb);
        plan.keep("cpu_limit", trigger.plan.cpu_limit, {0, 1e9});
        plan.keep("process_limit", trigger.plan.process_limit);
        plan.optional("deferring_environment_id", trigger.plan.deferring_environment_id);
        plan.optional("deferring_job_definition_id", trigger.plan.deferring_job_definition_id);
        plan.keep("run_lint", trigger.plan.run_lint);
        plan.keep("errors_on_lint_failure", trigger.plan.errors_on_lint_failure);
        plan.keep("run_compare_changes", trigger.plan.run_compare_changes);
        plan.keep("compare_changes_flags", trigger.plan.compare_changes_flags);
    });
    return trigger;
}

}  // namespace mw::runs
