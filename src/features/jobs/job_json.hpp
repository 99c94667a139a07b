// A job as clients see it (contract 3.10).
#pragma once

#include <boost/json/object.hpp>

#include "features/jobs/job.hpp"

namespace mw::jobs {

// The job object of the jobs endpoints: schedule.date and .time are objects; related objects
// and fields that are not asked for are null.
boost::json::object job_json(const Job& job);

// The job inside a run: schedule.date and .time are plain strings, timestamps end in Z
// (contract 3.4, 3.6).
boost::json::object job_in_run_json(const Job& job);

// A variable as `custom_environment_variables` lists it.
boost::json::object job_variable_json(const JobVariable& variable);

}  // namespace mw::jobs
