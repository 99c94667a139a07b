// What jobs cost.
#pragma once

#include "features/history/node_history_store.hpp"

namespace mw::history {

struct CostFilter {
    std::optional<std::vector<Id>> project_ids = {};  // empty: all of the account
    std::optional<Id> environment_id = {};
};

// Of an account's jobs that ran in that time, what took longest first. Runs of pull requests count.
Awaitable<std::vector<JobCost>> list_job_costs(pg::Connection& connection, Id account_id,
                                               const CostFilter& filter, TimeSpan span, int limit);

}  // namespace mw::history
