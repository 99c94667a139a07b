#include "infra/process/child_setup.hpp"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace mw::process::detail {
namespace {

[[noreturn]] void give_up(int report_fd, Stage stage) noexcept {
    StartFailure failure{stage, errno};
    // Nothing can be done about a write that fails: the parent then sees an early exit.
    [[maybe_unused]] auto written = ::write(report_fd, &failure, sizeof failure);
    ::_exit(127);
}

// Handlers of the parent must not run here (Asio's would write into the parent's own pipe), and
// an ignored signal would stay ignored across exec.
void reset_signals(bool ignore_broken_pipes) noexcept {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        ::sigaction(number, &standard, nullptr);
    if (ignore_broken_pipes) ::signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Marks everything from 3 up as closed by exec; the wiring below then exempts what is given.
void close_all_at_exec(int highest_possible_fd) noexcept {
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
    for (int fd = 3; fd < highest_possible_fd; ++fd)
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

bool wire_descriptors(ChildPlan& plan) noexcept {
    // First all out of the way: a source may sit on another's target.
    int above = plan.highest_target + 1;
    int report_fd = ::fcntl(plan.report_fd, F_DUPFD_CLOEXEC, above);
    if (report_fd < 0) return false;
    plan.report_fd = report_fd;
    for (auto& wire : plan.wiring) {
        wire.lifted = ::fcntl(wire.source, F_DUPFD_CLOEXEC, above);
        if (wire.lifted < 0) return false;
    }
    close_all_at_exec(plan.highest_possible_fd);
    for (auto& wire : plan.wiring)
        if (::dup2(wire.lifted, wire.target) < 0) return false;
    return true;
}

bool enter_group(Group group) noexcept {
    switch (group) {
        case Group::same:
            return true;
        case Group::own:
            return ::setpgid(0, 0) == 0;
        case Group::own_session:
            return ::setsid() >= 0;
    }
    return true;
}

// By system calls: the C library's wrappers take locks that another thread of the parent may
// have held at the fork.
bool become(const Identity& identity) noexcept {
    return ::syscall(SYS_setgroups, 0, nullptr) == 0 &&
           ::syscall(SYS_setresgid, identity.gid, identity.gid, identity.gid) == 0 &&
           ::syscall(SYS_setresuid, identity.uid, identity.uid, identity.uid) == 0;
}

// After the identity: a change of user clears the death signal.
void follow_parent(int death_signal, pid_t parent) noexcept {
    if (death_signal == 0) return;
    ::prctl(PR_SET_PDEATHSIG, death_signal);
    // The parent may have died before the line above.
    if (::getppid() != parent) ::_exit(127);
}

}  // namespace

const char* stage_words(Stage stage) {
    switch (stage) {
        case Stage::descriptors:
            return "its descriptors could not be set up";
        case Stage::group:
            return "its process group could not be made";
        case Stage::folder:
            return "its working folder could not be entered";
        case Stage::limits:
            return "its resource limits could not be set";
        case Stage::identity:
            return "its user could not be set";
        case Stage::exec:
            return "it could not be executed";
    }
    return "it could not be started";
}

void seal(ChildPlan& plan) {
    for (auto& argument : plan.arguments)
        plan.argv.push_back(argument.data());
    plan.argv.push_back(nullptr);
    for (auto& entry : plan.environment)
        plan.envp.push_back(entry.data());
    plan.envp.push_back(nullptr);
}

void run_child(ChildPlan& plan) noexcept {
    reset_signals(plan.ignore_broken_pipes);
    if (!wire_descriptors(plan)) give_up(plan.report_fd, Stage::descriptors);
    if (!enter_group(plan.group)) give_up(plan.report_fd, Stage::group);
    for (const auto& limit : plan.limits) {
        struct rlimit value{limit.soft, limit.hard};
        if (::syscall(SYS_prlimit64, 0, limit.resource, &value, nullptr) != 0)
            give_up(plan.report_fd, Stage::limits);
    }
    if (plan.umask) ::umask(*plan.umask);
    if (plan.identity && !become(*plan.identity)) give_up(plan.report_fd, Stage::identity);
    follow_parent(plan.death_signal, plan.parent);
    if (!plan.cwd.empty() && ::chdir(plan.cwd.c_str()) != 0) give_up(plan.report_fd, Stage::folder);
    ::execve(plan.program.c_str(), plan.argv.data(), plan.envp.data());
    give_up(plan.report_fd, Stage::exec);
}

}  // namespace mw::process::detail
