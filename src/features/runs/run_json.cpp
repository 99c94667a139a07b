#include "features/runs/run_json.hpp"

#include <fmt/format.h>

#include "base/described_json.hpp"
#include "base/json_members.hpp"
#include "base/json_optional.hpp"
#include "features/runs/run_trigger.hpp"

namespace mw::runs {
namespace {

using boost::json::value;
using std::chrono::seconds;

std::optional<std::string> run_time(const std::optional<Timestamp>& at) {
    return at ? std::optional(format_run_time(*at)) : std::nullopt;
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

template <class To>
void add_state(To& to, const Run& run) {
    to.add("status", static_cast<int>(run.status));
    to.add("status_humanized", humanized(run.status));
    to.add("status_message", run.status_message);
    to.add("in_progress", !is_over(run.status));
    to.add("is_complete", is_over(run.status));
    to.add("is_success", run.status == Status::success);
    to.add("is_error", run.status == Status::error);
    to.add("is_cancelled", run.status == Status::cancelled);
    to.add("is_running", run.status == Status::running);
    auto refusal = retry_refusal(run);
    to.add("can_retry", !refusal);
    if (refusal)
        to.add("retry_not_supported_reason", reason_name(*refusal));
    else
        to.add("retry_not_supported_reason", nullptr);
}

template <class To>
void add_times(To& to, const Run& run, Timestamp at) {
    to.add("created_at", format_run_time(run.created_at));
    to.add("updated_at", format_run_time(run.updated_at));
    to.add("dequeued_at", run_time(run.dequeued_at));
    to.add("started_at", run_time(run.started_at));
    to.add("finished_at", run_time(run.finished_at));
    to.add("last_checked_at", nullptr);
    to.add("last_heartbeat_at", run_time(run.last_heartbeat_at));
    to.add("should_start_at", format_run_time(run.should_start_at));
    auto lengths = durations_of(run, at);
    to.add("duration", format_duration(lengths.whole));
    to.add("duration_humanized", humanize_duration(lengths.whole));
    to.add("queued_duration", format_duration(lengths.queued));
    to.add("queued_duration_humanized", humanize_duration(lengths.queued));
    to.add("run_duration", format_duration(lengths.running));
    to.add("run_duration_humanized", humanize_duration(lengths.running));
    to.add("created_at_humanized", humanize_moment(run.created_at, at));
    to.add("finished_at_humanized", humanize_moment(run.finished_at, at));
}

template <class To>
void add_artifacts(To& to, const Run& run) {
    to.add("artifacts_saved", run.artifacts_saved);
    if (run.artifacts_saved)
        to.add("artifact_s3_path",
               fmt::format("accounts/{}/runs/{}/artifacts", run.account_id, run.id));
    else
        to.add("artifact_s3_path", nullptr);
    to.add("has_docs_generated", run.has_docs_generated);
    to.add("has_sources_generated", run.has_sources_generated);
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

template <class To>
void add_shared(To& to, std::string_view name,
                const std::shared_ptr<const boost::json::object>& object) {
    if (object)
        to.add(name, *object);
    else
        to.add(name, nullptr);
}

template <class To>
void add_related(To& to, const Run& run, const Related& related, Timestamp at) {
    to.add("trigger", related.trigger ? value(trigger_json(run)) : value(nullptr));
    add_shared(to, "job", related.job);
    add_shared(to, "environment", related.environment);
    to.add("audit", related.audit ? audit_json(*related.audit, run.id) : value(nullptr));
    boost::json::array steps;
    for (const auto& step : related.steps.value_or(std::vector<Step>{})) {
        auto log = related.logs.find(step.id);
        steps.push_back(step_json(step, log == related.logs.end() ? nullptr : &log->second, at));
    }
    to.add("run_steps", std::move(steps));
    boost::json::array blockers;
    for (auto id : related.blocked_by)
        blockers.push_back(id);
    to.add("blocked_by", std::move(blockers));
}

template <class To>
void add_run(To& to, const Run& run, const Related& related, std::string_view public_url,
             Timestamp at) {
    to.add("id", run.id);
    to.add("trigger_id", run.trigger_id);
    to.add("account_id", run.account_id);
    to.add("environment_id", run.environment_id);
    to.add("project_id", run.project_id);
    to.add("job_definition_id", run.job_id);
    to.add("job_id", run.job_id);
    to.add("dbt_version", run.dbt_version);
    to.add("git_branch", run.git_branch);
    to.add("git_sha", run.git_sha);
    to.add("owner_thread_id", nullptr);
    to.add("executed_by_thread_id", run.worker);
    to.add("deferring_run_id", run.deferring_run_id);
    to.add("notifications_sent", false);
    to.add("deprecation", nullptr);
    to.add("retrying_run_id", run.retrying_run_id);
    to.add("used_repo_cache", nullptr);
    to.add("href", fmt::format("{}/deploy/{}/projects/{}/runs/{}/", public_url, run.account_id,
                               run.project_id, run.id));
    add_state(to, run);
    add_times(to, run, at);
    add_artifacts(to, run);
    add_related(to, run, related, at);
}

}  // namespace

boost::json::object run_json(const Run& run, const Related& related, std::string_view public_url,
                             Timestamp at) {
    boost::json::object json;
    // All that is added below: growing costs as much as filling.
    json.reserve(64);
    MembersOfTree members(json);
    add_run(members, run, related, public_url, at);
    return json;
}

void append_run_json(std::string& text, const Run& run, const Related& related,
                     std::string_view public_url, Timestamp at) {
    MembersOfText members(text);
    add_run(members, run, related, public_url, at);
    members.end();
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
                             {"started_at", or_null(run_time(step.started_at))},
                             {"finished_at", or_null(run_time(step.finished_at))},
                             {"created_at", format_run_time(step.created_at)},
                             {"updated_at", format_run_time(step.updated_at)}};
    json["duration"] = format_duration(length);
    json["duration_humanized"] = humanize_duration(length);
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
