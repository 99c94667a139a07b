#include "roles/supervisor/leftovers.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <set>

#include "base/log.hpp"
#include "infra/process/proc_info.hpp"
#include "infra/process/process.hpp"
#include "roles/supervisor/status_file.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 50ms;
constexpr auto kAfterKill = 5s;

asio::awaitable<void> pause() {
    asio::steady_timer timer(co_await asio::this_coro::executor, kLookEvery);
    co_await timer.async_wait(asio::use_awaitable);
}

// The group, unless it is ours.
void kill_with_group(pid_t pid) {
    auto group = ::getpgid(pid);
    if (group > 0 && group != ::getpgrp()) ::kill(-group, SIGKILL);
    ::kill(pid, SIGKILL);
}

std::vector<ProcessStatus> roles_of(const Status& status) {
    auto running = still_running(status);
    // The old supervisor is gone, since we hold its lock.
    std::erase_if(running, [](const auto& one) { return one.role == "supervisor"; });
    return running;
}

}  // namespace

asio::awaitable<result<>> await_leftovers(std::filesystem::path status_file,
                                          std::chrono::milliseconds patience) {
    auto status = read_status(status_file);
    if (!status) co_return result<>{};
    auto begun = steady_clock::now();
    bool killed = false;
    for (;;) {
        auto running = roles_of(*status);
        if (running.empty()) co_return result<>{};
        auto waited = steady_clock::now() - begun;
        if (waited > patience + kAfterKill)
            co_return fail(Errc::timeout,
                           fmt::format("{} (pid {}) of an earlier Millwright does not end",
                                       running.front().role, running.front().pid));
        if (waited > patience && !killed) {
            killed = true;
            for (const auto& process : running) {
                log::warn("killing a process of an earlier supervisor",
                          {{"name", process.role}, {"pid", process.pid}});
                kill_with_group(process.pid);
            }
        }
        co_await pause();
    }
}

asio::awaitable<void> end_adopted(steady_clock::time_point deadline) {
    std::set<pid_t> asked;
    for (;;) {
        process::reap_adopted_children();
        auto adopted = process::adopted_children();
        if (adopted.empty()) co_return;
        bool late = steady_clock::now() >= deadline;
        if (late && steady_clock::now() > deadline + kAfterKill) co_return;
        for (pid_t pid : adopted) {
            if (late)
                kill_with_group(pid);
            else if (asked.insert(pid).second)
                ::kill(pid, SIGTERM);
        }
        co_await pause();
    }
}

}  // namespace mw::supervisor
