// One supervisor a data folder: an flock on data/supervisor.lock, which holds its pid. The
// kernel drops the lock with the process, so there is no stale one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw::supervisor {

class SupervisorLock {
  public:
    // Errc::conflict says who holds it.
    static result<SupervisorLock> acquire(const std::filesystem::path& path);

    // Pid of the supervisor that runs now, if one does; forbidden when the file may not be
    // read. Never blocks, takes nothing.
    static result<std::optional<pid_t>> holder(const std::filesystem::path& path);

  private:
    explicit SupervisorLock(UniqueFd file) : file_(std::move(file)) {}
    UniqueFd file_;
};

}  // namespace mw::supervisor
