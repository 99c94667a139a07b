// The queue's rules: which run starts when, and what becomes of a run whose worker is lost.
//
// Each function is safe to call from any number of schedulers at once; README.md has the
// protocol. Time is a parameter.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "features/queue/queue_store.hpp"

namespace mw::queue {

// A run that no worker could begin is given up after this many.
inline constexpr int kAttemptsMax = 3;
// How much longer than its timeout a run may go on: its worker ends it itself at the timeout.
inline constexpr std::chrono::seconds kTimeoutGrace{60};
// How long a worker may take to stop after it was asked to.
inline constexpr std::chrono::seconds kCancelGrace{30};

struct ClaimRequest {
    std::string worker;  // this machine's name; the same after a restart
    int capacity = 1;    // runs that this machine executes at once
    std::chrono::seconds lease{30};
    Timestamp now;
};

struct Claimed {
    Id run_id = 0;
    Secret token;  // the worker's only key, good for this run while its lease lives
    std::string token_hash;
};

// Takes runs out of the queue: Queued → Starting, with a lease each.
Awaitable<std::vector<Claimed>> claim(pg::Pool& pool, ClaimRequest request);

enum class Fate {
    unchanged,  // the lease was someone else's, or the run was over
    requeued,
    ended,
};

struct LostLease {
    Id run_id = 0;
    Fate fate = Fate::unchanged;
};

// Decides about every run whose worker has not been heard from in time.
Awaitable<std::vector<LostLease>> expire_leases(pg::Pool& pool, Timestamp now,
                                                std::chrono::seconds lease);

// The quick way, when the worker's end was seen: the same decision without waiting. `how` says
// it in words ("was killed by signal 9 (Killed)").
Awaitable<Fate> release_after_exit(pg::Pool& pool, Id run_id, std::string token_hash,
                                   std::string how);

// The watch over workers that don't watch themselves: asks runs to stop that go on for too long.
Awaitable<std::vector<Id>> stop_overdue_runs(pg::Pool& pool, Timestamp now);
// Ends runs as cancelled whose workers did not stop; their processes are to be killed.
Awaitable<std::vector<Id>> end_ignored_cancels(pg::Pool& pool, Timestamp now);

// Runs that some worker somewhere may be executing.
Awaitable<std::vector<Id>> leased_runs(pg::Pool& pool);

}  // namespace mw::queue
