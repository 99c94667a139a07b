// A process that is not our child, watched and signalled without mistaking another for it.
//
// Thread: one io thread.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <optional>

namespace mw::executor {

class ForeignProcess {
  public:
    // Empty when that process has ended.
    static std::optional<ForeignProcess> open(boost::asio::any_io_executor executor, pid_t pid,
                                              std::uint64_t start_ticks);

    // Returns when it has ended.
    boost::asio::awaitable<void> async_wait();

    // To the process alone; false when it has ended.
    bool signal(int number);
    // SIGKILL to it and to the process group that it leads.
    void kill_group();

  private:
    ForeignProcess(boost::asio::posix::stream_descriptor pidfd, pid_t pid,
                   std::uint64_t start_ticks)
        : pidfd_(std::move(pidfd)), pid_(pid), start_ticks_(start_ticks) {}

    boost::asio::posix::stream_descriptor pidfd_;
    pid_t pid_;
    std::uint64_t start_ticks_;
};

}  // namespace mw::executor
