#include "features/runs/run_json.hpp"

#include <fmt/format.h>

#include "base/described_json.hpp"
#include "base/json_optional.hpp"
#include "features/runs/run_trigger.hpp"

namespace mw::runs {
namespace {

using boost::json::value;
using std::chrono::seconds;

value run_time(const std::optional<Timestamp>& at) {
    return at ? value(format_run_time(*at)) : value(nullptr);
}

seconds between(Timestamp from, Timestamp to) {
    return std::max(std::chrono::floor<seconds>(to - from), seconds{0});
}

struct Durations {
    seconds whole;
    seconds queued;
    seconds running;
};

// Waiting and preparing count as queued (contract 1, Timing).
Durations durations_of(const Run& run, Timestamp at) {
    auto end = run.finished_at.value_or(at);
    auto began = run.started_at.value_or(end);
    return {between(run.created_at, end), between(run.created_at, began), between(began, end)};
}

void add_duration(boost::json::object& json, std::string_view name, seconds length) {
    json[name] = format_duration(length);
    json[fmt::format("{}_humanized", name)] = humanize_duration(length);
}

void add_state(boost::json::object& json, const Run& run) {
    json["status"] = static_cast<int>(run.status);
    json["status_humanized"] = humanized(run.status);
    json["status_message"] = or_null(run.status_message);
    json["in_progress"] = !is_over(run.status);
    json["is_complete"] = is_over(run.status);
    json["is_success"] = run.status == Status::success;
    json["is_error"] = run.status == Status::error;
    json["is_cancelled"] = run.status == Status::cancelled;
    json["is_running"] = run.status == Status::running;
    auto refusal = retry_refusal(run);
    json["can_retry"] = !refusal;
    json["retry_not_supported_reason"] = refusal ? value(reason_name(*refusal)) : value(nullptr);
}

void add_times(boost::json::object& json, const Run& run, Timestamp at) {
    json["created_at"] = format_run_time(run.created_at);
    json["updated_at"] = format_run_time(run.updated_at);
    json["dequeued_at"] = run_time(run.dequeued_at);
    json["started_at"] = run_time(run.started_at);
    json["finished_at"] = run_time(run.finished_at);
    json["last_checked_at"] = nullptr;
    json["last_heartbeat_at"] = run_time(run.last_heartbeat_at);
    json["should_start_at"] = format_run_time(run.should_start_at);
    auto lengths = durations_of(run, at);
    add_duration(json, "duration", lengths.whole);
    add_duration(json, "queued_duration", lengths.queued);
    add_duration(json, "run_duration", lengths.running);
    json["created_at_humanized"] = humanize_moment(run.created_at, at);
    json["finished_at_humanized"] = humanize_moment(run.finished_at, at);
}

void add_artifacts(boost::json::object& json, const Run& run) {
    json["artifacts_saved"] = run.artifacts_saved;
    json["artifact_s3_path"] =
        run.artifacts_saved
            ? value(fmt::format("accounts/{}/runs/{}/artifacts", run.account_id, run.id))
            : value(nullptr);
    json["has_docs_generated"] = run.has_docs_generated;
    json["has_sources_generated"] = run.has_sources_generated;
}

value audit_json(const std::vector<AuditRow>& rows, Id run_id) {
    boost::json::object audit{{"trigger", nullptr}, {"cancellation", nullptr}};
    for (const auto& row : rows) {
        if (row.run_id != run_id) continue;
        auto id = row.actor_id ? value(std::to_string(*row.actor_id)) : value(nullptr);
        audit[row.event == "run.created" ? "trigger" : "cancellation"] = {
            {"actor", {{"id", id}, {"type", row.actor_type}, {"name", row.actor_name}}}};
    }
    return audit;
}

void add_related(boost::json::object& json, const Run& run, const Related& related, Timestamp at) {
    json["trigger"] = related.trigger ? value(trigger_json(run)) : value(nullptr);
    json["job"] = or_null(related.job);
    json["environment"] = or_null(related.environment);
    json["audit"] = related.audit ? audit_json(*related.audit, run.id) : value(nullptr);
    boost::json::array steps;
    for (const auto& step : related.steps.value_or(std::vector<Step>{})) {
        auto log = related.logs.find(step.id);
        steps.push_back(step_json(step, log == related.logs.end() ? nullptr : &log->second, at));
    }
    json["run_steps"] = std::move(steps);
    boost::json::array blockers;
    for (auto id : related.blocked_by)
        blockers.push_back(id);
    json["blocked_by"] = std::move(blockers);
}

}  // namespace

boost::json::object run_json(const Run& run, const Related& related, std::string_view public_url,
                             Timestamp at) {
    boost::json::object json;
    // All that is added below: growing costs as much as filling.
    json.reserve(64);
    json["id"] = run.id;
    json["trigger_id"] = run.trigger_id;
    json["account_id"] = run.account_id;
    json["environment_id"] = run.environment_id;
    json["project_id"] = run.project_id;
    json["job_definition_id"] = run.job_id;
    json["job_id"] = run.job_id;
    json["dbt_version"] = run.dbt_version;
    json["git_branch"] = or_null(run.git_branch);
    json["git_sha"] = or_null(run.git_sha);
    json["owner_thread_id"] = nullptr;
    json["executed_by_thread_id"] = or_null(run.worker);
    json["deferring_run_id"] = or_null(run.deferring_run_id);
    json["notifications_sent"] = false;
    json["deprecation"] = nullptr;
    json["retrying_run_id"] = or_null(run.retrying_run_id);
    json["used_repo_cache"] = nullptr;
    json["href"] = fmt::format("{}/deploy/{}/projects/{}/runs/{}/", public_url, run.account_id,
                               run.project_id, run.id);
    add_state(json, run);
    add_times(json, run, at);
    add_artifacts(json, run);
    add_related(json, run, related, at);
    return json;
}

boost::json::object step_json(const Step& step, const run_log::StepText* log, Timestamp at) {
    auto end = step.finished_at.value_or(at);
    auto length = step.started_at ? between(*step.started_at, end) : seconds{0};
    boost::json::object json{{"id", step.id},
                             {"run_id", step.run_id},
                             {"account_id", step.account_id},
                             {"index", step.index},
                             {"name", step.name},
                             {"status", static_cast<int>(step.status)},
                             {"status_humanized", humanized(step.status)},
                             {"status_color", color(step.status)},
                             {"log_path", nullptr},
                             {"debug_log_path", nullptr},
                             {"started_at", run_time(step.started_at)},
                             {"finished_at", run_time(step.finished_at)},
                             {"created_at", format_run_time(step.created_at)},
                             {"updated_at", format_run_time(step.updated_at)}};
    add_duration(json, "duration", length);
    json["logs"] = log ? value(log->logs) : value(nullptr);
    json["debug_logs"] = log ? value(log->debug_logs) : value(nullptr);
    json["truncated_debug_logs"] = log ? value(log->truncated_debug_logs) : value(nullptr);
    json["run_step_command"] = nullptr;
    json["run_step_invocation"] = nullptr;
    if (!step.command.empty()) {
        json["run_step_command"] = {{"run_step_id", step.id}, {"dbt_command", step.command}};
        json["run_step_invocation"] = {{"run_step_id", step.id}, {"run_id", step.run_id}};
    }
    return json;
}

boost::json::object trigger_json(const Run& run) {
    auto trigger = from_stored(run.trigger);
    auto json = described_to_json(trigger.overrides);
    json["id"] = run.trigger_id;
    json["cause"] = trigger.cause;
    json["cause_humanized"] = trigger.cause;
    json["cause_category"] = trigger.cause_category;
    json["job_definition_id"] = run.job_id;
    json["created_at"] = format_run_time(run.created_at);
    json["job"] = nullptr;
    return json;
}

std::string humanize_moment(std::optional<Timestamp> moment, Timestamp at) {
    if (!moment || *moment > at) return "0 minutes from now";
    // Seconds are below what a person wants to know of a moment.
    auto ago = std::chrono::floor<std::chrono::minutes>(at - *moment);
    return humanize_duration(ago) + " ago";
}

}  // namespace mw::runs
