#include "infra/process/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>

#include "base/unique_fd.hpp"
#include "infra/process/child_setup.hpp"
#include "infra/process/proc_info.hpp"

extern char** environ;

namespace mw::process {
namespace {

namespace asio = boost::asio;
using detail::ChildPlan;
using detail::StartFailure;

// How long a destructor waits for a process that it has just killed; longer means the process
// hangs in the kernel, and whoever adopts it will reap it.
constexpr int kLastWaitMs = 2000;

int open_pidfd(pid_t pid) {
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

int send_by_pidfd(int pidfd, int number) {
    return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0));
}

result<std::string> find_program(const SpawnOptions& options) {
    const auto& name = options.program.string();
    if (name.empty()) return fail(Errc::invalid_argument, "no program to start was given");
    if (name.find('/') != std::string::npos) return name;
    auto found = options.environment.find("PATH");
    std::string_view rest = found == options.environment.end() ? "/usr/local/bin:/usr/bin:/bin"
                                                               : std::string_view(found->second);
    while (!rest.empty()) {
        auto colon = rest.find(':');
        auto candidate = std::filesystem::path(rest.substr(0, colon)) / name;
        if (candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0 &&
            std::filesystem::is_regular_file(candidate))
            return candidate.string();
        rest = colon == rest.npos ? std::string_view() : rest.substr(colon + 1);
    }
    return fail(Errc::not_found, fmt::format("program {} was not found", name));
}

struct Pipe {
    UniqueFd read_end;
    UniqueFd write_end;
};

result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(Errc::unavailable, fmt::format("pipe: {}", std::strerror(errno)));
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// Descriptors of both sides while a child is being started.
struct Streams {
    UniqueFd null_device;
    UniqueFd child_ends[3];
    UniqueFd our_ends[3];
};

result<> wire_stream(const Stdio& stdio, int target, Streams& streams, ChildPlan& plan) {
    auto index = static_cast<std::size_t>(target);
    switch (stdio.kind) {
        case Stdio::Kind::inherit:
            return {};
        case Stdio::Kind::null:
            if (!streams.null_device)
                streams.null_device.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
            plan.wiring.push_back({streams.null_device.get(), target});
            return {};
        case Stdio::Kind::descriptor:
            plan.wiring.push_back({stdio.fd, target});
            return {};
        case Stdio::Kind::pipe: {
            MW_TRY(auto pipe, make_pipe());
            bool to_child = target == STDIN_FILENO;
            streams.child_ends[index] = std::move(to_child ? pipe.read_end : pipe.write_end);
            streams.our_ends[index] = std::move(to_child ? pipe.write_end : pipe.read_end);
            plan.wiring.push_back({streams.child_ends[index].get(), target});
            return {};
        }
        case Stdio::Kind::merge: {
            auto out = std::find_if(plan.wiring.begin(), plan.wiring.end(),
                                    [](const auto& wire) { return wire.target == STDOUT_FILENO; });
            int source = out == plan.wiring.end() ? STDOUT_FILENO : out->source;
            plan.wiring.push_back({source, target});
            return {};
        }
    }
    return {};
}

result<> fill_plan(const SpawnOptions& options, Streams& streams, ChildPlan& plan) {
    MW_TRY(plan.program, find_program(options));
    plan.cwd = options.cwd.string();
    plan.arguments.push_back(plan.program);
    plan.arguments.insert(plan.arguments.end(), options.args.begin(), options.args.end());
    for (const auto& [name, value] : options.environment)
        plan.environment.push_back(name + "=" + value);
    MW_CHECK(wire_stream(options.in, STDIN_FILENO, streams, plan));
    MW_CHECK(wire_stream(options.out, STDOUT_FILENO, streams, plan));
    MW_CHECK(wire_stream(options.err, STDERR_FILENO, streams, plan));
    for (const auto& extra : options.inherit) {
        if (extra.fd < 0 || extra.as < 3)
            throw std::logic_error("an inherited descriptor must be open and go to 3 or above");
        plan.wiring.push_back({extra.fd, extra.as});
        plan.highest_target = std::max(plan.highest_target, extra.as);
    }
    plan.highest_possible_fd = static_cast<int>(::sysconf(_SC_OPEN_MAX));
    plan.group = options.group;
    plan.death_signal = options.death_signal;
    plan.parent = ::getpid();
    plan.limits = options.limits;
    plan.identity = options.identity;
    plan.umask = options.umask;
    plan.ignore_broken_pipes = options.ignore_broken_pipes;
    return {};
}

// Forks with every signal blocked, so that no handler of ours runs in the child.
pid_t fork_child(ChildPlan& plan) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = ::fork();
    if (pid == 0) detail::run_child(plan);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return pid;
}

// Waits until the child has executed its program (the pipe closes) or has said why not.
result<> await_start(int report_fd, pid_t pid, const ChildPlan& plan) {
    StartFailure failure;
    ssize_t got = 0;
    do {
        got = ::read(report_fd, &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    if (got != sizeof failure) return {};
    ::waitpid(pid, nullptr, 0);
    auto code = failure.error == ENOENT ? Errc::not_found : Errc::unavailable;
    auto about = failure.stage == detail::Stage::folder ? " " + plan.cwd : std::string();
    return fail(
        code, fmt::format("cannot start {}: {}{}: {}", plan.program,
                          detail::stage_words(failure.stage), about, std::strerror(failure.error)));
}

ExitStatus status_of(const siginfo_t& info) {
    if (info.si_code == CLD_EXITED) return {info.si_status, 0};
    return {0, info.si_status};
}

// Asio writes to descriptors without MSG_NOSIGNAL; a child that has gone must not take us along.
void ignore_broken_pipes() {
    static std::once_flag once;
    std::call_once(once, [] { ::signal(SIGPIPE, SIG_IGN); });
}

// Pids that some Process will collect; collecting one elsewhere would lose its exit status.
class OwnedPids {
  public:
    void add(pid_t pid) {
        std::scoped_lock lock(mutex_);
        pids_.insert(pid);
    }
    void remove(pid_t pid) {
        std::scoped_lock lock(mutex_);
        pids_.erase(pid);
    }
    bool contains(pid_t pid) {
        std::scoped_lock lock(mutex_);
        return pids_.contains(pid);
    }

  private:
    std::mutex mutex_;
    std::set<pid_t> pids_;
};

OwnedPids& owned_pids() {
    static OwnedPids pids;
    return pids;
}

}  // namespace

struct Process::State {
    State(asio::any_io_executor executor, pid_t child)
        : pid(child), pidfd(executor), in(executor), out(executor), err(executor) {
        owned_pids().add(pid);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { owned_pids().remove(pid); }

    // Collects the exit status if there is one. A leader is still a zombie while its group is
    // killed, so that the group's number cannot have been reused.
    void reap() {
        if (status) return;
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
            status = ExitStatus{255, 0};  // someone else reaped it: a broken invariant
            return;
        }
        if (info.si_pid == 0) return;
        if (leads_group) ::kill(-pid, SIGKILL);
        ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG);
        status = status_of(info);
        owned_pids().remove(pid);
    }

    bool signal_group(int number) {
        // Not reaped yet, so the number still means our child.
        if (status) return false;
        return ::kill(leads_group ? -pid : pid, number) == 0;
    }

    pid_t pid;
    bool leads_group = true;
    std::optional<ExitStatus> status;
    Descriptor pidfd;
    Descriptor in;
    Descriptor out;
    Descriptor err;
};

Environment current_environment() {
    Environment environment;
    for (char** entry = environ; entry && *entry; ++entry) {
        std::string_view text = *entry;
        auto equals = text.find('=');
        if (equals != text.npos)
            environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment;
}

std::string ExitStatus::describe() const {
    if (signal != 0) return fmt::format("killed by signal {} ({})", signal, ::strsignal(signal));
    return fmt::format("exit code {}", code);
}

Process::Process(std::shared_ptr<State> state) : state_(std::move(state)) {
}
Process::Process(Process&&) noexcept = default;

Process& Process::operator=(Process&& other) noexcept {
    Process old(std::move(*this));
    state_ = std::move(other.state_);
    return *this;
}

Process::~Process() {
    if (!state_) return;
    state_->reap();
    if (state_->status) return;
    signal_group(SIGKILL);
    pollfd wait{state_->pidfd.native_handle(), POLLIN, 0};
    while (::poll(&wait, 1, kLastWaitMs) < 0 && errno == EINTR) {
    }
    state_->reap();
}

result<Process> Process::spawn(asio::any_io_executor executor, SpawnOptions options) {
    ChildPlan plan;
    Streams streams;
    MW_CHECK(fill_plan(options, streams, plan));
    MW_TRY(auto report, make_pipe());
    plan.report_fd = report.write_end.get();
    detail::seal(plan);
    if (options.in.kind == Stdio::Kind::pipe) ignore_broken_pipes();

    pid_t pid = fork_child(plan);
    if (pid < 0)
        return fail(Errc::unavailable, fmt::format("cannot start {}: no new process: {}",
                                                   plan.program, std::strerror(errno)));
    report.write_end.reset();
    MW_CHECK(await_start(report.read_end.get(), pid, plan));

    auto state = std::make_shared<State>(executor, pid);
    state->leads_group = options.group != Group::same;
    Process process(state);
    UniqueFd pidfd(open_pidfd(pid));
    if (!pidfd) {
        // Without a pidfd the destructor's wait returns at once, so collect the child here.
        int error = errno;
        process.signal_group(SIGKILL);
        ::waitpid(pid, nullptr, 0);
        state->status = ExitStatus{0, SIGKILL};
        return fail(Errc::unavailable, fmt::format("cannot watch {} (pidfd_open): {}", plan.program,
                                                   std::strerror(error)));
    }
    state->pidfd.assign(pidfd.release());
    if (streams.our_ends[0]) state->in.assign(streams.our_ends[0].release());
    if (streams.our_ends[1]) state->out.assign(streams.our_ends[1].release());
    if (streams.our_ends[2]) state->err.assign(streams.our_ends[2].release());
    return process;
}

pid_t Process::pid() const {
    return state_->pid;
}

// The coroutines hold the state, so that a Process may be moved or go while someone waits.
asio::awaitable<ExitStatus> Process::wait(std::shared_ptr<State> state) {
    state->reap();
    while (!state->status) {
        co_await state->pidfd.async_wait(Descriptor::wait_read, asio::use_awaitable);
        state->reap();
    }
    co_return *state->status;
}

asio::awaitable<std::optional<ExitStatus>> Process::wait_for(std::shared_ptr<State> state,
                                                             std::chrono::milliseconds limit) {
    using asio::experimental::awaitable_operators::operator||;
    asio::steady_timer timer(state->pidfd.get_executor(), limit);
    auto first = co_await (wait(state) || timer.async_wait(asio::use_awaitable));
    if (first.index() == 0) co_return std::get<0>(first);
    co_return std::nullopt;
}

asio::awaitable<ExitStatus> Process::end(std::shared_ptr<State> state,
                                         std::chrono::milliseconds grace) {
    state->signal_group(SIGTERM);
    if (auto status = co_await wait_for(state, grace)) co_return *status;
    state->signal_group(SIGKILL);
    co_return co_await wait(state);
}

asio::awaitable<ExitStatus> Process::async_wait() {
    return wait(state_);
}

asio::awaitable<std::optional<ExitStatus>> Process::async_wait_for(
    std::chrono::milliseconds limit) {
    return wait_for(state_, limit);
}

asio::awaitable<ExitStatus> Process::terminate(std::chrono::milliseconds grace) {
    return end(state_, grace);
}

std::optional<ExitStatus> Process::poll() {
    state_->reap();
    return state_->status;
}

bool Process::signal(int number) {
    if (state_->status) return false;
    return send_by_pidfd(state_->pidfd.native_handle(), number) == 0;
}

bool Process::signal_group(int number) {
    return state_->signal_group(number);
}

namespace {
Descriptor& require_open(Descriptor& descriptor, const char* name) {
    if (!descriptor.is_open())
        throw std::logic_error(fmt::format("the child's {} is not a pipe", name));
    return descriptor;
}
}  // namespace

Descriptor& Process::in() {
    return require_open(state_->in, "standard input");
}
Descriptor& Process::out() {
    return require_open(state_->out, "standard output");
}
Descriptor& Process::err() {
    return require_open(state_->err, "standard error");
}

void Process::close_in() {
    boost::system::error_code ignored;
    state_->in.close(ignored);
}

Descriptor Process::take_out() {
    return std::move(out());
}

std::vector<pid_t> adopted_children() {
    auto children = own_children();
    std::erase_if(children, [](pid_t pid) { return owned_pids().contains(pid); });
    return children;
}

void reap_adopted_children() {
    for (pid_t pid : adopted_children())
        ::waitpid(pid, nullptr, WNOHANG);
}

}  // namespace mw::process
