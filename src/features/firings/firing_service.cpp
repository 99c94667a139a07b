#include "features/firings/firing_service.hpp"

#include "base/log.hpp"
#include "features/audit/audit_store.hpp"
#include "features/firings/refusal.hpp"
#include "features/runs/run_service.hpp"
#include "features/schedules/cron.hpp"

namespace mw::firings {
namespace {

using schedules::Cron;

enum class Outcome { fired, nothing_due, skipped };

// The time that is fired for, out of all that were missed, and the one after it.
struct Due {
    Timestamp at;
    std::optional<Timestamp> next;
};

Due due_of(const DueJob& job, const Cron& cron, Timestamp now) {
    // None when the schedule was changed behind next_run_at's back: then that time itself.
    auto latest = cron.latest_until(now, job.next_run_at);
    return {latest.value_or(job.next_run_at), cron.next_after(now)};
}

Awaitable<Outcome> fire(pg::Connection& tx, Id job_id, Timestamp now) {
    MW_CO_TRY(auto job, co_await lock_due_job(tx, job_id, now));
    if (!job) co_return Outcome::nothing_due;
    auto cron = Cron::parse(job->cron);
    if (!cron) {
        log::error("a job's schedule is not a cron expression and is ignored",
                   {{"job_id", job_id}, {"error", cron.error().message}});
        MW_CO_CHECK(co_await set_next_run(tx, job_id, std::nullopt));
        co_return Outcome::nothing_due;
    }
    auto due = due_of(*job, *cron, now);
    MW_CO_CHECK(co_await set_next_run(tx, job_id, due.next));
    MW_CO_TRY(auto first_time, co_await insert_firing(tx, job_id, due.at, now));
    if (!first_time) co_return Outcome::nothing_due;
    MW_CO_TRY(auto run,
              co_await runs::create_run(tx, {.account_id = job->account_id,
                                             .job_id = job_id,
                                             .cause = "scheduled",
                                             .cause_category = std::string(runs::kCauseScheduled),
                                             .is_scheduled = true}));
    MW_CO_CHECK(co_await set_firing_run(tx, job_id, due.at, run.id));
    log::info("schedule fired",
              {{"job_id", job_id}, {"run_id", run.id}, {"due_at", format_rfc3339(due.at)}});
    co_return Outcome::fired;
}

// The due time counts as fired, without a run; the audit log says why.
Awaitable<Outcome> skip(pg::Connection& tx, Id job_id, Timestamp now, const Error& why) {
    MW_CO_TRY(auto job, co_await lock_due_job(tx, job_id, now));
    auto cron = job ? Cron::parse(job->cron) : fail(Errc::not_found, "");
    if (!cron) co_return Outcome::nothing_due;
    auto due = due_of(*job, *cron, now);
    MW_CO_CHECK(co_await set_next_run(tx, job_id, due.next));
    MW_CO_TRY(auto first_time, co_await insert_firing(tx, job_id, due.at, now));
    if (!first_time) co_return Outcome::nothing_due;
    MW_CO_CHECK(co_await audit::record_system(
        tx, job->account_id, "scheduler",
        {"job.schedule_skipped",
         "job",
         job_id,
         {{"due_at", format_rfc3339(due.at)}, {"reason", why.message}}}));
    co_return Outcome::skipped;
}

Awaitable<Outcome> fire_or_skip(pg::Pool& pool, Id job_id, Timestamp now) {
    auto fired = co_await pg::with_tx(
        pool, [job_id, now](pg::Connection& tx) { return fire(tx, job_id, now); });
    if (fired || !is_refusal(fired.error())) co_return fired;
    log::warn("a scheduled run could not be made and is left out",
              {{"job_id", job_id}, {"error", fired.error().message}});
    const auto& why = fired.error();
    co_return co_await pg::with_tx(
        pool, [job_id, now, &why](pg::Connection& tx) { return skip(tx, job_id, now, why); });
}

}  // namespace

Awaitable<FireReport> fire_due(pg::Pool& pool, Timestamp now) {
    FireReport report;
    std::vector<Id> due;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_TRY(due, co_await find_due_jobs(*connection, now));
    }
    for (auto job_id : due) {
        auto outcome = co_await fire_or_skip(pool, job_id, now);
        if (!outcome && outcome.error().code == Errc::unavailable)
            co_return fail(std::move(outcome).error());
        if (!outcome) {
            log::error("a schedule could not be fired",
                       {{"job_id", job_id}, {"error", outcome.error().detail}});
            ++report.failed;
        } else if (*outcome != Outcome::nothing_due) {
            ++(*outcome == Outcome::fired ? report.fired : report.skipped);
        }
    }
    MW_CO_TRY(auto connection, co_await pool.acquire());
    MW_CO_TRY(report.next_due, co_await find_next_due(*connection));
    co_return report;
}

Awaitable<int> replan_schedules(pg::Pool& pool, Timestamp now) {
    int corrected = 0;
    MW_CO_TRY(auto connection, co_await pool.acquire());
    MW_CO_TRY(auto planned, co_await find_planned_jobs(*connection, now));
    for (const auto& job : planned) {
        auto cron = Cron::parse(job.cron);
        auto next = cron ? cron->next_after(now) : std::nullopt;
        if (!next || (job.next_run_at && *job.next_run_at <= *next)) continue;
        MW_CO_TRY(auto done, co_await replan(*connection, job, *next));
        if (!done) continue;
        log::warn("a schedule's next time was corrected",
                  {{"job_id", job.id}, {"next_run_at", format_rfc3339(*next)}});
        ++corrected;
    }
    co_return corrected;
}

}  // namespace mw::firings
