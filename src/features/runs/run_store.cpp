#include "features/runs/run_store.hpp"

#include <algorithm>

namespace mw::runs {
namespace {

// The failed step is the last one: a failed freshness check before it does not end a run.
#define MW_RUN_FROM                                                  \
    " FROM runs r LEFT JOIN run_leases l ON l.run_id = r.id"         \
    " LEFT JOIN LATERAL (SELECT s.index, s.command FROM run_steps s" \
    "   WHERE r.status = 20 AND s.run_id = r.id AND s.status = 20"   \
    "   ORDER BY s.index DESC LIMIT 1) f ON true "
#define MW_RUN_COLUMNS                                                                         \
    "r.id, r.account_id, r.project_id, r.environment_id, r.job_id, r.trigger_id, "             \
    "r.trigger, r.status, r.status_message, r.dbt_version, r.git_branch, r.git_sha, r.is_ci, " \
    "r.is_scheduled, r.retrying_run_id, r.retry_step_index, r.deferring_run_id, r.attempt, "   \
    "r.cancel_requested_at, r.cancel_reason, r.artifacts_saved, r.has_docs_generated, "        \
    "r.has_sources_generated, "                                                                \
    "r.log_flushed_at, r.created_at, r.updated_at, r.should_start_at, r.dequeued_at, "         \
    "r.started_at, r.finished_at"
#define MW_SELECT_RUN                                                                     \
    "SELECT " MW_RUN_COLUMNS                                                              \
    ", l.heartbeat_at AS last_heartbeat_at, l.worker, "                                   \
    "r.status = 20 AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.job_id = r.job_id "       \
    "  AND n.id > r.id) AS is_latest, "                                                   \
    "f.index AS failed_step_index, f.command AS failed_command, "                         \
    "EXISTS (SELECT 1 FROM artifacts a WHERE a.run_id = r.id AND a.step_index = f.index " \
    "  AND a.path = 'run_results.json') AS has_run_results" MW_RUN_FROM

constexpr api::Filter kFilters[] = {
    {"id", "r.id", api::FilterType::id},
    {"pk", "r.id", api::FilterType::id},
    {"project_id", "r.project_id", api::FilterType::id},
    {"environment_id", "r.environment_id", api::FilterType::id},
    {"job_definition_id", "r.job_id", api::FilterType::id},
    {"job_id", "r.job_id", api::FilterType::id},
    {"retrying_run_id", "r.retrying_run_id", api::FilterType::id},
    {"deferring_run_id", "r.deferring_run_id", api::FilterType::id},
    {"status", "r.status", api::FilterType::integer},
    {"dbt_version", "r.dbt_version", api::FilterType::text},
    {"git_branch", "r.git_branch", api::FilterType::text},
    {"git_sha", "r.git_sha", api::FilterType::text},
    {"cause", "(r.trigger ->> 'cause')", api::FilterType::text},
    {"cause_category", "(r.trigger ->> 'cause_category')", api::FilterType::text},
    {"has_docs_generated", "r.has_docs_generated", api::FilterType::boolean},
    {"has_sources_generated", "r.has_sources_generated", api::FilterType::boolean},
    {"created_at", "r.created_at", api::FilterType::time},
    {"finished_at", "r.finished_at", api::FilterType::time}};
constexpr api::OrderColumn kOrders[] = {{"id", "r.id", false},
                                        {"created_at", "r.created_at", false},
                                        {"finished_at", "r.finished_at"},
                                        {"started_at", "r.started_at"},
                                        {"status", "r.status", false}};
// run_count_store.cpp
constexpr api::SumLevel kLevels[] = {
    {"r.status", 0}, {"r.project_id", 1}, {"r.environment_id", 2}, {"r.job_id", 3}};
constexpr api::Sums kSums{R"(
SELECT coalesce(sum(r.total), 0)::bigint AS total
FROM (SELECT account_id, project_id, environment_id, job_id, status, total
      FROM run_counts WHERE level = {}
      UNION ALL
      SELECT account_id, project_id, environment_id, job_id, status, change
      FROM run_count_changes) r
WHERE r.account_id = $1)",
                          kLevels};

const api::ListSpec kList{"runs.list",
                          MW_SELECT_RUN "WHERE r.id IN (SELECT id FROM page)",
                          "SELECT count(*) AS total FROM runs r WHERE r.account_id = $1",
                          kFilters,
                          kOrders,
                          "id",
                          "r.project_id",
                          "",
                          api::DefaultState::all,
                          "WITH page AS MATERIALIZED (SELECT r.id FROM runs r "
                          "WHERE r.account_id = $1{}) ",
                          &kSums};

#define MW_PLACE                                                                \
    "SELECT e.project_id, CASE WHEN e.type = 'development' THEN 'development' " \
    "ELSE coalesce(e.deployment_type, 'other') END AS category FROM environments e "
const pg::Query kPlaceOfJob{
    "runs.place_of_job",
    MW_PLACE "JOIN jobs j ON j.environment_id = e.id WHERE j.account_id = $1 AND j.id = $2"};
const pg::Query kPlaceOfRun{
    "runs.place_of_run",
    MW_PLACE "JOIN runs r ON r.environment_id = e.id WHERE r.account_id = $1 AND r.id = $2"};

const pg::Query kFindOfAccount{"runs.find_of_account",
                               MW_SELECT_RUN "WHERE r.account_id = $1 AND r.id = $2"};
const pg::Query kFind{"runs.find", MW_SELECT_RUN "WHERE r.id = $1"};
const pg::Query kLock{"runs.lock", MW_SELECT_RUN "WHERE r.id = $1 FOR NO KEY UPDATE OF r"};
const pg::Query kLatest{"runs.latest", MW_SELECT_RUN
                        "WHERE r.account_id = $1 AND r.job_id = $2 ORDER BY r.id DESC LIMIT 1"};
const pg::Query kLatestCompleted{"runs.latest_completed", MW_SELECT_RUN R"(
WHERE r.account_id = $1 AND r.job_id = $2 AND r.finished_at IS NOT NULL
ORDER BY r.id DESC LIMIT 1)"};

const pg::Query kRetries{"runs.retries", R"(
WITH RECURSIVE retries AS (
    SELECT id FROM runs WHERE account_id = $1 AND retrying_run_id = $2
    UNION
    SELECT n.id FROM runs n JOIN retries b ON n.retrying_run_id = b.id)
)" MW_SELECT_RUN R"(WHERE r.id IN (SELECT id FROM retries) ORDER BY r.id LIMIT 100)"};

const pg::Query kChanged{"runs.changed", R"(
SELECT newest.id
FROM (SELECT id, updated_at FROM runs WHERE account_id = $1 ORDER BY id DESC LIMIT 500) newest
WHERE newest.updated_at > $2 ORDER BY newest.id)"};

const pg::Query kInsert{"runs.insert", R"(
INSERT INTO runs AS r (account_id, project_id, environment_id, job_id, trigger, dbt_version,
                  git_branch, git_sha, is_ci, is_scheduled, retrying_run_id, retry_step_index)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12)
RETURNING )" MW_RUN_COLUMNS};

const pg::Query kLockQueueRoom{"runs.lock_queue_room", R"(
SELECT a.queue_limit FROM accounts a WHERE a.id = $1 AND a.state = 1 FOR NO KEY UPDATE)"};
const pg::Query kCountQueued{"runs.count_queued", R"(
SELECT (coalesce((SELECT total FROM run_counts
                  WHERE level = 0 AND account_id = $1 AND status = 1), 0)
        + coalesce((SELECT sum(change) FROM run_count_changes
                    WHERE account_id = $1 AND status = 1), 0))::integer AS queued)"};

// Locked, so that none of them is claimed between being seen as queued and being cancelled.
const pg::Query kQueued{"runs.queued", R"(
SELECT id FROM runs WHERE job_id = $1 AND status = 1 ORDER BY id FOR NO KEY UPDATE)"};
const pg::Query kQueuedScheduled{"runs.queued_scheduled", R"(
SELECT id FROM runs
WHERE job_id = $1 AND status = 1 AND is_scheduled ORDER BY id
FOR NO KEY UPDATE)"};

const pg::Query kSetCancelRequested{"runs.set_cancel_requested", R"(
UPDATE runs SET cancel_requested_at = clock_timestamp(), cancel_reason = $2,
                updated_at = clock_timestamp()
WHERE id = $1 AND status IN (2, 3) AND cancel_requested_at IS NULL)"};

// A run that succeeded before its first step was heard of has begun all the same.
const pg::Query kSetFinished{"runs.set_finished", R"(
UPDATE runs SET status = $2, status_message = $3, finished_at = clock_timestamp(),
    started_at = CASE WHEN $2::integer = 10 THEN coalesce(started_at, dequeued_at, created_at)
                      ELSE started_at END,
    artifacts_saved = artifacts_saved OR $4, has_docs_generated = has_docs_generated OR $5,
    has_sources_generated = has_sources_generated OR $6, updated_at = clock_timestamp()
WHERE id = $1)"};

const pg::Query kEndSteps{"runs.end_steps", R"(
UPDATE run_steps SET status = CASE WHEN status = 1 THEN 30 ELSE $2::integer END,
    finished_at = clock_timestamp(), updated_at = clock_timestamp()
WHERE run_id = $1 AND status IN (1, 2, 3))"};

const pg::Query kDeleteLease{"runs.delete_lease", "DELETE FROM run_leases WHERE run_id = $1"};

const pg::Query kCountFailure{"runs.count_failure", R"(
UPDATE jobs SET run_failure_count = CASE WHEN $2 THEN run_failure_count + 1 ELSE 0 END
WHERE id = $1)"};

const pg::Query kSetRunning{"runs.set_running", R"(
UPDATE runs SET status = CASE WHEN status = 2 THEN 3 ELSE status END,
    started_at = coalesce(started_at, $2::timestamptz), updated_at = clock_timestamp()
WHERE id = $1)"};

const pg::Query kTouch{"runs.touch",
                       "UPDATE runs SET updated_at = clock_timestamp() WHERE id = $1"};

const pg::Query kSetGit{"runs.set_git", R"(
UPDATE runs SET git_sha = coalesce($2, git_sha), git_branch = coalesce($3, git_branch),
    used_repo_cache = $4,
    updated_at = clock_timestamp()
WHERE id = $1)"};

const pg::Query kUsedRepoCache{"runs.used_repo_cache",
                               "SELECT used_repo_cache FROM runs WHERE id = $1"};

const pg::Query kUpsertSteps{"runs.upsert_steps", R"(
INSERT INTO run_steps AS s
    (run_id, account_id, index, name, command, status, started_at, finished_at)
SELECT $1, $2, n.index, n.name, n.command, n.status, n.started_at, n.finished_at
FROM jsonb_to_recordset($3::jsonb)
     AS n(index integer, name text, command text, status integer, started_at timestamptz,
          finished_at timestamptz)
ON CONFLICT (run_id, index) DO UPDATE
SET name = excluded.name, command = excluded.command, status = excluded.status,
    started_at = coalesce(excluded.started_at, s.started_at),
    finished_at = coalesce(excluded.finished_at, s.finished_at), updated_at = clock_timestamp()
WHERE s.status < 10 AND s.status <= excluded.status)"};

#define MW_SELECT_STEP                                                            \
    "SELECT s.id, s.run_id, s.account_id, s.index, s.name, s.command, s.status, " \
    "s.started_at, s.finished_at, s.created_at, s.updated_at FROM run_steps s WHERE "
const pg::Query kSteps{"runs.steps",
                       MW_SELECT_STEP "s.run_id = ANY($1::bigint[]) ORDER BY s.run_id, s.index"};
const pg::Query kStep{"runs.step", MW_SELECT_STEP "s.account_id = $1 AND s.id = $2"};

// What is in progress of an account, and what is queued of some jobs.
const pg::Query kUnfinished{"runs.unfinished", R"(
SELECT r.id, r.job_id, r.status, a.run_slots
FROM accounts a JOIN (
    SELECT id, job_id, status, account_id FROM runs
    WHERE account_id = $1 AND status IN (2, 3) AND NOT is_ci
    UNION ALL
    SELECT id, job_id, status, account_id FROM runs
    WHERE account_id = $1 AND job_id = ANY($2::bigint[]) AND status = 1 AND NOT is_ci
) r ON r.account_id = a.id
ORDER BY r.id)"};

const pg::Query kAudit{"runs.audit", R"(
SELECT subject_id AS run_id, event, actor_type, actor_id, actor_name
FROM audit_log
WHERE subject_type = 'run' AND subject_id = ANY($2::bigint[]) AND account_id = $1
  AND event IN ('run.created', 'run.cancelled')
ORDER BY id)"};

const pg::Query kNotifyChanged{"runs.notify_changed", "SELECT pg_notify('run_events', $1)"};
const pg::Query kNotifyQueued{"runs.notify_queued", R"(
SELECT pg_notify('run_queue', ''), pg_notify('run_events', $1))"};
const pg::Query kNotifyQueue{"runs.notify_queue", "SELECT pg_notify('run_queue', '')"};
const pg::Query kNotifyCancel{"runs.notify_cancel", "SELECT pg_notify('run_cancel', $1)"};

struct Unfinished {
    Id id = 0;
    Id job_id = 0;
    Status status = Status::queued;
    int run_slots = 0;
};
BOOST_DESCRIBE_STRUCT(Unfinished, (), (id, job_id, status, run_slots))

// Arguments by value: both begin only when they are awaited.
template <class... Args>
Awaitable<> execute(pg::Connection& connection, const pg::Query& query, Args... args) {
    MW_CO_CHECK(co_await connection.run(query, args...));
    co_return result<>{};
}

template <class... Args>
Awaitable<std::optional<Run>> fetch_one(pg::Connection& connection, const pg::Query& query,
                                        Args... args) {
    MW_CO_TRY(auto rows, co_await connection.run(query, args...));
    co_return rows.template first<Run>();
}

}  // namespace

const api::ListSpec& run_list() {
    return kList;
}

Awaitable<std::optional<Place>> find_place_of_job(pg::Connection& connection, Id account_id,
                                                  Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPlaceOfJob, account_id, id));
    co_return rows.first<Place>();
}

Awaitable<std::optional<Place>> find_place_of_run(pg::Connection& connection, Id account_id,
                                                  Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kPlaceOfRun, account_id, id));
    co_return rows.first<Place>();
}

Awaitable<std::optional<Run>> find_run(pg::Connection& connection, Id account_id, Id id) {
    return fetch_one(connection, kFindOfAccount, account_id, id);
}

Awaitable<std::optional<Run>> find_run(pg::Connection& connection, Id id) {
    return fetch_one(connection, kFind, id);
}

Awaitable<std::optional<Run>> lock_run(pg::Connection& connection, Id id) {
    return fetch_one(connection, kLock, id);
}

Awaitable<std::optional<Run>> find_latest_run(pg::Connection& connection, Id account_id,
                                              Id job_id) {
    return fetch_one(connection, kLatest, account_id, job_id);
}

Awaitable<std::optional<Run>> find_latest_completed_run(pg::Connection& connection, Id account_id,
                                                        Id job_id) {
    return fetch_one(connection, kLatestCompleted, account_id, job_id);
}

Awaitable<std::vector<Run>> find_retries(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kRetries, account_id, id));
    co_return rows.all<Run>();
}

Awaitable<std::vector<Id>> changed_runs(pg::Connection& connection, Id account_id,
                                        Timestamp after) {
    MW_CO_TRY(auto rows, co_await connection.run(kChanged, account_id, after));
    co_return rows.column<Id>("id");
}

Awaitable<Run> insert_run(pg::Connection& connection, const RunValues& values) {
    MW_CO_TRY(auto rows, co_await connection.run(
                             kInsert, values.account_id, values.project_id, values.environment_id,
                             values.job_id, values.trigger, values.dbt_version, values.git_branch,
                             values.git_sha, values.is_ci, values.is_scheduled,
                             values.retrying_run_id, values.retry_step_index));
    co_return rows.as<Run>(0);
}

Awaitable<std::optional<QueueRoom>> lock_queue_room(pg::Connection& connection, Id account_id) {
    // Counted by a statement of its own: one snapshot would not see who held the row before.
    MW_CO_TRY(auto account, co_await connection.run(kLockQueueRoom, account_id));
    if (account.empty()) co_return std::nullopt;
    MW_CO_TRY(auto counted, co_await connection.run(kCountQueued, account_id));
    co_return QueueRoom{counted.get<int>(0, "queued"), account.get<int>(0, "queue_limit")};
}

Awaitable<std::vector<Id>> lock_queued_runs(pg::Connection& connection, Id job_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kQueued, job_id));
    co_return rows.column<Id>("id");
}

Awaitable<std::vector<Id>> lock_queued_scheduled_runs(pg::Connection& connection, Id job_id) {
    MW_CO_TRY(auto rows, co_await connection.run(kQueuedScheduled, job_id));
    co_return rows.column<Id>("id");
}

Awaitable<bool> set_cancel_requested(pg::Connection& connection, Id id, std::string reason) {
    MW_CO_TRY(auto rows, co_await connection.run(kSetCancelRequested, id, reason));
    co_return rows.affected() > 0;
}

Awaitable<> set_finished(pg::Connection& connection, Id id, const Outcome& outcome) {
    return execute(connection, kSetFinished, id, outcome.status, outcome.message,
                   outcome.artifacts_saved, outcome.has_docs_generated,
                   outcome.has_sources_generated);
}

Awaitable<> end_unfinished_steps(pg::Connection& connection, Id id, Status running_become) {
    return execute(connection, kEndSteps, id, running_become);
}

Awaitable<> delete_lease(pg::Connection& connection, Id id) {
    return execute(connection, kDeleteLease, id);
}

Awaitable<> count_failure(pg::Connection& connection, Id job_id, bool failed) {
    return execute(connection, kCountFailure, job_id, failed);
}

Awaitable<> set_running(pg::Connection& connection, Id id, Timestamp started_at) {
    return execute(connection, kSetRunning, id, started_at);
}

Awaitable<> touch_run(pg::Connection& connection, Id id) {
    return execute(connection, kTouch, id);
}

Awaitable<> set_git(pg::Connection& connection, Id id, std::optional<std::string> sha,
                    std::optional<std::string> branch, bool used_repo_cache) {
    return execute(connection, kSetGit, id, std::move(sha), std::move(branch), used_repo_cache);
}

Awaitable<bool> used_repo_cache(pg::Connection& connection, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kUsedRepoCache, id));
    co_return !rows.empty() && rows.get<bool>(0, "used_repo_cache");
}

Awaitable<> upsert_steps(pg::Connection& connection, Id run_id, Id account_id,
                         const boost::json::array& steps) {
    return execute(connection, kUpsertSteps, run_id, account_id, steps);
}

Awaitable<std::vector<Step>> find_steps(pg::Connection& connection, std::vector<Id> run_ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kSteps, run_ids));
    co_return rows.all<Step>();
}

Awaitable<std::optional<Step>> find_step(pg::Connection& connection, Id account_id, Id id) {
    MW_CO_TRY(auto rows, co_await connection.run(kStep, account_id, id));
    co_return rows.first<Step>();
}

Awaitable<std::map<Id, std::vector<Id>>> find_blockers(pg::Connection& connection,
                                                       const std::vector<Run>& runs) {
    std::map<Id, std::vector<Id>> blockers;
    std::vector<Id> job_ids;
    auto waits = [](const Run& run) { return run.status == Status::queued && !run.is_ci; };
    for (const auto& run : runs)
        if (waits(run)) job_ids.push_back(run.job_id);
    if (job_ids.empty()) co_return blockers;
    MW_CO_TRY(auto rows, co_await connection.run(kUnfinished, runs.front().account_id, job_ids));
    auto unfinished = rows.all<Unfinished>();
    auto in_progress = [](const Unfinished& each) { return each.status != Status::queued; };
    bool is_full = !unfinished.empty() &&
                   std::ranges::count_if(unfinished, in_progress) >= unfinished.front().run_slots;
    // Another run of its job always stands before it; a run of another job does when every run slot
    // is taken. CI runs neither wait nor are waited for.
    for (const auto& run : runs) {
        if (!waits(run)) continue;
        for (const auto& other : unfinished) {
            bool before = in_progress(other) || other.id < run.id;
            if ((other.job_id == run.job_id && before) || (is_full && in_progress(other)))
                blockers[run.id].push_back(other.id);
        }
    }
    co_return blockers;
}

Awaitable<std::vector<AuditRow>> find_audit(pg::Connection& connection, Id account_id,
                                            std::vector<Id> run_ids) {
    MW_CO_TRY(auto rows, co_await connection.run(kAudit, account_id, run_ids));
    co_return rows.all<AuditRow>();
}

Awaitable<> notify_changed(pg::Connection& connection, Id id) {
    return execute(connection, kNotifyChanged, std::to_string(id));
}

Awaitable<> notify_log(pg::Connection& connection, Id id) {
    return execute(connection, kNotifyChanged, std::to_string(id) + " log");
}

Awaitable<> notify_queue(pg::Connection& connection) {
    return execute(connection, kNotifyQueue);
}

Awaitable<> notify_queued(pg::Connection& connection, Id id) {
    return execute(connection, kNotifyQueued, std::to_string(id));
}

Awaitable<> notify_cancel(pg::Connection& connection, Id id) {
    return execute(connection, kNotifyCancel, std::to_string(id));
}

}  // namespace mw::runs
