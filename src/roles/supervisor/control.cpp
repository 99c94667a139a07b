#include "roles/supervisor/control.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "base/layout.hpp"
#include "base/time.hpp"
#include "base/unique_fd.hpp"
#include "roles/supervisor/run_groups.hpp"
#include "roles/supervisor/status_file.hpp"
#include "roles/supervisor/supervisor_lock.hpp"

namespace mw::supervisor {
namespace {

constexpr int kStopLimitMs = 15000;
constexpr int kNotRunning = 3;

int complain(const Error& error) {
    fmt::print(stderr, "millwright: {}\n", error.message);
    return 1;
}

std::string uptime(Timestamp since) {
    return format_duration(std::chrono::duration_cast<std::chrono::seconds>(now() - since));
}

result<> stop_supervisor(pid_t pid) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd && errno == ESRCH) return {};
    if (!pidfd || ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGTERM, nullptr, 0) != 0) {
        if (errno == ESRCH) return {};
        return fail(Errc::forbidden,
                    fmt::format("the supervisor (pid {}) cannot be stopped: {}; run this as the "
                                "user that started it, or as root",
                                pid, std::strerror(errno)));
    }
    pollfd wait{pidfd.get(), POLLIN, 0};
    int ready = 0;
    do {
        ready = ::poll(&wait, 1, kStopLimitMs);
    } while (ready < 0 && errno == EINTR);
    if (ready == 1) return {};
    return fail(Errc::timeout,
                fmt::format("the supervisor (pid {}) still runs after {} s; its log says why", pid,
                            kStopLimitMs / 1000));
}

// What the supervisor with this pid has published; one that has only just begun may not have,
// and the file is then its predecessor's.
Status status_of(const Layout& layout, pid_t supervisor) {
    auto read = read_status(layout.status_file);
    if (read && !read->processes.empty() && read->processes.front().pid == supervisor)
        return *std::move(read);
    Status starting;
    starting.run_dir = layout.run_dir.string();
    starting.started_at = now();
    return starting;
}

void print_table(const Status& status) {
    fmt::print("Millwright is {}: {}  (up {})\n", status.state, status.url,
               uptime(status.started_at));
    fmt::print("{}\n", limits_in_words(status));
    fmt::print("{:<12} {:>8}  {:>10}  {:>8}\n", "role", "pid", "uptime", "restarts");
    for (const auto& process : still_running(status))
        fmt::print("{:<12} {:>8}  {:>10}  {:>8}\n", process.role, process.pid,
                   uptime(process.started_at), process.restarts);
}

void print_json(const std::optional<Status>& status) {
    boost::json::object object;
    if (status) object = boost::json::parse(to_json(*status)).as_object();
    object["running"] = status.has_value();
    fmt::print("{}\n", boost::json::serialize(object));
}

}  // namespace

int run_down(const Settings& settings) {
    auto layout = Layout::from(settings);
    if (!layout) return complain(layout.error());
    auto holder = SupervisorLock::holder(layout->supervisor_lock);
    if (!holder) return complain(holder.error());
    if (!*holder) {
        fmt::print("Millwright is not running from {}.\n", layout->data_dir.string());
        return 0;
    }
    auto stopped = stop_supervisor(**holder);
    if (!stopped) return complain(stopped.error());
    clear_away_groups(*layout);
    fmt::print("Millwright has stopped; its data stays in {}.\n", layout->data_dir.string());
    return 0;
}

int run_status(const Settings& settings, bool as_json) {
    auto layout = Layout::from(settings);
    if (!layout) return complain(layout.error());
    auto holder = SupervisorLock::holder(layout->supervisor_lock);
    if (!holder) return complain(holder.error());
    std::optional<Status> status;
    if (*holder) status = status_of(*layout, **holder);
    if (as_json)
        print_json(status);
    else if (status)
        print_table(*status);
    else
        fmt::print("Millwright is not running from {}.\n", layout->data_dir.string());
    return status && status->state == "ready" ? 0 : kNotRunning;
}

}  // namespace mw::supervisor
