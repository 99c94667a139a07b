#include "infra/sandbox/confined_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "infra/sandbox/sandbox.hpp"

namespace mw::sandbox {
namespace {

// The exit code when there is no program whose end could be told.
constexpr int kNotStarted = 125;
constexpr std::array kAskingSignals{SIGINT, SIGTERM, SIGHUP};

void heed_signals(sighandler_t how) {
    for (int number : kAskingSignals)
        ::signal(number, how);
}

// The kernel forgets this wish at each change of credentials, so it is said again after one.
void die_with_parent() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

int complain(const ConfinedProgram& program, std::string_view sentence) {
    while (::write(program.failure_fd, sentence.data(), sentence.size()) < 0 && errno == EINTR) {
    }
    return kNotStarted;
}

pid_t wait_for(pid_t child, int& status) {
    pid_t ended = 0;
    do {
        ended = ::waitpid(child, &status, 0);
    } while (ended < 0 && errno == EINTR);
    return ended;
}

[[noreturn]] void become_program(const ConfinedProgram& program) {
    heed_signals(SIG_DFL);
    if (::chdir(program.folder.c_str()) != 0)
        ::_exit(complain(program,
                         fmt::format("{}: {}", program.folder.string(), std::strerror(errno))));
    std::vector<char*> argv;
    for (const auto& word : program.argv)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execve(argv[0], argv.data(), environ);
    ::_exit(complain(program, fmt::format("{}: {}", program.argv[0], std::strerror(errno))));
}

// The first process of the sandbox. It collects the orphans of all inside, and tells how the
// program ended: its own exit code could not tell of a signal.
[[noreturn]] void lead(const Plan& plan, const ConfinedProgram& program, int told_fd) {
    auto entered = enter(plan);
    die_with_parent();
    if (!entered) ::_exit(complain(program, entered.error().message));
    auto child = ::fork();
    if (child < 0)
        ::_exit(complain(program, fmt::format("no process can be made: {}", std::strerror(errno))));
    if (child == 0) {
        ::close(told_fd);
        become_program(program);
    }
    ::close(program.failure_fd);
    int status = 0;
    while (wait_for(-1, status) != child) {
    }
    while (::write(told_fd, &status, sizeof status) < 0 && errno == EINTR) {
    }
    ::_exit(0);
}

// 0 when the program's end was never told: something ended the whole sandbox.
bool read_status(int fd, int& status) {
    ssize_t got = 0;
    do {
        got = ::read(fd, &status, sizeof status);
    } while (got < 0 && errno == EINTR);
    return got == sizeof status;
}

int end_as(int status) {
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    ::signal(WTERMSIG(status), SIG_DFL);
    ::kill(::getpid(), WTERMSIG(status));
    return 128 + WTERMSIG(status);
}

}  // namespace

int run_confined(const Plan& plan, const ConfinedProgram& program) {
    ::fcntl(program.failure_fd, F_SETFD, FD_CLOEXEC);
    heed_signals(SIG_IGN);
    auto parent = ::getppid();
    auto left = leave_host(plan);
    die_with_parent();
    if (::getppid() != parent) return kNotStarted;
    if (!left) return complain(program, left.error().message);
    int told[2];
    if (::pipe2(told, O_CLOEXEC) != 0)
        return complain(program, fmt::format("no pipe can be made: {}", std::strerror(errno)));
    auto first = ::fork();
    if (first < 0)
        return complain(program, fmt::format("no process can be made: {}", std::strerror(errno)));
    if (first == 0) {
        ::close(told[0]);
        lead(plan, program, told[1]);
    }
    ::close(told[1]);
    ::close(program.failure_fd);
    // Who reads the program's output waits for its end: that must not be ours.
    for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::close(fd);
    int status = 0;
    bool known = read_status(told[0], status);
    int end_of_first = 0;
    wait_for(first, end_of_first);
    return end_as(known ? status : end_of_first);
}

}  // namespace mw::sandbox
