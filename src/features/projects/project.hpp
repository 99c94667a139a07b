// A project, as stored.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::projects {

struct Project {
    Id id = 0;
    Id account_id = 0;
    std::string name;
    std::optional<std::string> description;
    std::optional<Id> connection_id;
    std::optional<Id> repository_id;
    std::optional<std::string> dbt_project_subdirectory;
    std::optional<Id> docs_job_id;
    std::optional<Id> freshness_job_id;
    int type = 0;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Project, (),
                      (id, account_id, name, description, connection_id, repository_id,
                       dbt_project_subdirectory, docs_job_id, freshness_job_id, type, state,
                       created_at, updated_at))

}  // namespace mw::projects
