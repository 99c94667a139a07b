#include "roles/supervisor/supervisor_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "base/files.hpp"

namespace mw::supervisor {
namespace {

std::optional<pid_t> pid_in(int fd) {
    char text[16] = {};
    auto size = ::pread(fd, text, sizeof text - 1, 0);
    pid_t pid = 0;
    auto [end, error] = std::from_chars(text, text + std::max<ssize_t>(size, 0), pid);
    if (error != std::errc{} || pid <= 0) return std::nullopt;
    return pid;
}

}  // namespace

result<SupervisorLock> SupervisorLock::acquire(const std::filesystem::path& path) {
    UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return fail(file_error(errno, path.string() + " cannot be opened", path));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
        auto pid = pid_in(file.get());
        return fail(Errc::conflict,
                    fmt::format("Millwright already runs from {} (supervisor pid {}); `millwright "
                                "down` stops it",
                                path.parent_path().string(), pid ? std::to_string(*pid) : "?"));
    }
    auto text = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.get(), 0) != 0 || !write_all(file.get(), text))
        return fail(file_error(errno, path.string() + " cannot be written", path));
    return SupervisorLock(std::move(file));
}

result<std::optional<pid_t>> SupervisorLock::holder(const std::filesystem::path& path) {
    UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return fail(Errc::forbidden, fmt::format("{} cannot be read: {}; run this as the user that "
                                                 "Millwright runs as, or as root",
                                                 path.string(), std::strerror(errno)));
    }
    // A shared lock succeeds only while nobody holds the exclusive one; closing gives it back.
    if (::flock(file.get(), LOCK_SH | LOCK_NB) == 0) return std::nullopt;
    return pid_in(file.get());
}

}  // namespace mw::supervisor
