// Which run a question about a job is answered from.
#pragma once

#include <boost/describe.hpp>
#include <optional>

#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::project_state {

struct ReadableRun {
    Id run_id = 0;
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
    Id job_id = 0;
};
BOOST_DESCRIBE_STRUCT(ReadableRun, (), (run_id, account_id, project_id, environment_id, job_id))

// That run of the job, or without one its latest, if it left a manifest.
boost::asio::awaitable<result<std::optional<ReadableRun>>> find_readable_run(
    pg::Connection& connection, Id account_id, Id job_id, std::optional<Id> run_id);

}  // namespace mw::project_state
