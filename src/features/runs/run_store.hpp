// Runs and their steps in the database: all their SQL.
//
// A change of status goes through run_service.hpp, which holds the rules.
// Rows are locked in one order everywhere, run before lease, so that writers can't deadlock.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/list_query.hpp"
#include "features/runs/run.hpp"
#include "infra/pg/pool.hpp"

namespace mw::runs {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<result<T>>;

const api::ListSpec& run_list();

Awaitable<std::optional<Run>> find_run(pg::Connection& connection, Id account_id, Id id);
// Of any account; for what is not a user's request.
Awaitable<std::optional<Run>> find_run(pg::Connection& connection, Id id);
// The same, holding the row until the transaction ends.
Awaitable<std::optional<Run>> lock_run(pg::Connection& connection, Id id);
Awaitable<std::optional<Run>> find_latest_run(pg::Connection& connection, Id account_id, Id job_id);
// The latest that ended in whatever way.
Awaitable<std::optional<Run>> find_latest_completed_run(pg::Connection& connection, Id account_id,
                                                        Id job_id);
// Those that took up where this one failed, those that took up where they failed, and so on.
Awaitable<std::vector<Run>> find_retries(pg::Connection& connection, Id account_id, Id id);
// Ids of the account's newest runs that changed after `after`.
Awaitable<std::vector<Id>> changed_runs(pg::Connection& connection, Id account_id, Timestamp after);

// Where a job or a run is, as permissions see it.
struct Place {
    Id project_id = 0;
    std::string category;  // of its environment: production, staging, development, other
};
BOOST_DESCRIBE_STRUCT(Place, (), (project_id, category))
Awaitable<std::optional<Place>> find_place_of_job(pg::Connection& connection, Id account_id, Id id);
Awaitable<std::optional<Place>> find_place_of_run(pg::Connection& connection, Id account_id, Id id);

struct RunValues {
    Id account_id = 0;
    Id project_id = 0;
    Id environment_id = 0;
    Id job_id = 0;
    std::string trigger;  // run_trigger.hpp
    std::string dbt_version;
    std::optional<std::string> git_branch;
    std::optional<std::string> git_sha;
    bool is_ci = false;
    bool is_scheduled = false;
    std::optional<Id> retrying_run_id;
    std::optional<int> retry_step_index;
};
Awaitable<Run> insert_run(pg::Connection& connection, const RunValues& values);

// What stands against a new run.
struct QueueRoom {
    int queued = 0;
    int queue_limit = 0;
};
// Holds the account's row, so that two callers can't both take the last place.
Awaitable<std::optional<QueueRoom>> lock_queue_room(pg::Connection& connection, Id account_id);
// Those of a job that nobody has claimed, held until the transaction ends.
Awaitable<std::vector<Id>> lock_queued_runs(pg::Connection& connection, Id job_id);
Awaitable<std::vector<Id>> lock_queued_scheduled_runs(pg::Connection& connection, Id job_id);

Awaitable<bool> set_cancel_requested(pg::Connection& connection, Id id, std::string reason);
struct Outcome {
    Status status = Status::error;
    std::optional<std::string> message;
    bool artifacts_saved = false;
    bool has_docs_generated = false;
    bool has_sources_generated = false;
};
Awaitable<> set_finished(pg::Connection& connection, Id id, const Outcome& outcome);
Awaitable<> end_unfinished_steps(pg::Connection& connection, Id id, Status running_become);
Awaitable<> delete_lease(pg::Connection& connection, Id id);
Awaitable<> count_failure(pg::Connection& connection, Id job_id, bool failed);
// 2 → 3 at the first step's start; otherwise only says that something changed.
Awaitable<> set_running(pg::Connection& connection, Id id, Timestamp started_at);
Awaitable<> touch_run(pg::Connection& connection, Id id);
// `used_repo_cache`: the commit is the one that was fetched last, because the host was away.
Awaitable<> set_git(pg::Connection& connection, Id id, std::optional<std::string> sha,
                    std::optional<std::string> branch, bool used_repo_cache);
Awaitable<bool> used_repo_cache(pg::Connection& connection, Id id);

// [{"index", "name", "command", "status", "started_at", "finished_at"}, …]; one that is over
// keeps what it has.
Awaitable<> upsert_steps(pg::Connection& connection, Id run_id, Id account_id,
                         const boost::json::array& steps);
Awaitable<std::vector<Step>> find_steps(pg::Connection& connection, std::vector<Id> run_ids);
Awaitable<std::optional<Step>> find_step(pg::Connection& connection, Id account_id, Id id);

// For each of these that is queued, the runs that it waits for. All are of one account.
Awaitable<std::map<Id, std::vector<Id>>> find_blockers(pg::Connection& connection,
                                                       const std::vector<Run>& runs);

struct AuditRow {
    Id run_id = 0;
    std::string event;
    std::string actor_type;
    std::optional<Id> actor_id;
    std::string actor_name;
};
BOOST_DESCRIBE_STRUCT(AuditRow, (), (run_id, event, actor_type, actor_id, actor_name))
// Who made and who cancelled the runs.
Awaitable<std::vector<AuditRow>> find_audit(pg::Connection& connection, Id account_id,
                                            std::vector<Id> run_ids);

// Channels: run_events carries the run's id, with " log" after it when only lines or nodes came.
Awaitable<> notify_changed(pg::Connection& connection, Id id);
Awaitable<> notify_log(pg::Connection& connection, Id id);
Awaitable<> notify_queue(pg::Connection& connection);
// Both, of a new run.
Awaitable<> notify_queued(pg::Connection& connection, Id id);
Awaitable<> notify_cancel(pg::Connection& connection, Id id);

}  // namespace mw::runs
