// After which job's runs a job runs: `job_completion_trigger_condition` (contract, job chaining).
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "infra/pg/pool.hpp"

namespace mw::jobs {

struct Completion {
    Id job_id = 0;
    std::optional<Id> project_id;
    std::vector<int> statuses;  // the ends after which it runs, by their numbers
};

// {"condition": {"job_id": 1, "project_id": 2, "statuses": [10]}}. Errors name the field.
result<Completion> parse_completion(const boost::json::value& condition);
boost::json::object completion_json(const Completion& completion);

// That the job is there, in the project that is named, and that no chain of such jobs leads back to
// `own_id` (0: a job that is being made). On the transaction that saves it: others that save such
// conditions wait for it, so that two of them do not close a circle together.
boost::asio::awaitable<result<>> check_completion(pg::Connection& tx, Id account_id, Id own_id,
                                                  const Completion& completion);

}  // namespace mw::jobs
