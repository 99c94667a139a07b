#include "infra/sandbox/confined_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/json/parse.hpp>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "infra/sandbox/sandbox.hpp"

namespace mw::sandbox {
namespace {

// The exit code when there is no program whose end could be told.
constexpr int kNotStarted = 125;
constexpr std::size_t kMostCommandBytes = 16UL * 1024 * 1024;
constexpr std::array kAskingSignals{SIGINT, SIGTERM, SIGHUP};

void heed_signals(sighandler_t how) {
    for (int number : kAskingSignals)
        ::signal(number, how);
}

// The kernel forgets this wish at each change of credentials, so it is said again after one.
void die_with_parent() {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

int complain(int fd, std::string_view sentence) {
    while (::write(fd, sentence.data(), sentence.size()) < 0 && errno == EINTR) {
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

// False when the caller has gone, or wants nothing any more.
bool wait_to_go(int fd) {
    char go = 0;
    ssize_t got = 0;
    do {
        got = ::read(fd, &go, 1);
    } while (got < 0 && errno == EINTR);
    return got == 1;
}

// Read from its beginning: the caller's descriptor of it has the same position.
result<Command> read_command(int fd) {
    std::string text;
    char chunk[4096];
    while (text.size() <= kMostCommandBytes) {
        auto got = ::pread(fd, chunk, sizeof chunk, static_cast<off_t>(text.size()));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        text.append(chunk, static_cast<std::size_t>(got));
    }
    boost::json::error_code bad;
    auto json = boost::json::parse(text, bad);
    if (bad) return fail(Errc::invalid_argument, "the command is not JSON");
    return parse_command(json);
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const auto& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

[[noreturn]] void become_program(const Command& command, int failure_fd) {
    heed_signals(SIG_DFL);
    if (::chdir(command.folder.c_str()) != 0)
        ::_exit(complain(failure_fd,
                         fmt::format("{}: {}", command.folder.string(), std::strerror(errno))));
    std::vector<std::string> environment;
    for (const auto& [name, value] : command.environment)
        environment.push_back(name + "=" + value);
    auto argv = pointers_to(command.argv);
    ::execve(argv[0], argv.data(), pointers_to(environment).data());
    ::_exit(complain(failure_fd, fmt::format("{}: {}", command.argv[0], std::strerror(errno))));
}

void tell(int fd, int status) {
    while (::write(fd, &status, sizeof status) < 0 && errno == EINTR) {
    }
}

// The first process of the sandbox. It collects the orphans of all inside, and tells how the
// program ended: its own exit code could not tell of a signal.
[[noreturn]] void lead(const Plan& plan, const ConfinedDescriptors& descriptors, int told_fd) {
    auto entered = enter(plan);
    die_with_parent();
    if (!entered) ::_exit(complain(descriptors.failure, entered.error().message));
    if (!wait_to_go(descriptors.go)) ::_exit(0);
    auto command = read_command(descriptors.command);
    if (!command) ::_exit(complain(descriptors.failure, command.error().message));
    ::close(descriptors.go);
    ::close(descriptors.command);
    auto child = ::fork();
    if (child < 0)
        ::_exit(complain(descriptors.failure,
                         fmt::format("no process can be made: {}", std::strerror(errno))));
    if (child == 0) {
        ::close(told_fd);
        become_program(*command, descriptors.failure);
    }
    ::close(descriptors.failure);
    int status = 0;
    while (wait_for(-1, status) != child) {
    }
    tell(told_fd, status);
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

int run_confined(const Plan& plan, const ConfinedDescriptors& descriptors) {
    ::fcntl(descriptors.failure, F_SETFD, FD_CLOEXEC);
    heed_signals(SIG_IGN);
    auto parent = ::getppid();
    auto left = leave_host(plan);
    die_with_parent();
    if (::getppid() != parent) return kNotStarted;
    if (!left) return complain(descriptors.failure, left.error().message);
    int told[2];
    if (::pipe2(told, O_CLOEXEC) != 0)
        return complain(descriptors.failure,
                        fmt::format("no pipe can be made: {}", std::strerror(errno)));
    auto first = ::fork();
    if (first < 0)
        return complain(descriptors.failure,
                        fmt::format("no process can be made: {}", std::strerror(errno)));
    if (first == 0) {
        ::close(told[0]);
        lead(plan, descriptors, told[1]);
    }
    // Who reads the program's output waits for its end: that must not be ours.
    for (int fd : {told[1], descriptors.command, descriptors.go, descriptors.failure, STDIN_FILENO,
                   STDOUT_FILENO, STDERR_FILENO})
        ::close(fd);
    int status = 0;
    bool known = read_status(told[0], status);
    int end_of_first = 0;
    wait_for(first, end_of_first);
    return end_as(known ? status : end_of_first);
}

}  // namespace mw::sandbox
