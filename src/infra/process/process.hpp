// A child process and its life: spawned without a shell, waited for by a pidfd, gone with its
// owner.
//
//   auto child = Process::spawn(executor, {.program = "/usr/bin/git", .args = {"--version"},
//                                          .environment = env, .out = Stdio::pipe()});
//   auto status = co_await child->async_wait();
//
// Errors: a program that cannot be started is an error of `spawn` that names it; how a started
// one ended is an ExitStatus. Waits throw boost::system::system_error when cancelled, as every
// Asio coroutine does.
// Thread: one io thread. `death_signal` follows the *thread* that spawned, so spawn from one
// that lives as long as the process.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace mw::process {

using Environment = std::map<std::string, std::string>;
using Descriptor = boost::asio::posix::stream_descriptor;

// The environment of this very process.
Environment current_environment();

// What a standard stream of the child is.
struct Stdio {
    enum class Kind { null, inherit, pipe, descriptor, merge };
    Kind kind = Kind::null;
    int fd = -1;

    static Stdio null() { return {Kind::null, -1}; }
    static Stdio inherit() { return {Kind::inherit, -1}; }
    static Stdio pipe() { return {Kind::pipe, -1}; }
    // The caller keeps `fd`; the child gets a copy.
    static Stdio descriptor(int fd) { return {Kind::descriptor, fd}; }
    // For standard error: wherever standard output goes.
    static Stdio merge() { return {Kind::merge, -1}; }
};

// A further descriptor of the child: our `fd` is its `as`.
struct InheritedFd {
    int fd = -1;
    int as = -1;
};

struct ResourceLimit {
    int resource = RLIMIT_NOFILE;
    rlim_t soft = 0;
    rlim_t hard = 0;
};

// Whom the child runs as; only for a process that may choose (root).
struct Identity {
    uid_t uid = 0;
    gid_t gid = 0;
};

enum class Group {
    same,         // our own process group
    own,          // leads a new process group
    own_session,  // leads a new session, thus a new group, without a terminal
};

struct SpawnOptions {
    // A path, or a bare name that is looked up in the PATH of `environment`.
    std::filesystem::path program;
    // Arguments after the program's name.
    std::vector<std::string> args = {};
    // The whole environment; nothing is inherited.
    Environment environment = {};
    // Empty: ours.
    std::filesystem::path cwd = {};
    Stdio in = Stdio::null();
    Stdio out = Stdio::null();
    Stdio err = Stdio::null();
    std::vector<InheritedFd> inherit = {};
    Group group = Group::own;
    // Sent to the child when we die, however we die. 0: none.
    int death_signal = 0;
    std::vector<ResourceLimit> limits = {};
    std::optional<Identity> identity = std::nullopt;
    std::optional<mode_t> umask = std::nullopt;
    // The child begins with SIGPIPE ignored instead of deadly: for one that must outlive whoever
    // reads its output.
    bool ignore_broken_pipes = false;
};

struct ExitStatus {
    int code = 0;    // meaningful when signal is 0
    int signal = 0;  // that killed it, else 0

    bool success() const { return code == 0 && signal == 0; }
    // "exit code 3", "killed by signal 9 (Killed)"
    std::string describe() const;
    friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

class Process {
  public:
    static result<Process> spawn(boost::asio::any_io_executor executor, SpawnOptions options);

    Process(Process&&) noexcept;
    Process& operator=(Process&&) noexcept;
    // Kills what still runs, the whole group when it leads one.
    ~Process();

    pid_t pid() const;

    // Returns when the process has ended, at once if it has already. Any number may wait. The
    // rest of a group that it led is killed: leftovers never outlive their leader.
    boost::asio::awaitable<ExitStatus> async_wait();

    // The same with a limit; empty when the process still runs after it.
    boost::asio::awaitable<std::optional<ExitStatus>> async_wait_for(
        std::chrono::milliseconds limit);

    // How it ended, if it has.
    std::optional<ExitStatus> poll();

    // False when the process has ended already. Safe against reuse of the pid.
    bool signal(int number);
    // To the whole group when it leads one, else to the process alone.
    bool signal_group(int number);

    // SIGTERM to the group, SIGKILL after `grace`; returns when the process is gone.
    boost::asio::awaitable<ExitStatus> terminate(std::chrono::milliseconds grace);

    // Our ends of the pipes asked for; using one that was not is a broken invariant. Writing
    // to a child that has gone is an error (EPIPE), not a signal.
    Descriptor& in();
    Descriptor& out();
    Descriptor& err();
    // The child reads end of file.
    void close_in();
    // Hands over our end of standard output, for a reader that outlives this object.
    Descriptor take_out();

  private:
    struct State;
    explicit Process(std::shared_ptr<State> state);
    static boost::asio::awaitable<ExitStatus> wait(std::shared_ptr<State> state);
    static boost::asio::awaitable<std::optional<ExitStatus>> wait_for(
        std::shared_ptr<State> state, std::chrono::milliseconds limit);
    static boost::asio::awaitable<ExitStatus> end(std::shared_ptr<State> state,
                                                  std::chrono::milliseconds grace);
    std::shared_ptr<State> state_;
};

// Children of ours that no Process owns: orphans which came to us because we are a subreaper
// (PR_SET_CHILD_SUBREAPER). Any thread.
std::vector<pid_t> adopted_children();

// Collects those of them that have ended; call it at SIGCHLD.
void reap_adopted_children();

}  // namespace mw::process
