#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "infra/sandbox/defence.hpp"
#include "infra/sandbox/new_root.hpp"
#include "infra/sandbox/sandbox.hpp"
#include "infra/sandbox/system_calls.hpp"

namespace mw::sandbox {
namespace {

int namespaces() {
    if (!is_up(Defence::user_namespace)) return 0;
    int flags = CLONE_NEWUSER | CLONE_NEWNS;
    if (is_up(Defence::pid_namespace)) flags |= CLONE_NEWPID;
    if (is_up(Defence::ipc_namespace)) flags |= CLONE_NEWIPC;
    if (is_up(Defence::uts_namespace)) flags |= CLONE_NEWUTS;
    if (is_up(Defence::cgroup_namespace)) flags |= CLONE_NEWCGROUP;
    return flags;
}

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

result<> set_limits(const Plan& plan) {
    MW_CHECK(limit(RLIMIT_NOFILE, plan.open_files_max, "open files"));
    MW_CHECK(limit(RLIMIT_NPROC, plan.processes_max, "processes"));
    MW_CHECK(limit(RLIMIT_FSIZE, plan.file_bytes_max, "a file's size"));
    rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    return {};
}

}  // namespace

result<> leave_host(const Plan& plan) {
    for (const auto& file : plan.cgroups)
        MW_CHECK(write_line(file, std::to_string(::getpid())));
    auto uid = ::geteuid();
    auto gid = ::getegid();
    if (::unshare(namespaces()) != 0)
        return fail(Errc::forbidden, fmt::format("{} ({})", kAdvice, std::strerror(errno)));
    return is_up(Defence::user_namespace) ? map_own_user(uid, gid) : result<>{};
}

result<> enter(const Plan& plan) {
    if (is_up(Defence::new_root)) MW_CHECK(build_root(plan));
    if (is_up(Defence::uts_namespace) && ::sethostname("run", 3) != 0)
        return fail(Errc::unavailable, "no host name can be set");
    if (is_up(Defence::limits)) MW_CHECK(set_limits(plan));
    if (is_up(Defence::privileges)) MW_CHECK(drop_capabilities());
    if (!is_up(Defence::system_calls)) return {};
    return filter_system_calls();
}

result<> check_host() {
    auto child = ::fork();
    if (child < 0)
        return fail(Errc::unavailable,
                    fmt::format("no process can be made: {}", std::strerror(errno)));
    if (child == 0) ::_exit(::unshare(namespaces()) == 0 ? 0 : 1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    return fail(Errc::forbidden, kAdvice);
}

}  // namespace mw::sandbox
