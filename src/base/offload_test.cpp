#include "base/offload.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <latch>
#include <memory>
#include <stdexcept>

namespace mw {
namespace {

namespace asio = boost::asio;

// Runs the coroutine to its end on this thread.
template <class Coroutine>
void run(asio::io_context& ioc, Coroutine coroutine) {
    std::exception_ptr thrown;
    asio::co_spawn(ioc, std::move(coroutine), [&](std::exception_ptr error) { thrown = error; });
    ioc.restart();
    ioc.run();
    if (thrown) std::rethrow_exception(thrown);
}

TEST(Offload, RunsElsewhereAndResumesHere) {
    asio::io_context ioc{1};
    BlockingPool pool({.threads = 2, .queue_max = 8});
    run(ioc, [&]() -> asio::awaitable<void> {
        auto here = std::this_thread::get_id();
        auto there = co_await offload(pool, [] { return std::this_thread::get_id(); });
        EXPECT_TRUE(there.has_value());
        EXPECT_NE(there.value(), here);
        EXPECT_EQ(std::this_thread::get_id(), here);
    });
}

TEST(Offload, KeepsResultsValuesAndVoid) {
    asio::io_context ioc{1};
    BlockingPool pool;
    run(ioc, [&]() -> asio::awaitable<void> {
        result<int> value = co_await offload(pool, [] { return 7; });
        EXPECT_EQ(value.value(), 7);
        int seen = 0;
        result<> nothing = co_await offload(pool, [&seen] { seen = 3; });
        EXPECT_TRUE(nothing);
        EXPECT_EQ(seen, 3);
        auto moved = co_await offload(
            pool, [owned = std::make_unique<int>(5)]() mutable { return std::move(owned); });
        EXPECT_EQ(*moved.value(), 5);
        auto failed = co_await offload(
            pool, []() -> result<std::string> { return fail(Errc::not_found, "none"); });
        EXPECT_EQ(failed.error().code, Errc::not_found);
    });
}

TEST(Offload, ThrowingWorkIsAnInternalError) {
    asio::io_context ioc{1};
    BlockingPool pool;
    run(ioc, [&]() -> asio::awaitable<void> {
        auto thrown = co_await offload(pool, []() -> int { throw std::runtime_error("oh no"); });
        EXPECT_EQ(thrown.error().code, Errc::internal);
        EXPECT_EQ(thrown.error().detail, "oh no");
        EXPECT_EQ(thrown.error().message.find("oh no"), std::string::npos);
        auto odd = co_await offload(pool, []() -> int { throw 7; });
        EXPECT_EQ(odd.error().code, Errc::internal);
    });
}

TEST(Offload, CapturesAreGoneBeforeTheCallerResumes) {
    asio::io_context ioc{1};
    BlockingPool pool;
    run(ioc, [&]() -> asio::awaitable<void> {
        auto watched = std::make_shared<int>(1);
        auto seen = co_await offload(pool, [copy = watched] { return *copy; });
        EXPECT_EQ(seen.value(), 1);
        EXPECT_EQ(watched.use_count(), 1);
    });
}

TEST(Offload, FullQueueIsRefusedAtOnce) {
    asio::io_context ioc{1};
    BlockingPool pool({.threads = 1, .queue_max = 1});
    std::latch started(1), release(1);
    int finished = 0;
    auto occupy = [&]() -> asio::awaitable<void> {
        auto done = co_await offload(pool, [&] {
            started.count_down();
            release.wait();
        });
        EXPECT_TRUE(done);
        ++finished;
    };
    auto queued = [&]() -> asio::awaitable<void> {
        EXPECT_TRUE(co_await offload(pool, [] {}));
        ++finished;
    };
    asio::co_spawn(ioc, occupy, asio::detached);
    ioc.poll();
    started.wait();
    asio::co_spawn(ioc, queued, asio::detached);
    ioc.poll();
    run(ioc, [&]() -> asio::awaitable<void> {
        auto refused = co_await offload(pool, [] { return 1; });
        EXPECT_EQ(refused.error().code, Errc::unavailable);
        release.count_down();
    });
    EXPECT_EQ(finished, 2);
}

TEST(Offload, StopDiscardsWhatWaitsAndFinishesWhatRuns) {
    asio::io_context ioc{1};
    BlockingPool pool({.threads = 1, .queue_max = 8});
    std::latch started(1), release(1);
    bool ran = false, discarded = false;
    auto running = [&]() -> asio::awaitable<void> {
        auto done = co_await offload(pool, [&] {
            started.count_down();
            release.wait();
        });
        ran = done.has_value();
    };
    auto waiting = [&]() -> asio::awaitable<void> {
        auto done = co_await offload(pool, [] {});
        discarded = !done && done.error().code == Errc::cancelled;
        release.count_down();
    };
    asio::co_spawn(ioc, running, asio::detached);
    ioc.poll();
    started.wait();
    asio::co_spawn(ioc, waiting, asio::detached);
    ioc.poll();
    std::thread stopper([&] { pool.stop(); });
    ioc.restart();
    ioc.run();
    stopper.join();
    EXPECT_TRUE(ran);
    EXPECT_TRUE(discarded);

    run(ioc, [&]() -> asio::awaitable<void> {
        auto refused = co_await offload(pool, [] {});
        EXPECT_EQ(refused.error().code, Errc::unavailable);
    });
}

TEST(Offload, DestroyedCallerIsHarmless) {
    // The io_context goes with a wait pending: the coroutine is destroyed, nothing runs twice.
    auto pool = std::make_unique<BlockingPool>(BlockingPool::Options{.threads = 1, .queue_max = 4});
    std::latch started(1), release(1);
    {
        asio::io_context ioc{1};
        auto waiting = [&]() -> asio::awaitable<void> {
            (void)co_await offload(*pool, [&] {
                started.count_down();
                release.wait();
            });
            ADD_FAILURE() << "must not resume";
        };
        asio::co_spawn(ioc, waiting, asio::detached);
        ioc.poll();
        started.wait();
        release.count_down();
        pool.reset();
    }
}

}  // namespace
}  // namespace mw
