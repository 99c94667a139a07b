// The queue in the database: all its SQL. The rules are in queue_service.hpp.
//
// Locks: the rows of accounts before those of runs, a run before its lease; a claim never waits
// for a lock, so it can't be part of a deadlock.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::queue {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// Accounts that have something queued, locked until the transaction ends; those that another
// scheduler holds are left to it.
Awaitable<std::vector<Id>> lock_waiting_accounts(pg::Connection& tx);

// Takes what may start now, at most what `worker` still has room for; returns the runs' ids.
Awaitable<std::vector<Id>> start_queued(pg::Connection& tx, const std::vector<Id>& accounts,
                                        const std::string& worker, int capacity, Timestamp now);

struct NewLease {
    Id run_id = 0;
    std::string token_hash;
};
Awaitable<> insert_leases(pg::Connection& tx, const std::vector<NewLease>& leases,
                          const std::string& worker, Timestamp now, Timestamp expires_at);

Awaitable<std::vector<Id>> find_expired_leases(pg::Connection& connection, Timestamp now);

// What decides about a run whose worker is lost.
struct LostRun {
    int status = 0;
    int attempt = 0;
    std::optional<Timestamp> cancel_requested_at;
    std::optional<std::string> cancel_reason;
};
BOOST_DESCRIBE_STRUCT(LostRun, (), (status, attempt, cancel_requested_at, cancel_reason))
Awaitable<std::optional<LostRun>> lock_lost_run(pg::Connection& tx, Id run_id);
Awaitable<bool> any_step_begun(pg::Connection& tx, Id run_id);
// Whether there was such a lease.
Awaitable<bool> delete_expired_lease(pg::Connection& tx, Id run_id, Timestamp now);
Awaitable<bool> delete_lease_of(pg::Connection& tx, Id run_id, const std::string& token_hash);
Awaitable<> put_back(pg::Connection& tx, Id run_id);

struct OverdueRun {
    Id id = 0;
    int allowed_seconds = 0;
    bool by_account = false;  // else by the run's own timeout
};
BOOST_DESCRIBE_STRUCT(OverdueRun, (), (id, allowed_seconds, by_account))
// Runs that nobody asked to stop yet and that have gone on for longer than their own timeout and
// `grace`, or than their account allows.
Awaitable<std::vector<OverdueRun>> find_overdue_runs(pg::Connection& connection, Timestamp now,
                                                     std::chrono::seconds grace);
Awaitable<> request_stop(pg::Connection& tx, Id run_id, const std::string& reason, Timestamp now);

struct IgnoredCancel {
    Id id = 0;
    std::optional<std::string> cancel_reason;
};
BOOST_DESCRIBE_STRUCT(IgnoredCancel, (), (id, cancel_reason))
// Runs that still go on although they were asked to stop before `asked_before`.
Awaitable<std::vector<IgnoredCancel>> find_ignored_cancels(pg::Connection& connection,
                                                           Timestamp asked_before);

Awaitable<std::vector<Id>> find_leased_runs(pg::Connection& connection);

Awaitable<> notify_changed(pg::Connection& tx, const std::vector<Id>& run_ids);
Awaitable<> notify_queue(pg::Connection& tx);
Awaitable<> notify_cancel(pg::Connection& tx, Id run_id);

}  // namespace mw::queue
