#include "base/offload.hpp"

#include <pthread.h>

#include <cassert>
#include <csignal>

namespace mw {

BlockingPool::BlockingPool(Options options) : queue_max_(options.queue_max) {
    assert(options.threads > 0);
    // Signals belong to the io thread, which waits for them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (std::size_t i = 0; i < options.threads; ++i)
        threads_.emplace_back([this] { serve(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BlockingPool::~BlockingPool() {
    stop();
}

bool BlockingPool::submit(Job& job) {
    {
        std::lock_guard lock(mutex_);
        if (stopping_ || queue_.size() >= queue_max_) return false;
        queue_.push_back(std::move(job));
    }
    wake_.notify_one();
    return true;
}

void BlockingPool::stop() {
    std::deque<Job> waiting;
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        waiting.swap(queue_);
    }
    wake_.notify_all();
    for (auto& job : waiting)
        job(Fate::discard);
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

void BlockingPool::serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        auto job = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        job(Fate::run);
        job = nullptr;
        lock.lock();
    }
}

namespace detail {

Error offload_threw(const char* what) {
    return {Errc::internal, "Something went wrong inside the server", what, {}};
}

Error offload_refused() {
    return {Errc::unavailable, "The server is too busy just now; try again", {}, {}};
}

Error offload_discarded() {
    return {Errc::cancelled, "The server is stopping", {}, {}};
}

}  // namespace detail

}  // namespace mw
