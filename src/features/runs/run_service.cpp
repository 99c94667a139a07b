#include "features/runs/run_service.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "features/audit/audit_store.hpp"
#include "features/chat/message_store.hpp"
#include "features/commit_reports/report_store.hpp"
#include "features/environments/environment_store.hpp"
#include "features/jobs/job_store.hpp"
#include "features/mail/run_letter_store.hpp"
#include "features/project_state/ingestion_queue_store.hpp"
#include "features/runs/follower_store.hpp"
#include "features/webhooks/outbox_store.hpp"

namespace mw::runs {
namespace {

// Clone, profile and deps come before the steps that a retry may leave out.
constexpr int kPreparationSteps = 3;

std::unexpected<Error> no_such_run() {
    return fail(Errc::not_found,
                "The requested resource was not found. Please check that you have the proper "
                "permissions.");
}

Awaitable<> record(pg::Connection& tx, const std::optional<api::Caller>& caller, Id account_id,
                   audit::Event event) {
    if (caller) return audit::record(tx, *caller, std::move(event));
    return audit::record_system(tx, account_id, "scheduler", std::move(event));
}

Plan plan_of(const jobs::Job& job, const Overrides& overrides) {
    Plan plan;
    plan.steps = overrides.steps_override.value_or(job.execute_steps);
    plan.generate_docs = overrides.generate_docs_override.value_or(job.generate_docs);
    plan.run_generate_sources = job.run_generate_sources;
    plan.threads = overrides.threads_override.value_or(job.threads);
    plan.target_name = overrides.target_name_override.value_or(job.target_name);
    plan.timeout_seconds = overrides.timeout_seconds_override.value_or(job.timeout_seconds);
    plan.memory_limit_mb = job.memory_limit_mb;
    plan.cpu_limit = job.cpu_limit;
    plan.process_limit = job.process_limit;
    plan.deferring_environment_id = job.deferring_environment_id;
    plan.deferring_job_definition_id = job.deferring_job_definition_id;
    plan.run_lint = job.run_lint;
    plan.errors_on_lint_failure = job.errors_on_lint_failure;
    plan.run_compare_changes = job.run_compare_changes;
    plan.compare_changes_flags = job.compare_changes_flags;
    return plan;
}

// A pull request's run waits for no other and builds beside what is there, in a schema of its own
// (contract 4.2).
void mark_pull_request(NewRun& run) {
    auto pull_request = run.overrides.pull_request_id();
    if (!pull_request) return;
    run.is_ci = true;
    if (!run.overrides.schema_override)
        run.overrides.schema_override =
            fmt::format("dbt_cloud_pr_{}_{}", run.job_id, *pull_request);
}

result<> check_environment(const environments::Environment& environment) {
    if (environment.state == 1) return {};
    return fail(Errc::invalid_argument, "The job's environment has been deleted.");
}

Awaitable<> check_queue_room(pg::Connection& tx, Id account_id) {
    MW_CO_TRY(auto room, co_await lock_queue_room(tx, account_id));
    if (!room) co_return no_such_run();
    if (room->queued >= room->queue_limit)
        co_return fail(Errc::limit_exceeded,
                       fmt::format("The account's queue is full: {} runs wait, and {} may. Try "
                                   "again when some have started.",
                                   room->queued, room->queue_limit));
    co_return result<>{};
}

// Inserts the run, traces who made it, wakes who waits for it.
Awaitable<Run> insert(pg::Connection& tx, const RunValues& values, const Trigger& trigger,
                      const std::optional<api::Caller>& caller) {
    MW_CO_TRY(auto run, co_await insert_run(tx, values));
    boost::json::object data{{"job_id", values.job_id},
                             {"cause", trigger.cause},
                             {"cause_category", trigger.cause_category}};
    MW_CO_CHECK(co_await record(tx, caller, values.account_id,
                                {"run.created", "run", run.id, std::move(data)}));
    if (values.is_ci) MW_CO_CHECK(co_await commit_reports::note_run(tx, run.id));
    MW_CO_CHECK(co_await notify_queued(tx, run.id));
    co_return run;
}

Awaitable<> cancel_superseded(pg::Connection& tx, Id job_id) {
    MW_CO_TRY(auto older, co_await lock_queued_scheduled_runs(tx, job_id));
    for (auto id : older) {
        MW_CO_CHECK(co_await finish_run(tx, id, Status::cancelled,
                                        "Cancelled while it was queued, because the job's "
                                        "schedule came round again."));
    }
    co_return result<>{};
}

std::optional<std::string> branch_of(const Overrides& overrides,
                                     const environments::Environment& environment) {
    if (overrides.git_branch) return overrides.git_branch;
    if (environment.use_custom_branch) return environment.custom_branch;
    return std::nullopt;
}

// The failed step counted as the whole plan counts. A retry leaves out the steps between the
// preparation and the one that it takes up, so its own numbers are smaller.
int step_in_whole_plan(const Run& run) {
    int index = run.failed_step_index.value_or(1);
    bool was_cut = run.retry_step_index && *run.retry_step_index > kPreparationSteps;
    if (!was_cut || index <= kPreparationSteps) return index;
    return index + *run.retry_step_index - kPreparationSteps - 1;
}

// The caller has locked it, and it goes on. Queued: it ends here; else its worker is asked.
Awaitable<Run> stop_run(pg::Connection& tx, const Run& run, std::string reason) {
    if (run.status == Status::queued)
        co_return co_await finish_run(tx, run.id, Status::cancelled, reason);
    MW_CO_TRY(auto asked, co_await set_cancel_requested(tx, run.id, reason));
    if (asked) MW_CO_CHECK(co_await notify_cancel(tx, run.id));
    MW_CO_CHECK(co_await notify_changed(tx, run.id));
    MW_CO_TRY(auto stopped, co_await find_run(tx, run.id));
    co_return std::move(*stopped);
}

}  // namespace

Place JobPlace::place() const {
    bool develops = environment.type == "development";
    return {.project_id = job.project_id,
            .category = develops ? "development" : environment.deployment_type.value_or("other")};
}

Awaitable<JobPlace> hold_job_place(pg::Connection& tx, Id account_id, Id job_id) {
    MW_CO_TRY(auto job, co_await jobs::hold_job(tx, account_id, job_id));
    if (!job || job->state != 1) co_return no_such_run();
    MW_CO_TRY(auto environment,
              co_await environments::find_environment(tx, account_id, job->environment_id));
    if (!environment) co_return no_such_run();
    co_return JobPlace{std::move(*job), std::move(*environment)};
}

Awaitable<Run> create_run(pg::Connection& tx, NewRun run) {
    MW_CO_TRY(auto place, co_await hold_job_place(tx, run.account_id, run.job_id));
    co_return co_await create_run(tx, place, std::move(run));
}

Awaitable<Run> create_run(pg::Connection& tx, const JobPlace& place, NewRun run) {
    const auto& [job, environment] = place;
    MW_CO_CHECK(check_environment(environment));
    mark_pull_request(run);
    Trigger trigger{run.cause, run.cause_category, run.overrides, plan_of(job, run.overrides)};
    RunValues values{.account_id = job.account_id,
                     .project_id = job.project_id,
                     .environment_id = job.environment_id,
                     .job_id = job.id,
                     .trigger = to_stored(trigger),
                     .dbt_version = run.overrides.dbt_version_override.value_or(
                         job.dbt_version.value_or(environment.dbt_version)),
                     .git_branch = branch_of(run.overrides, environment),
                     .git_sha = run.overrides.git_sha,
                     .is_ci = run.is_ci,
                     .is_scheduled = run.is_scheduled,
                     .retrying_run_id = std::nullopt,
                     .retry_step_index = std::nullopt};
    // A full queue must not keep the schedule's newest run out in favour of its older ones.
    if (run.is_scheduled) MW_CO_CHECK(co_await cancel_superseded(tx, job.id));
    MW_CO_CHECK(co_await check_queue_room(tx, run.account_id));
    co_return co_await insert(tx, values, trigger, run.caller);
}

Awaitable<Run> request_cancel(pg::Connection& tx, api::Caller caller, Id run_id) {
    MW_CO_TRY(auto run, co_await lock_run(tx, run_id));
    if (!run || run->account_id != caller.account_id) co_return no_such_run();
    if (is_over(run->status) || run->cancel_requested_at) co_return std::move(*run);

    MW_CO_CHECK(co_await audit::record(
        tx, caller,
        {"run.cancelled", "run", run_id, {{"status", std::string(humanized(run->status))}}}));
    co_return co_await stop_run(tx, *run, fmt::format("Cancelled by {}.", caller.name));
}

Awaitable<Run> cancel_as_outdated(pg::Connection& tx, Id run_id, std::string reason) {
    MW_CO_TRY(auto run, co_await lock_run(tx, run_id));
    if (!run) co_return no_such_run();
    if (is_over(run->status) || run->cancel_requested_at) co_return std::move(*run);
    boost::json::object data{{"status", std::string(humanized(run->status))}, {"reason", reason}};
    MW_CO_CHECK(co_await audit::record_system(tx, run->account_id, "scheduler",
                                              {"run.cancelled", "run", run_id, std::move(data)}));
    co_return co_await stop_run(tx, *run, std::move(reason));
}

Awaitable<> cancel_queued_runs(pg::Connection& tx, api::Caller caller, Id job_id) {
    MW_CO_TRY(auto queued, co_await lock_queued_runs(tx, job_id));
    for (auto id : queued) {
        boost::json::object data{{"status", std::string(humanized(Status::queued))},
                                 {"reason", "job deleted"}};
        MW_CO_CHECK(
            co_await audit::record(tx, caller, {"run.cancelled", "run", id, std::move(data)}));
        MW_CO_CHECK(co_await finish_run(
            tx, id, Status::cancelled,
            fmt::format("Cancelled while it was queued, because {} deleted the job.",
                        caller.name)));
    }
    co_return result<>{};
}

Awaitable<Run> retry_run(pg::Connection& tx, api::Caller caller, Id run_id) {
    // Held until the new run is there: of two retries at once, the second finds a later run.
    MW_CO_TRY(auto locked, co_await lock_run(tx, run_id));
    if (!locked || locked->account_id != caller.account_id) co_return no_such_run();
    MW_CO_TRY(auto failed, co_await find_run(tx, run_id));
    if (auto refusal = retry_refusal(*failed))
        co_return fail(Errc::invalid_argument,
                       fmt::format("{}: {}", reason_name(*refusal), explain(*refusal)));
    MW_CO_TRY(auto place, co_await hold_job_place(tx, failed->account_id, failed->job_id));
    MW_CO_CHECK(check_environment(place.environment));
    MW_CO_CHECK(co_await check_queue_room(tx, failed->account_id));

    auto trigger = from_stored(failed->trigger);
    trigger.cause = fmt::format("Retry of run {} from the step that failed", run_id);
    trigger.cause_category = kCauseRerun;
    RunValues values{.account_id = failed->account_id,
                     .project_id = failed->project_id,
                     .environment_id = failed->environment_id,
                     .job_id = failed->job_id,
                     .trigger = to_stored(trigger),
                     .dbt_version = failed->dbt_version,
                     .git_branch = failed->git_branch,
                     // Unless it was pinned, a retry takes the branch as it is now: the fix
                     // for what failed is what it is for.
                     .git_sha = trigger.overrides.git_sha,
                     .is_ci = failed->is_ci,
                     .is_scheduled = false,
                     .retrying_run_id = run_id,
                     .retry_step_index = step_in_whole_plan(*failed)};
    co_return co_await insert(tx, values, trigger, caller);
}

Awaitable<Run> rerun_job(pg::Connection& tx, api::Caller caller, Id job_id, std::string category) {
    MW_CO_TRY(auto latest, co_await find_latest_run(tx, caller.account_id, job_id));
    if (latest && !retry_refusal(*latest)) co_return co_await retry_run(tx, caller, latest->id);
    co_return co_await create_run(tx, {.account_id = caller.account_id,
                                       .job_id = job_id,
                                       .cause = "Rerun of the job",
                                       .cause_category = std::move(category),
                                       .caller = caller});
}

Awaitable<Run> finish_run(pg::Connection& tx, Id run_id, Outcome outcome) {
    if (!is_over(outcome.status)) throw std::logic_error("a run ends with a status that ends it");
    MW_CO_TRY(auto run, co_await lock_run(tx, run_id));
    if (!run) co_return no_such_run();
    if (!may_follow(run->status, outcome.status)) co_return std::move(*run);

    MW_CO_CHECK(co_await set_finished(tx, run_id, outcome));
    MW_CO_CHECK(co_await end_unfinished_steps(tx, run_id, outcome.status));
    MW_CO_CHECK(co_await delete_lease(tx, run_id));
    // The failure at once, and that it is over: so whoever listens to both hears them.
    if (outcome.status == Status::error)
        MW_CO_CHECK(co_await webhooks::record_run_event(tx, run->account_id, run->job_id, run_id,
                                                        webhooks::kRunErrored));
    MW_CO_CHECK(co_await webhooks::record_run_event(tx, run->account_id, run->job_id, run_id,
                                                    webhooks::kRunCompleted));
    MW_CO_CHECK(co_await mail::tell_of_end(tx, run->account_id, run->job_id, run_id,
                                           static_cast<int>(outcome.status)));
    MW_CO_CHECK(co_await chat::tell_of_end(tx, run->account_id, run->job_id, run_id,
                                           static_cast<int>(outcome.status)));
    MW_CO_CHECK(co_await note_followers(tx, run->account_id, run->job_id, run_id, outcome.status));
    if (run->is_ci) MW_CO_CHECK(co_await commit_reports::note_run(tx, run_id));
    MW_CO_CHECK(co_await project_state::ask_for_ingestion(tx, run_id));
    if (outcome.status != Status::cancelled)
        MW_CO_CHECK(co_await count_failure(tx, run->job_id, outcome.status == Status::error));
    MW_CO_CHECK(co_await notify_changed(tx, run_id));
    // Its slot is free, and so is its job.
    MW_CO_CHECK(co_await notify_queue(tx));
    MW_CO_TRY(run, co_await find_run(tx, run_id));
    co_return std::move(*run);
}

Awaitable<> report_steps(pg::Connection& tx, const Run& run, const boost::json::array& steps,
                         std::optional<Timestamp> first_started_at) {
    MW_CO_CHECK(co_await upsert_steps(tx, run.id, run.account_id, steps));
    if (first_started_at) {
        MW_CO_CHECK(co_await set_running(tx, run.id, *first_started_at));
        if (run.status == Status::starting)
            MW_CO_CHECK(co_await webhooks::record_run_event(tx, run.account_id, run.job_id, run.id,
                                                            webhooks::kRunStarted));
    } else {
        MW_CO_CHECK(co_await touch_run(tx, run.id));
    }
    MW_CO_CHECK(co_await notify_changed(tx, run.id));
    co_return result<>{};
}

}  // namespace mw::runs
