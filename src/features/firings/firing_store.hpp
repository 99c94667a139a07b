// Due schedules and their firings in the database: all their SQL.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/pool.hpp"

namespace mw::firings {

template <class T = void>
using Awaitable = boost::asio::awaitable<result<T>>;

// Jobs whose time has come, longest overdue first. Not those that are switched off, or deleted,
// or whose environment, project or account is.
Awaitable<std::vector<Id>> find_due_jobs(pg::Connection& connection, Timestamp now);
// When the next of them is due; it may be past.
Awaitable<std::optional<Timestamp>> find_next_due(pg::Connection& connection);

struct DueJob {
    Id id = 0;
    Id account_id = 0;
    std::string cron;
    Timestamp next_run_at;
};
BOOST_DESCRIBE_STRUCT(DueJob, (), (id, account_id, cron, next_run_at))
// Holds the job's row until the transaction ends; empty when it is not due any more.
Awaitable<std::optional<DueJob>> lock_due_job(pg::Connection& tx, Id job_id, Timestamp now);

// False when this due time has fired before.
Awaitable<bool> insert_firing(pg::Connection& tx, Id job_id, Timestamp due_at, Timestamp now);
Awaitable<> set_firing_run(pg::Connection& tx, Id job_id, Timestamp due_at, Id run_id);
Awaitable<> set_next_run(pg::Connection& tx, Id job_id, std::optional<Timestamp> next_run_at);

struct PlannedJob {
    Id id = 0;
    std::string cron;
    std::optional<Timestamp> next_run_at;
};
BOOST_DESCRIBE_STRUCT(PlannedJob, (), (id, cron, next_run_at))
// Jobs with a schedule that are not due at `now`.
Awaitable<std::vector<PlannedJob>> find_planned_jobs(pg::Connection& connection, Timestamp now);
// Only if the schedule is still the one that was read; whether it was.
Awaitable<bool> replan(pg::Connection& connection, const PlannedJob& read, Timestamp next_run_at);

Awaitable<int> delete_firings(pg::Connection& connection, Timestamp due_before);

}  // namespace mw::firings
