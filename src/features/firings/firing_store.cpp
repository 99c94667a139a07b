#include "features/firings/firing_store.hpp"

namespace mw::firings {
namespace {

#define MW_SCHEDULED_JOBS                                                            \
    " FROM jobs j JOIN environments e ON e.id = j.environment_id"                    \
    " JOIN projects p ON p.id = j.project_id JOIN accounts a ON a.id = j.account_id" \
    " WHERE j.state = 1 AND j.schedule_enabled AND e.state = 1 AND p.state = 1 AND a.state = 1 "

const pg::Query kFindDue{"firings.find_due",
                         "SELECT j.id" MW_SCHEDULED_JOBS
                         "AND j.next_run_at <= $1 ORDER BY j.next_run_at, j.id"};

const pg::Query kNextDue{"firings.next_due", "SELECT min(j.next_run_at) AS at" MW_SCHEDULED_JOBS};

const pg::Query kLockDue{"firings.lock_due",
                         "SELECT j.id, j.account_id, j.cron, j.next_run_at" MW_SCHEDULED_JOBS
                         "AND j.id = $1 AND j.next_run_at <= $2 FOR NO KEY UPDATE OF j"};

const pg::Query kInsert{"firings.insert", R"(
INSERT INTO schedule_firings (job_id, due_at, fired_at) VALUES ($1, $2, $3)
ON CONFLICT (job_id, due_at) DO NOTHING)"};

const pg::Query kSetRun{
    "firings.set_run", "UPDATE schedule_firings SET run_id = $3 WHERE job_id = $1 AND due_at = $2"};

const pg::Query kSetNextRun{"firings.set_next_run",
                            "UPDATE jobs SET next_run_at = $2 WHERE id = $1"};

const pg::Query kFindPlanned{"firings.find_planned",
                             "SELECT j.id, j.cron, j.next_run_at" MW_SCHEDULED_JOBS
                             "AND (j.next_run_at IS NULL OR j.next_run_at > $1) ORDER BY j.id"};

const pg::Query kReplan{"firings.replan", R"(
UPDATE jobs SET next_run_at = $4
WHERE id = $1 AND cron = $2 AND next_run_at IS NOT DISTINCT FROM $3
  AND state = 1 AND schedule_enabled)"};

const pg::Query kDelete{"firings.delete", "DELETE FROM schedule_firings WHERE due_at < $1"};

}  // namespace

Awaitable<std::vector<Id>> find_due_jobs(pg::Connection& connection, Timestamp now) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindDue, now));
    co_return rows.column<Id>("id");
}

Awaitable<std::optional<Timestamp>> find_next_due(pg::Connection& connection) {
    MW_CO_TRY(auto rows, co_await connection.run(kNextDue));
    if (rows.is_null(0, "at")) co_return std::nullopt;
    co_return rows.get<Timestamp>(0, "at");
}

Awaitable<std::optional<DueJob>> lock_due_job(pg::Connection& tx, Id job_id, Timestamp now) {
    MW_CO_TRY(auto rows, co_await tx.run(kLockDue, job_id, now));
    co_return rows.first<DueJob>();
}

Awaitable<bool> insert_firing(pg::Connection& tx, Id job_id, Timestamp due_at, Timestamp now) {
    MW_CO_TRY(auto rows, co_await tx.run(kInsert, job_id, due_at, now));
    co_return rows.affected() > 0;
}

Awaitable<> set_firing_run(pg::Connection& tx, Id job_id, Timestamp due_at, Id run_id) {
    MW_CO_CHECK(co_await tx.run(kSetRun, job_id, due_at, run_id));
    co_return result<>{};
}

Awaitable<> set_next_run(pg::Connection& tx, Id job_id, std::optional<Timestamp> next_run_at) {
    MW_CO_CHECK(co_await tx.run(kSetNextRun, job_id, next_run_at));
    co_return result<>{};
}

Awaitable<std::vector<PlannedJob>> find_planned_jobs(pg::Connection& connection, Timestamp now) {
    MW_CO_TRY(auto rows, co_await connection.run(kFindPlanned, now));
    co_return rows.all<PlannedJob>();
}

Awaitable<bool> replan(pg::Connection& connection, const PlannedJob& read, Timestamp next_run_at) {
    MW_CO_TRY(auto rows,
              co_await connection.run(kReplan, read.id, read.cron, read.next_run_at, next_run_at));
    co_return rows.affected() > 0;
}

Awaitable<int> delete_firings(pg::Connection& connection, Timestamp due_before) {
    MW_CO_TRY(auto rows, co_await connection.run(kDelete, due_before));
    co_return static_cast<int>(rows.affected());
}

}  // namespace mw::firings
