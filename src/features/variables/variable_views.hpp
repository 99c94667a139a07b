// Variables as tables: by environment, for a job, for a person. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <vector>

#include "features/variables/variable_store.hpp"

namespace mw::variables {

// {"environments": ["project", names…], "variables": {NAME: {"project": {id, value}, <env>: …}}}
boost::json::object by_environment(const std::vector<Variable>& variables,
                                   const std::vector<PlaceName>& environments);

// {NAME: {"project", "environment", "job"}}: what counts in this job, and what it hides.
boost::json::object for_job(const std::vector<Variable>& variables, Id job_id, Id environment_id);

// {NAME: {"project", "environment", "user"}}: in this person's development.
boost::json::object for_user(const std::vector<Variable>& variables, Id user_id);

}  // namespace mw::variables
