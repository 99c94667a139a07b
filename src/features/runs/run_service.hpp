// The rules of a run's life: the one place where runs are made, cancelled, retried and ended.
//
// Each function works on the caller's transaction and tells the rest of the product by NOTIFY,
// which PostgreSQL delivers at COMMIT: `run_queue` (something may be claimed), `run_cancel`
// (payload: run id) and `run_events` (payload: run id; see run_store.hpp).
#pragma once

#include <optional>
#include <string>

#include "api/caller.hpp"
#include "features/environments/environment.hpp"
#include "features/jobs/job.hpp"
#include "features/runs/run_store.hpp"
#include "features/runs/run_trigger.hpp"

namespace mw::runs {

struct NewRun {
    Id account_id = 0;
    Id job_id = 0;
    std::string cause;
    std::string cause_category{kCauseApi};
    Overrides overrides = {};
    bool is_ci = false;
    // Fired by the job's schedule. Older queued runs that the schedule made are cancelled: only
    // the newest matters (contract 1, over-scheduling).
    bool is_scheduled = false;
    // Empty: the scheduler itself, for the audit log.
    std::optional<api::Caller> caller = {};
};

// Of what a run is made.
struct JobPlace {
    jobs::Job job;
    environments::Environment environment;
    Place place() const;
};
// Holds the job, so that no run can be queued while it is being deleted. Errors: not_found.
Awaitable<JobPlace> hold_job_place(pg::Connection& tx, Id account_id, Id job_id);

// Errors: limit_exceeded (the account's queue is full), invalid_argument (no environment).
Awaitable<Run> create_run(pg::Connection& tx, const JobPlace& place, NewRun run);
// The same for whoever needs nothing of the place. Errors: not_found (job) as well.
Awaitable<Run> create_run(pg::Connection& tx, NewRun run);

// Queued: cancelled at once. Being worked on: its worker is asked to stop. Over: left as it is.
// Errors: not_found.
Awaitable<Run> request_cancel(pg::Connection& tx, api::Caller caller, Id run_id);

// The same by the product itself, when what the run is of has changed meanwhile.
Awaitable<Run> cancel_as_outdated(pg::Connection& tx, Id run_id, std::string reason);

// What becomes of a job's runs when it is deleted: the queued ones are cancelled, one that is
// being worked on goes on to its end. The caller has locked the job.
Awaitable<> cancel_queued_runs(pg::Connection& tx, api::Caller caller, Id job_id);

// A new run of the same job that takes up where this one failed.
// Errors: not_found, invalid_argument with the API's name of the reason, limit_exceeded.
Awaitable<Run> retry_run(pg::Connection& tx, api::Caller caller, Id run_id);

// Retries the job's latest run if that can be retried, else makes a new run.
Awaitable<Run> rerun_job(pg::Connection& tx, api::Caller caller, Id job_id, std::string category);

// Ends a run: its steps, its lease, its job's count of failures. Does nothing to one that is
// over already. `outcome.status` must be a status that ends a run.
Awaitable<Run> finish_run(pg::Connection& tx, Id run_id, Outcome outcome);
inline Awaitable<Run> finish_run(pg::Connection& tx, Id run_id, Status status,
                                 std::string message) {
    return finish_run(tx, run_id, Outcome{.status = status, .message = std::move(message)});
}

// Takes over what a worker says of its steps (see upsert_steps). The first that begins sets the
// run running. The caller has locked the run.
Awaitable<> report_steps(pg::Connection& tx, const Run& run, const boost::json::array& steps,
                         std::optional<Timestamp> first_started_at);

}  // namespace mw::runs
