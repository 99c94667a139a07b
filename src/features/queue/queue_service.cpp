#include "features/queue/queue_service.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "features/runs/run_service.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::queue {
namespace {

using runs::Status;

// Takes the lease away if it is the one that is meant; the body of one transaction.
using TakeLease = std::function<Awaitable<bool>(pg::Connection&)>;

std::string lost_message(const LostRun& run, bool begun, const std::string& how) {
    if (!begun)
        return fmt::format(
            "The run could not be started: {} workers were lost before its first "
            "step began. The last one {}.",
            run.attempt, how);
    return fmt::format(
        "The worker that executed this run was lost: it {}. The steps that it had "
        "finished are kept; the one in progress may have been done in part.",
        how);
}

Awaitable<Fate> decide(pg::Connection& tx, Id run_id, const TakeLease& take_lease,
                       const std::string& how) {
    MW_CO_TRY(auto run, co_await lock_lost_run(tx, run_id));
    if (!run) co_return Fate::unchanged;
    MW_CO_TRY(auto taken, co_await take_lease(tx));
    auto status = static_cast<Status>(run->status);
    if (!taken || (status != Status::starting && status != Status::running))
        co_return Fate::unchanged;

    if (run->cancel_requested_at) {
        MW_CO_CHECK(co_await runs::finish_run(tx, run_id, Status::cancelled,
                                              run->cancel_reason.value_or("Cancelled.")));
        co_return Fate::ended;
    }
    MW_CO_TRY(auto step_begun, co_await any_step_begun(tx, run_id));
    bool begun = step_begun || status == Status::running;
    if (!begun && run->attempt < kAttemptsMax) {
        MW_CO_CHECK(co_await put_back(tx, run_id));
        MW_CO_CHECK(co_await notify_changed(tx, {run_id}));
        MW_CO_CHECK(co_await notify_queue(tx));
        co_return Fate::requeued;
    }
    MW_CO_CHECK(
        co_await runs::finish_run(tx, run_id, Status::error, lost_message(*run, begun, how)));
    co_return Fate::ended;
}

// "24 hours": limits are round numbers of something.
std::string in_words(int seconds) {
    return humanize_duration(std::chrono::seconds(seconds));
}

}  // namespace

Awaitable<std::vector<Claimed>> claim(pg::Pool& pool, ClaimRequest request) {
    auto body = [request](pg::Connection& tx) -> Awaitable<std::vector<Claimed>> {
        std::vector<Claimed> claimed;
        MW_CO_TRY(auto accounts, co_await lock_waiting_accounts(tx));
        if (accounts.empty()) co_return claimed;
        MW_CO_TRY(auto started, co_await start_queued(tx, accounts, request.worker,
                                                      request.capacity, request.now));
        if (started.empty()) co_return claimed;
        std::ranges::sort(started);
        std::vector<NewLease> leases;
        for (auto run_id : started) {
            auto token = crypto::random_token(crypto::kRunTokenPrefix);
            auto hash = crypto::hash_token(token);
            leases.push_back({run_id, hash});
            claimed.push_back({run_id, Secret(std::move(token)), std::move(hash)});
        }
        MW_CO_CHECK(co_await insert_leases(tx, leases, request.worker, request.now,
                                           request.now + request.lease));
        MW_CO_CHECK(co_await notify_changed(tx, started));
        co_return claimed;
    };
    co_return co_await pg::with_tx(pool, body);
}

Awaitable<std::vector<LostLease>> expire_leases(pg::Pool& pool, Timestamp now,
                                                std::chrono::seconds lease) {
    std::vector<LostLease> lost;
    std::vector<Id> expired;
    {
        MW_CO_TRY(auto connection, co_await pool.acquire());
        MW_CO_TRY(expired, co_await find_expired_leases(*connection, now));
    }
    auto how = fmt::format("was not heard from for {}", in_words(static_cast<int>(lease.count())));
    for (auto run_id : expired) {
        TakeLease take = [run_id, now](pg::Connection& tx) {
            return delete_expired_lease(tx, run_id, now);
        };
        auto body = [run_id, &take, &how](pg::Connection& tx) {
            return decide(tx, run_id, take, how);
        };
        MW_CO_TRY(auto fate, co_await pg::with_tx(pool, body));
        if (fate == Fate::unchanged) continue;
        log::warn("a run's worker was lost",
                  {{"run_id", run_id}, {"how", how}, {"requeued", fate == Fate::requeued}});
        lost.push_back({run_id, fate});
    }
    co_return lost;
}

Awaitable<Fate> release_after_exit(pg::Pool& pool, Id run_id, std::string token_hash,
                                   std::string how) {
    TakeLease take = [run_id, &token_hash](pg::Connection& tx) {
        return delete_lease_of(tx, run_id, token_hash);
    };
    auto body = [run_id, &take, &how](pg::Connection& tx) { return decide(tx, run_id, take, how); };
    MW_CO_TRY(auto fate, co_await pg::with_tx(pool, body));
    if (fate != Fate::unchanged)
        log::warn("a run's worker ended before the run did",
                  {{"run_id", run_id}, {"how", how}, {"requeued", fate == Fate::requeued}});
    co_return fate;
}

Awaitable<std::vector<Id>> stop_overdue_runs(pg::Pool& pool, Timestamp now) {
    auto body = [now](pg::Connection& tx) -> Awaitable<std::vector<Id>> {
        std::vector<Id> stopped;
        MW_CO_TRY(auto overdue, co_await find_overdue_runs(tx, now, kTimeoutGrace));
        for (const auto& run : overdue) {
            auto limit = in_words(run.allowed_seconds);
            auto reason = run.by_account
                              ? fmt::format(
                                    "This run was cancelled after running for {}, the most "
                                    "that the account allows.",
                                    limit)
                              : fmt::format("This run timed out after running for {}", limit);
            MW_CO_CHECK(co_await request_stop(tx, run.id, reason, now));
            MW_CO_CHECK(co_await notify_cancel(tx, run.id));
            MW_CO_CHECK(co_await notify_changed(tx, {run.id}));
            stopped.push_back(run.id);
        }
        co_return stopped;
    };
    co_return co_await pg::with_tx(pool, body);
}

Awaitable<std::vector<Id>> end_ignored_cancels(pg::Pool& pool, Timestamp now) {
    auto body = [now](pg::Connection& tx) -> Awaitable<std::vector<Id>> {
        std::vector<Id> ended;
        MW_CO_TRY(auto ignored, co_await find_ignored_cancels(tx, now - kCancelGrace));
        for (const auto& run : ignored) {
            MW_CO_CHECK(co_await runs::finish_run(tx, run.id, Status::cancelled,
                                                  run.cancel_reason.value_or("Cancelled.")));
            ended.push_back(run.id);
        }
        co_return ended;
    };
    co_return co_await pg::with_tx(pool, body);
}

Awaitable<std::vector<Id>> leased_runs(pg::Pool& pool) {
    MW_CO_TRY(auto connection, co_await pool.acquire());
    co_return co_await find_leased_runs(*connection);
}

}  // namespace mw::queue
