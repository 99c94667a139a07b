// Jobs that are to run after a run that has ended: which, and what became of it.
#pragma once

#include "features/firings/firing_store.hpp"

namespace mw::firings {

struct Follower {
    Id job_id = 0;
    Id after_run_id = 0;
    Id account_id = 0;
    Id after_job_id = 0;
    std::string after_job;  // its name
    int status = 0;         // of the run that has ended
    bool may_run = false;   // neither it nor its environment, project or account is deleted
};
BOOST_DESCRIBE_STRUCT(Follower, (),
                      (job_id, after_run_id, account_id, after_job_id, after_job, status, may_run))

// The oldest that nobody has seen to and nobody holds, held until the transaction ends.
Awaitable<std::optional<Follower>> lock_follower(pg::Connection& tx);
// `run_id` empty: nothing runs.
Awaitable<> set_follower_fired(pg::Connection& tx, const Follower& follower,
                               std::optional<Id> run_id);

}  // namespace mw::firings
