#include "features/firings/completion_service.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "features/audit/audit_store.hpp"
#include "features/firings/refusal.hpp"
#include "features/runs/run_service.hpp"

namespace mw::firings {
namespace {

enum class Outcome { fired, skipped, nothing_waits };

std::string cause_of(const Follower& follower) {
    auto status = static_cast<runs::Status>(follower.status);
    return fmt::format("Run {} of {} ended: {}", follower.after_run_id, follower.after_job,
                       runs::humanized(status));
}

Awaitable<Outcome> fire_next(pg::Connection& tx, std::optional<Follower>& follower) {
    MW_CO_TRY(follower, co_await lock_follower(tx));
    if (!follower) co_return Outcome::nothing_waits;
    if (!follower->may_run) {
        MW_CO_CHECK(co_await set_follower_fired(tx, *follower, std::nullopt));
        co_return Outcome::skipped;
    }
    MW_CO_TRY(auto run, co_await runs::create_run(
                            tx, {.account_id = follower->account_id,
                                 .job_id = follower->job_id,
                                 .cause = cause_of(*follower),
                                 .cause_category = std::string(runs::kCauseCompletion)}));
    MW_CO_CHECK(co_await set_follower_fired(tx, *follower, run.id));
    log::info("a job runs after another", {{"job_id", follower->job_id},
                                           {"run_id", run.id},
                                           {"after_run_id", follower->after_run_id}});
    co_return Outcome::fired;
}

Awaitable<Outcome> skip(pg::Connection& tx, const Follower& follower, const Error& why) {
    MW_CO_CHECK(co_await set_follower_fired(tx, follower, std::nullopt));
    MW_CO_CHECK(co_await audit::record_system(
        tx, follower.account_id, "scheduler",
        {"job.completion_skipped",
         "job",
         follower.job_id,
         {{"after_run_id", follower.after_run_id}, {"reason", why.message}}}));
    co_return Outcome::skipped;
}

}  // namespace

Awaitable<int> fire_completions(pg::Pool& pool) {
    for (int fired = 0;;) {
        std::optional<Follower> follower;
        auto outcome = co_await pg::with_tx(
            pool, [&follower](pg::Connection& tx) { return fire_next(tx, follower); });
        if (!outcome && follower && is_refusal(outcome.error())) {
            log::warn("a job that follows another could not be run and is left out",
                      {{"job_id", follower->job_id}, {"error", outcome.error().message}});
            auto why = outcome.error();
            outcome = co_await pg::with_tx(
                pool, [&](pg::Connection& tx) { return skip(tx, *follower, why); });
        }
        if (!outcome) co_return fail(std::move(outcome).error());
        if (*outcome == Outcome::nothing_waits) co_return fired;
        if (*outcome == Outcome::fired) ++fired;
    }
}

}  // namespace mw::firings
