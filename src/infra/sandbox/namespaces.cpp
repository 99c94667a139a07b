#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "infra/sandbox/new_root.hpp"
#include "infra/sandbox/sandbox.hpp"
#include "infra/sandbox/system_calls.hpp"

namespace mw::sandbox {
namespace {

constexpr int kNamespaces =
    CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

constexpr const char* kAdvice =
    "A run is confined by user namespaces, which this machine refuses to ordinary users. Allow "
    "them (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces above 0, or "
    "kernel.apparmor_restrict_unprivileged_userns=0), or set MILLWRIGHT_SANDBOX=off where every "
    "project is trusted.";

result<> write_line(const std::filesystem::path& file, const std::string& text) {
    int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    auto written = fd < 0 ? -1 : ::write(fd, text.data(), text.size());
    int error = errno;
    if (fd >= 0) ::close(fd);
    if (written == static_cast<ssize_t>(text.size())) return {};
    return fail(Errc::unavailable,
                fmt::format("{} cannot be written: {}", file.string(), std::strerror(error)));
}

// Inside as outside: files keep their owner, and nobody else exists.
result<> map_own_user(uid_t uid, gid_t gid) {
    MW_CHECK(write_line("/proc/self/setgroups", "deny"));
    MW_CHECK(write_line("/proc/self/uid_map", fmt::format("{} {} 1", uid, uid)));
    return write_line("/proc/self/gid_map", fmt::format("{} {} 1", gid, gid));
}

result<> limit(__rlimit_resource what, std::uint64_t most, const char* words) {
    if (most == 0) return {};
    rlimit now{};
    ::getrlimit(what, &now);
    rlimit value{std::min<rlim_t>(most, now.rlim_max), std::min<rlim_t>(most, now.rlim_max)};
    if (::setrlimit(what, &value) == 0) return {};
    return fail(Errc::unavailable,
                fmt::format("the limit of {} cannot be set: {}", words, std::strerror(errno)));
}

}  // namespace

result<> leave_host(const Plan& plan) {
    for (const auto& file : plan.cgroups)
        MW_CHECK(write_line(file, std::to_string(::getpid())));
    auto uid = ::geteuid();
    auto gid = ::getegid();
    if (::unshare(kNamespaces) != 0)
        return fail(Errc::forbidden, fmt::format("{} ({})", kAdvice, std::strerror(errno)));
    return map_own_user(uid, gid);
}

result<> enter(const Plan& plan) {
    MW_CHECK(build_root(plan));
    if (::sethostname("run", 3) != 0) return fail(Errc::unavailable, "no host name can be set");
    MW_CHECK(limit(RLIMIT_NOFILE, plan.open_files_max, "open files"));
    MW_CHECK(limit(RLIMIT_NPROC, plan.processes_max, "processes"));
    MW_CHECK(limit(RLIMIT_FSIZE, plan.file_bytes_max, "a file's size"));
    rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    MW_CHECK(drop_capabilities());
    return filter_system_calls();
}

result<> check_host() {
    auto child = ::fork();
    if (child < 0)
        return fail(Errc::unavailable,
                    fmt::format("no process can be made: {}", std::strerror(errno)));
    if (child == 0) ::_exit(::unshare(kNamespaces) == 0 ? 0 : 1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(Errc::forbidden, kAdvice);
}

}  // namespace mw::sandbox
