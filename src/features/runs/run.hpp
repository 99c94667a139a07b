// A run and its steps, as stored, and the state machine that both follow. Pure.
//
// Every change of a run's status goes through run_service.hpp; `may_follow` is the table it is
// checked against (README.md has the picture).
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::runs {

// The API's numbers, for runs and steps alike.
enum class Status : int {
    queued = 1,
    starting = 2,
    running = 3,
    success = 10,
    error = 20,
    cancelled = 30,
};

std::optional<Status> to_status(std::int64_t code);
bool is_over(Status status);
// Whether a run may go from one status to another.
bool may_follow(Status from, Status to);
// "Queued", "Starting", …
std::string_view humanized(Status status);
// "#rrggbb" of a step, as dbt Cloud's clients show it.
std::string_view color(Status status);

void from_column(std::string_view text, Status& out);
inline pg::Param to_param(Status status) {
    return pg::to_param(static_cast<int>(status));
}

struct Run {
    Id id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
    Id job_id = 0;
    Id trigger_id = 0;
    std::string trigger;  // JSON: run_trigger.hpp
    Status status = Status::queued;
    std::optional<std::string> status_message;
    std::string dbt_version;
    std::optional<std::string> git_branch;
    std::optional<std::string> git_sha;
    bool is_ci = false;
    bool is_scheduled = false;
    std::optional<Id> retrying_run_id;
    std::optional<int> retry_step_index;
    std::optional<Id> deferring_run_id;  // known once it has started
    int attempt = 0;
    std::optional<Timestamp> cancel_requested_at;
    std::optional<std::string> cancel_reason;
    bool artifacts_saved = false;
    bool has_docs_generated = false;
    bool has_sources_generated = false;
    std::optional<Timestamp> log_flushed_at;
    Timestamp created_at;
    Timestamp updated_at;
    Timestamp should_start_at;
    std::optional<Timestamp> dequeued_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;

    // Of its lease, while it has one.
    std::optional<Timestamp> last_heartbeat_at;
    std::optional<std::string> worker;

    // What decides whether it may be retried; only of a failed run.
    bool is_latest = false;  // of its job
    std::optional<int> failed_step_index;
    std::optional<std::string> failed_command;
    bool has_run_results = false;  // of the failed step
};
BOOST_DESCRIBE_STRUCT(Run, (),
                      (id, account_id, project_id, environment_id, job_id, trigger_id, trigger,
                       status, status_message, dbt_version, git_branch, git_sha, is_ci,
                       is_scheduled, retrying_run_id, retry_step_index, deferring_run_id, attempt,
                       cancel_requested_at, cancel_reason, artifacts_saved, has_docs_generated,
                       has_sources_generated, log_flushed_at, created_at, updated_at,
                       should_start_at, dequeued_at, started_at, finished_at, last_heartbeat_at,
                       worker, is_latest, failed_step_index, failed_command, has_run_results))

struct Step {
    Id id = 0;
    Id run_id = 0;
    Id account_id = 0;
    int index = 0;  // from 1
    std::string name;
    std::string command;  // as the job has it; empty for the steps that are not dbt's
    Status status = Status::queued;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Step, (),
                      (id, run_id, account_id, index, name, command, status, started_at,
                       finished_at, created_at, updated_at))

// Why a run can't be retried from the step that failed; the API's spelling by `reason_name`.
enum class RetryRefusal {
    not_failed_run,
    not_latest_run,
    unsupported_version,
    unsupported_command,
    no_run_results,
};
std::optional<RetryRefusal> retry_refusal(const Run& run);
// "RETRY_NOT_LATEST_RUN"
std::string_view reason_name(RetryRefusal refusal);
// One sentence for a person.
std::string_view explain(RetryRefusal refusal);

}  // namespace mw::runs
