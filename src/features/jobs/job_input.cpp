#include "features/jobs/job_input.hpp"

#include <fmt/format.h>

#include <array>

#include "base/json_reader.hpp"
#include "dbt/command.hpp"
#include "features/jobs/completion.hpp"
#include "features/schedules/schedule.hpp"
#include "infra/cgroup/limits.hpp"

namespace mw::jobs {
namespace {

constexpr std::array kJobTypes{"ci",       "scheduled", "other", "merge", "exposure_sync",
                               "adaptive", "hybrid"};
constexpr IntLimit kIds{1, INT64_MAX};
constexpr int kDaySeconds = 86'400;

void read_steps(JsonReader& in, Job& job) {
    in.keep("execute_steps", job.execute_steps, 100);
    if (!in.has("execute_steps")) return;
    for (std::size_t i = 0; i < job.execute_steps.size(); ++i)
        if (auto command = dbt::parse_command(job.execute_steps[i]); !command)
            in.error(fmt::format("execute_steps[{}]", i), command.error().message);
}

// Which models are compared, in the words of `dbt ls`.
void read_compare_flags(JsonReader& in, Job& job) {
    in.keep("compare_changes_flags", job.compare_changes_flags, {1, 1024});
    if (!in.has("compare_changes_flags")) return;
    if (auto command = dbt::parse_command("dbt ls " + job.compare_changes_flags); !command)
        in.error("compare_changes_flags", command.error().message);
}

// Ours; dbt Cloud has none of a job.
void read_limits(JsonReader& execution, Job& job) {
    auto refuse = [&](std::string_view field, const std::optional<std::string>& problem) {
        if (problem) execution.error(field, *problem);
    };
    execution.keep("memory_limit_mb", job.memory_limit_mb, {INT32_MIN, INT32_MAX});
    refuse("memory_limit_mb", cgroup::problem_with_memory_mb(job.memory_limit_mb));
    execution.keep("cpu_limit", job.cpu_limit, {0, cgroup::kCpusMost});
    refuse("cpu_limit", cgroup::problem_with_cpus(job.cpu_limit));
    execution.keep("process_limit", job.process_limit, {INT32_MIN, INT32_MAX});
    refuse("process_limit", cgroup::problem_with_processes(job.process_limit));
}

void read_plain_fields(JsonReader& in, Job& job) {
    in.keep("name", job.name, {1, 255});
    in.keep("description", job.description, {0, 16 * 1024});
    in.optional("dbt_version", job.dbt_version, {1, 100});
    in.keep("generate_docs", job.generate_docs);
    in.keep("run_generate_sources", job.run_generate_sources);
    in.keep("generate_sources", job.run_generate_sources);
    in.keep("run_generate_sources", job.run_generate_sources);
    in.keep("run_lint", job.run_lint);
    in.keep("errors_on_lint_failure", job.errors_on_lint_failure);
    in.keep("run_compare_changes", job.run_compare_changes);
    read_compare_flags(in, job);
    in.keep("lifecycle_webhooks", job.lifecycle_webhooks);
    in.keep("cost_optimization_features", job.cost_optimization_features, 20);
    in.optional("force_node_selection", job.force_node_selection);
    in.keep("triggers_on_draft_pr", job.triggers_on_draft_pr);
    in.optional("deferring_environment_id", job.deferring_environment_id, kIds);
    in.optional("deferring_job_definition_id", job.deferring_job_definition_id, kIds);
    in.keep("state", job.state, {1, 2});
    in.object("execution", [&](JsonReader& execution) {
        execution.keep("timeout_seconds", job.timeout_seconds, {0, 30 * kDaySeconds});
        read_limits(execution, job);
    });
    in.object("settings", [&](JsonReader& settings) {
        settings.keep("threads", job.threads, {1, 256});
        settings.keep("target_name", job.target_name, {1, 255});
    });
}

void read_triggers(JsonReader& in, Job& job) {
    in.object("triggers", [&](JsonReader& triggers) {
        triggers.keep("schedule", job.schedule_enabled);
        for (auto name :
             {"github_webhook", "git_provider_webhook", "on_merge", "custom_branch_only"}) {
            std::optional<bool> flag;
            triggers.optional(name, flag);
            if (flag) job.triggers[name] = *flag;
        }
        job.triggers["schedule"] = job.schedule_enabled;
    });
}

bool trigger_is_on(const Job& job, std::string_view name) {
    const auto* flag = job.triggers.if_contains(name);
    return flag && flag->is_bool() && flag->get_bool();
}

// What kind of job the triggers make, when the caller does not say.
std::string derived_type(const Job& job) {
    if (trigger_is_on(job, "github_webhook") || trigger_is_on(job, "git_provider_webhook"))
        return "ci";
    if (trigger_is_on(job, "on_merge")) return "merge";
    return job.schedule_enabled ? "scheduled" : "other";
}

void read_job_type(JsonReader& in, Job& job) {
    std::string type;
    in.keep("job_type", type);
    if (type.empty()) {
        job.job_type = derived_type(job);
    } else if (std::ranges::find(kJobTypes, std::string_view(type)) == kJobTypes.end()) {
        in.error("job_type", fmt::format("must be one of {}", fmt::join(kJobTypes, ", ")));
    } else {
        job.job_type = type;
    }
}

void read_schedule(JsonReader& in, Job& job) {
    if (const auto* given = in.find_object("schedule"); given && !given->is_null()) {
        if (!given->is_object()) return in.error("schedule", "must be an object");
        auto resolved = schedules::resolve_schedule(given->get_object());
        if (!resolved) {
            // The message already begins with the field's name.
            const auto& fields = resolved.error().fields;
            if (fields.empty()) return in.error("schedule", resolved.error().message);
            for (const auto& field : fields)
                in.error(field.field, field.message);
            return;
        }
        job.cron = resolved->cron;
        job.schedule = resolved->schedule;
    }
    if (job.schedule_enabled && job.cron.empty())
        return in.error("schedule", "is required when triggers.schedule is true");
}

// A due time that has just come stays due: it is planned anew only when the plan itself changed.
void plan_next_run(const Job& before, Timestamp at, Job& job) {
    bool active = job.schedule_enabled && job.state == 1;
    bool same = job.cron == before.cron && before.schedule_enabled && before.state == 1;
    if (!active)
        job.next_run_at.reset();
    else if (!same || !job.next_run_at)
        job.next_run_at = schedules::next_run(job.cron, at);
}

void read_condition(JsonReader& in, Job& job) {
    const auto* given = in.find_object("job_completion_trigger_condition");
    if (!given) return;
    if (given->is_null()) return job.job_completion_trigger_condition.reset();
    auto completion = parse_completion(*given);
    if (!completion) {
        for (auto& wrong : completion.error().fields)
            in.error(wrong.field, wrong.message);
        return;
    }
    job.job_completion_trigger_condition = completion_json(*completion);
}

}  // namespace

result<> read_job(const RequestBody& body, bool is_new, Timestamp at, Job& job) {
    const Job before = job;
    JsonReader in(body);
    if (is_new) {
        in.required("project_id", job.project_id, kIds);
        in.required("environment_id", job.environment_id, kIds);
        std::string name;
        in.required("name", name, {1, 255});
    } else {
        in.keep("project_id", job.project_id, kIds);
        in.keep("environment_id", job.environment_id, kIds);
    }
    read_plain_fields(in, job);
    read_steps(in, job);
    read_triggers(in, job);
    read_job_type(in, job);
    read_schedule(in, job);
    plan_next_run(before, at, job);
    read_condition(in, job);
    return in.finish();
}

}  // namespace mw::jobs
