#include "roles/scheduler/queue_loop.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "features/connection_tests/connection_test_store.hpp"

namespace mw::scheduler {

namespace asio = boost::asio;
using executor::Kind;
using namespace std::chrono_literals;

namespace {

// What the process of a test has beyond the test itself, to begin and to tell.
constexpr auto kTestSlack = 60s;
constexpr int kTestsAtOnce = 2;

}  // namespace

asio::awaitable<result<>> QueueLoop::settle_ended() {
    auto ended = workers_.take_ended();
    unsettled_.insert(unsettled_.end(), ended.begin(), ended.end());
    while (!unsettled_.empty()) {
        const auto end = unsettled_.back();
        auto how = stopping_ ? "was stopped together with Millwright" : end.how;
        if (end.work.kind == Kind::run)
            MW_CO_CHECK(
                co_await queue::release_after_exit(pool_, end.work.id, end.token_hash, how));
        // One that has told its result has no key any more.
        if (end.work.kind == Kind::connection_test)
            MW_CO_CHECK(co_await connection_tests::finish_test(
                pool_, end.token_hash,
                {.message = fmt::format("The process that did the test {}.", how)}));
        // New ends are only added between passes, so it is still the last.
        unsettled_.pop_back();
    }
    co_return result<>{};
}

asio::awaitable<result<bool>> QueueLoop::start_claimed(std::vector<queue::Claimed> claimed) {
    bool all_started = true;
    for (auto& run : claimed) {
        executor::WorkId work{Kind::run, run.run_id};
        result<> started = fail(Errc::cancelled, "Millwright is stopping");
        if (!stopping_)
            started = co_await workers_.start({work, std::move(run.token), run.token_hash});
        if (started) {
            log::info("run started", {{"run_id", run.run_id}});
            continue;
        }
        if (!stopping_)
            log::error("a worker could not be started",
                       {{"run_id", run.run_id}, {"error", started.error().message}});
        all_started = false;
        unsettled_.push_back(
            {work, run.token_hash, "could not be started: " + started.error().message});
    }
    if (!all_started) MW_CO_CHECK(co_await settle_ended());
    co_return all_started;
}

// They take no run slot: somebody sits and waits for each.
asio::awaitable<result<>> QueueLoop::start_tests() {
    MW_CO_TRY(auto overdue,
              co_await connection_tests::end_overdue(pool_, options_.connection_test + kTestSlack));
    for (auto id : overdue)
        workers_.cancel({Kind::connection_test, id}, 0ms);
    if (stopping_) co_return result<>{};
    MW_CO_TRY(auto claimed, co_await connection_tests::claim_tests(pool_, kTestsAtOnce));
    for (auto& test : claimed) {
        auto started = co_await workers_.start(
            {{Kind::connection_test, test.id}, std::move(test.token), test.token_hash});
        if (started) continue;
        MW_CO_CHECK(co_await connection_tests::finish_test(
            pool_, test.token_hash,
            {.message = "The test could not be started: " + started.error().message}));
    }
    co_return result<>{};
}

asio::awaitable<result<std::chrono::milliseconds>> QueueLoop::pass() {
    MW_CO_CHECK(co_await settle_ended());
    MW_CO_CHECK(co_await start_tests());
    while (!stopping_) {
        MW_CO_TRY(auto claimed, co_await queue::claim(pool_, {.worker = options_.worker,
                                                              .capacity = options_.max_runs,
                                                              .lease = options_.lease,
                                                              .now = now()}));
        if (claimed.empty()) break;
        MW_CO_TRY(auto all_started, co_await start_claimed(std::move(claimed)));
        // A machine that can't start a worker now does not try the rest of the queue on it.
        if (!all_started) break;
    }
    co_return options_.poll;
}

}  // namespace mw::scheduler
