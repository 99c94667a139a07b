#include "executor/process/foreign_process.hpp"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/use_awaitable.hpp>

#include "base/unique_fd.hpp"
#include "infra/process/proc_info.hpp"

namespace mw::executor {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

std::optional<ForeignProcess> ForeignProcess::open(asio::any_io_executor executor, pid_t pid,
                                                   std::uint64_t start_ticks) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    // The pidfd first, then the question who it is: so the pid can't change hands in between.
    if (!pidfd || !process::is_running(pid, start_ticks)) return std::nullopt;
    return ForeignProcess(Descriptor(executor, pidfd.release()), pid, start_ticks);
}

asio::awaitable<void> ForeignProcess::async_wait() {
    co_await pidfd_.async_wait(Descriptor::wait_read, asio::use_awaitable);
}

bool ForeignProcess::signal(int number) {
    return ::syscall(SYS_pidfd_send_signal, pidfd_.native_handle(), number, nullptr, 0) == 0;
}

void ForeignProcess::kill_group() {
    // While its leader lives, the group's number is its own.
    if (process::is_running(pid_, start_ticks_)) ::kill(-pid_, SIGKILL);
    signal(SIGKILL);
}

}  // namespace mw::executor
