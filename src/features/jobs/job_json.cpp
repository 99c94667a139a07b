#include "features/jobs/job_json.hpp"

#include "base/described_json.hpp"
#include "features/schedules/cron_words.hpp"
#include "features/schedules/schedule.hpp"

namespace mw::jobs {
namespace {

boost::json::object triggers_json(const Job& job) {
    boost::json::object triggers{{"github_webhook", false},
                                 {"schedule", job.schedule_enabled},
                                 {"git_provider_webhook", false},
                                 {"on_merge", false},
                                 {"custom_branch_only", false}};
    for (const auto& [name, value] : job.triggers)
        triggers[name] = value;
    return triggers;
}

// A job that never had a schedule shows the one that it would get: clients read it unasked.
boost::json::object schedule_json(const Job& job) {
    if (!job.schedule.empty()) return job.schedule;
    return schedules::resolve_schedule({}).value_or(schedules::ResolvedSchedule{}).schedule;
}

// A client of dbt Cloud sees the object that it knows, until somebody sets what is ours in it.
boost::json::object execution_json(const Job& job) {
    boost::json::object execution{{"timeout_seconds", job.timeout_seconds}};
    if (job.memory_limit_mb > 0) execution["memory_limit_mb"] = job.memory_limit_mb;
    if (job.cpu_limit > 0) execution["cpu_limit"] = job.cpu_limit;
    if (job.process_limit > 0) execution["process_limit"] = job.process_limit;
    return execution;
}

// What both shapes share.
boost::json::object shared_json(const Job& job) {
    auto json = described_to_json(job);
    for (auto inner : {"threads", "target_name", "timeout_seconds", "memory_limit_mb", "cpu_limit",
                       "process_limit", "cron", "schedule_enabled", "next_run_at"})
        json.erase(inner);
    json["execution"] = execution_json(job);
    json["settings"] = {{"threads", job.threads}, {"target_name", job.target_name}};
    json["triggers"] = triggers_json(job);
    json["schedule"] = schedule_json(job);
    json["lifecycle_webhooks_url"] = nullptr;
    json["raw_dbt_version"] =
        job.dbt_version ? boost::json::value(*job.dbt_version) : boost::json::value(nullptr);
    json["is_deferrable"] = false;
    json["generate_sources"] = job.run_generate_sources;
    json["deactivated"] = false;
    return json;
}

std::string strategy_type(const boost::json::object& schedule, std::string_view part) {
    const auto* strategy = schedule.if_contains(part);
    if (!strategy || !strategy->is_object()) return "";
    const auto* type = strategy->get_object().if_contains("type");
    return type && type->is_string() ? std::string(type->get_string()) : "";
}

}  // namespace

boost::json::object job_json(const Job& job) {
    auto json = shared_json(job);
    json["next_run"] = job.next_run_at ? boost::json::value(format_iso_seconds(*job.next_run_at))
                                       : boost::json::value(nullptr);
    json["next_run_humanized"] = nullptr;
    if (job.next_run_at) {
        auto wait = std::chrono::ceil<std::chrono::seconds>(*job.next_run_at - now());
        json["next_run_humanized"] = humanize_duration(wait);
    }
    json["cron_humanized"] = nullptr;
    if (auto words = schedules::cron_in_words(job.cron)) json["cron_humanized"] = *words;
    for (auto related : {"account", "project", "environment", "fusion_readiness", "most_recent_run",
                         "most_recent_completed_run", "custom_environment_variables"})
        json[related] = nullptr;
    return json;
}

boost::json::object job_variable_json(const JobVariable& variable) {
    auto json = described_to_json(variable);
    json["type"] = "job";
    json["environment_id"] = nullptr;
    json["user_id"] = nullptr;
    return json;
}

boost::json::object job_in_run_json(const Job& job) {
    auto json = shared_json(job);
    json["created_at"] = format_rfc3339(job.created_at);
    json["updated_at"] = format_rfc3339(job.updated_at);
    auto schedule = schedule_json(job);
    json["schedule"] = {{"cron", schedule["cron"]},
                        {"date", strategy_type(schedule, "date")},
                        {"time", strategy_type(schedule, "time")}};
    return json;
}

}  // namespace mw::jobs
