#include "roles/scheduler/janitor.hpp"

#include <algorithm>
#include <filesystem>

#include "base/log.hpp"
#include "features/chat/message_store.hpp"
#include "features/commit_reports/report_store.hpp"
#include "features/connection_tests/connection_test_store.hpp"
#include "features/firings/firing_store.hpp"
#include "features/git_hosts/delivery_store.hpp"
#include "features/history/result_store.hpp"
#include "features/mail/mail_store.hpp"
#include "features/pull_request_schemas/schema_store.hpp"
#include "features/queue/queue_service.hpp"
#include "features/retention/retention_service.hpp"
#include "features/run_log/log_flush.hpp"
#include "features/run_log/log_store.hpp"
#include "features/runs/run_request_store.hpp"
#include "features/webhooks/outbox_store.hpp"

namespace mw::scheduler {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kFlushBatch = 20;
constexpr int kRemoveBatch = 50;
constexpr auto kReapEvery = 5min;
constexpr std::chrono::days kLogDaysAhead{3};
constexpr std::chrono::days kResultDaysAhead{15};
// Since a run last used it.
constexpr auto kKeepCached = std::chrono::days(30);
// By then nobody asks again whether a run was made.
constexpr auto kKeepRequests = std::chrono::hours(48);
// Of webhooks, with their receipts (contract 4.1).
constexpr auto kKeepEvents = std::chrono::days(30);
constexpr auto kKeepDeliveries = std::chrono::days(30);
constexpr auto kKeepLetters = std::chrono::days(30);
constexpr auto kKeepReports = std::chrono::days(90);
// Longer than any clock is ever wrong: until then a time that is set back can't fire again.
constexpr auto kKeepFirings = std::chrono::days(60);

void log_removed(const char* what, int count) {
    if (count == 0) return;
    log::info("removed what has outlived its time", {{"what", what}, {"count", count}});
}

// A folder of some files or folders: not worth a thread.
int remove_old_entries(const std::filesystem::path& folder, std::chrono::hours age) {
    int removed = 0;
    std::error_code error;
    auto oldest = std::filesystem::file_time_type::clock::now() - age;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.last_write_time(error) < oldest && !error)
            removed += std::filesystem::remove_all(entry.path(), error) > 0 && !error ? 1 : 0;
    return removed;
}

}  // namespace

asio::awaitable<result<bool>> Janitor::flush_logs() {
    MW_CO_TRY(auto flushed, co_await run_log::flush_finished_runs(
                                pool_, objects_, now() - options_.log_flush, kFlushBatch));
    co_return flushed == kFlushBatch;
}

asio::awaitable<result<>> Janitor::remove_old_runs() {
    for (int removed = 0;;) {
        MW_CO_TRY(auto batch, co_await retention::remove_old_runs(
                                  pool_, objects_, now() - options_.run_retention, kRemoveBatch));
        removed += batch;
        if (batch == kRemoveBatch) continue;
        log_removed("runs", removed);
        co_return result<>{};
    }
}

asio::awaitable<result<>> Janitor::keep_partitions(std::chrono::sys_days today) {
    constexpr std::chrono::days kDay{1};
    MW_CO_CHECK(
        co_await pg::create_partitions(pool_, run_log::kLog, today - kDay, today + kLogDaysAhead));
    MW_CO_CHECK(co_await pg::drop_empty_partitions(pool_, run_log::kLog, today - kDay));
    MW_CO_CHECK(
        co_await pg::create_partitions(pool_, history::kResults, today, today + kResultDaysAhead));
    MW_CO_TRY(auto months, co_await pg::drop_partitions(pool_, history::kResults,
                                                        today - options_.history_retention));
    log_removed("months of results", months);
    co_return result<>{};
}

asio::awaitable<result<>> Janitor::hourly() {
    MW_CO_CHECK(co_await keep_partitions(std::chrono::floor<std::chrono::days>(now())));
    MW_CO_TRY(auto sessions, co_await retention::delete_sessions(pool_, now()));
    log_removed("sessions", sessions);
    MW_CO_TRY(auto tests, co_await connection_tests::delete_old_tests(pool_, 24h));
    log_removed("connection tests", tests);
    MW_CO_TRY(auto requests, co_await runs::delete_old_requests(pool_, kKeepRequests));
    log_removed("keys of requests", requests);
    MW_CO_TRY(auto events, co_await webhooks::delete_old_events(pool_, kKeepEvents));
    log_removed("webhook events", events);
    MW_CO_TRY(auto reports, co_await commit_reports::delete_old_reports(pool_, kKeepReports));
    log_removed("reports of commits", reports);
    MW_CO_TRY(auto deliveries, co_await git_hosts::delete_old_deliveries(pool_, kKeepDeliveries));
    log_removed("webhooks of git hosts", deliveries);
    MW_CO_TRY(auto letters, co_await mail::delete_old_letters(pool_, kKeepLetters));
    log_removed("letters", letters);
    MW_CO_TRY(auto messages, co_await chat::delete_old_messages(pool_, kKeepLetters));
    log_removed("chat messages", messages);
    {
        MW_CO_TRY(auto connection, co_await pool_.acquire());
        MW_CO_TRY(auto firings,
                  co_await firings::delete_firings(*connection, now() - kKeepFirings));
        log_removed("schedule firings", firings);
    }
    log_removed("parse caches", remove_old_entries(options_.parse_cache_dir, kKeepCached));
    log_removed("package caches", remove_old_entries(options_.package_cache_dir, kKeepCached));
    co_return co_await remove_old_runs();
}

asio::awaitable<result<>> Janitor::drop_schemas() {
    auto settle = [](pg::Connection& tx) { return pull_request_schemas::settle_errands(tx); };
    MW_CO_TRY(auto dropped, co_await pg::with_tx(pool_, settle));
    log_removed("schemas of pull requests", dropped);
    auto send = [](pg::Connection& tx) { return pull_request_schemas::send_errands(tx); };
    MW_CO_CHECK(co_await pg::with_tx(pool_, send));
    co_return result<>{};
}

asio::awaitable<result<>> Janitor::reap_workspaces() {
    // A worker whose record was lost is known by its lease alone.
    auto leased_work = [this]() -> asio::awaitable<result<std::vector<executor::WorkId>>> {
        MW_CO_TRY(auto leased, co_await queue::leased_runs(pool_));
        std::vector<executor::WorkId> work;
        for (auto run_id : leased)
            work.push_back({executor::Kind::run, run_id});
        co_return work;
    };
    MW_CO_TRY(auto reaped, co_await workers_.reap(leased_work));
    log_removed("workspaces", reaped);
    co_return result<>{};
}

asio::awaitable<result<milliseconds>> Janitor::pass() {
    MW_CO_TRY(auto more_logs, co_await flush_logs());
    MW_CO_CHECK(co_await drop_schemas());
    if (Steady::now() >= reap_at_) {
        MW_CO_CHECK(co_await reap_workspaces());
        reap_at_ = Steady::now() + kReapEvery;
    }
    if (Steady::now() >= hourly_at_) {
        MW_CO_CHECK(co_await hourly());
        hourly_at_ = Steady::now() + 1h;
    }
    if (more_logs) co_return 0ms;
    co_return std::clamp<milliseconds>(options_.log_flush / 2, 1s, 15s);
}

}  // namespace mw::scheduler
