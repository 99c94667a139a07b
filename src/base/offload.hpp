// Blocking work away from the io thread: a bounded pool of threads, awaited by a coroutine.
//
//   auto hash = co_await offload(pool, [password] { return crypto::hash_password(password); });
//
// `work` runs once on a pool thread; the coroutine goes on on its own executor. Work that returns
// result<T> gives result<T>; work that returns T gives result<T>.
// Errors of offload itself: `unavailable` when the queue is full, `cancelled` when the pool
// stops before the work begins, `internal` when the work throws.
//
// The wait can't be cancelled, so `work` may refer to what the coroutine holds: it is gone
// before the coroutine resumes. A pool must be destroyed before the io_context of its callers.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace mw {

class BlockingPool {
  public:
    struct Options {
        std::size_t threads = 4;
        std::size_t queue_max = 1024;
    };
    enum class Fate { run, discard };
    using Job = std::move_only_function<void(Fate)>;

    BlockingPool() : BlockingPool(Options{}) {}
    explicit BlockingPool(Options options);
    BlockingPool(const BlockingPool&) = delete;
    BlockingPool& operator=(const BlockingPool&) = delete;
    ~BlockingPool();

    // Takes `job` unless the queue is full or the pool stops: then it is left untouched. A job
    // that is taken is called exactly once. Any thread.
    bool submit(Job& job);

    // Discards what waits, lets what runs finish, joins the threads. Idempotent.
    void stop();

  private:
    void serve();

    const std::size_t queue_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

namespace detail {

template <class T>
struct OffloadResult {
    using type = result<T>;
};
template <class T>
struct OffloadResult<result<T>> {
    using type = result<T>;
};

Error offload_threw(const char* what);
Error offload_refused();
Error offload_discarded();

// The boundary: whatever the work throws becomes an error.
template <class Result, class Work>
Result run_offloaded(Work& work) {
    try {
        if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
            work();
            return {};
        } else {
            return Result(work());
        }
    } catch (const std::exception& thrown) {
        return fail(offload_threw(thrown.what()));
    } catch (...) {
        return fail(offload_threw("not a std::exception"));
    }
}

}  // namespace detail

template <class Work>
using offload_result_t = typename detail::OffloadResult<std::invoke_result_t<Work&>>::type;

template <class Work>
boost::asio::awaitable<offload_result_t<Work>> offload(BlockingPool& pool, Work work) {
    namespace asio = boost::asio;
    using Result = offload_result_t<Work>;
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Result)>(
        [&pool](auto handler, Work inner) {
            auto executor = asio::prefer(asio::get_associated_executor(handler),
                                         asio::execution::outstanding_work.tracked);
            auto deliver = [executor, handler = std::move(handler)](Result outcome) mutable {
                asio::post(executor,
                           [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
                               std::move(handler)(std::move(outcome));
                           });
            };
            // Shared, because a refused job must still be able to deliver.
            auto finish = std::make_shared<decltype(deliver)>(std::move(deliver));
            BlockingPool::Job job = [finish, work = std::optional<Work>(std::move(inner))](
                                        BlockingPool::Fate fate) mutable {
                Result outcome = fate == BlockingPool::Fate::run
                                     ? detail::run_offloaded<Result>(*work)
                                     : Result(fail(detail::offload_discarded()));
                work.reset();  // before the coroutine can resume and outlive what it refers to
                (*finish)(std::move(outcome));
            };
            if (!pool.submit(job)) {
                job = nullptr;
                (*finish)(fail(detail::offload_refused()));
            }
        },
        asio::use_awaitable, std::move(work));
}

}  // namespace mw
