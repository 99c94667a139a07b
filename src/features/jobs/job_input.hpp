// A request's body onto a job. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_reader.hpp"
#include "features/jobs/job.hpp"

namespace mw::jobs {

// Reads what is given and keeps the rest, so that one function serves create (a fresh Job) and
// update. Every wrong field is named. On create project_id, environment_id and name are required.
// Sets cron, schedule_enabled, next_run_at (the first due time after `at`) and job_type.
result<> read_job(const RequestBody& body, bool is_new, Timestamp at, Job& job);

}  // namespace mw::jobs
