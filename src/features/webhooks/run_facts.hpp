// What an event tells of a run.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace mw::webhooks {

struct RunFacts {
    Id account_id = 0;
    Id job_id = 0;
    std::string job_name;
    Id run_id = 0;
    Id environment_id = 0;
    std::string environment_name;
    std::string dbt_version;
    Id project_id = 0;
    std::string project_name;
    int status = 0;  // the numbers of the contract
    std::optional<std::string> status_message;
    std::string reason;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
};
BOOST_DESCRIBE_STRUCT(RunFacts, (),
                      (account_id, job_id, job_name, run_id, environment_id, environment_name,
                       dbt_version, project_id, project_name, status, status_message, reason,
                       started_at, finished_at))

}  // namespace mw::webhooks
