#include "executor/process/process_executor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <set>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "executor/process/foreign_process.hpp"
#include "executor/process/worker_record.hpp"
#include "executor/process/workspaces.hpp"
#include "infra/cgroup/group.hpp"
#include "infra/process/proc_info.hpp"

namespace mw::executor {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr int kTokenFd = 3;
// How long a killed process may take to go; longer means that it hangs in the kernel.
constexpr auto kDeathLimit = 2s;

asio::awaitable<void> wait_quietly(asio::steady_timer& timer) {
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

struct Worker {
    Worker(asio::any_io_executor executor, Running facts)
        : running(std::move(facts)), gone(executor, asio::steady_timer::time_point::max()) {}

    void ask() {
        if (own) own->signal(SIGTERM);
        if (adopted) adopted->signal(SIGTERM);
    }
    void kill() {
        killed_by_us = true;
        if (own) own->signal_group(SIGKILL);
        if (adopted) adopted->kill_group();
    }

    Running running;
    pid_t pid = 0;
    std::optional<process::Process> own;
    std::optional<ForeignProcess> adopted;
    bool killed_by_us = false;
    bool ended = false;
    asio::steady_timer gone;  // cancelled at the end
};
using WorkerPtr = std::shared_ptr<Worker>;

asio::awaitable<bool> gone_within(WorkerPtr worker, milliseconds limit) {
    asio::steady_timer timer(worker->gone.get_executor(), limit);
    if (!worker->ended) co_await (wait_quietly(worker->gone) || wait_quietly(timer));
    co_return worker->ended;
}

asio::awaitable<void> kill_after(WorkerPtr worker, milliseconds grace) {
    if (!co_await gone_within(worker, grace)) worker->kill();
}

// "ended with exit code 3"
std::string in_words(const process::ExitStatus& status, bool killed_by_us) {
    if (status.signal == 0) return "ended with " + status.describe();
    auto words = "was " + status.describe();
    if (status.signal == SIGKILL && !killed_by_us)
        words += ", which the operating system does when memory runs out";
    return words;
}

// The reading end of a pipe that holds the token and then ends.
result<UniqueFd> token_pipe(const Secret& token) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return fail(Errc::unavailable, fmt::format("pipe: {}", std::strerror(errno)));
    UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    if (!write_all(write_end.get(), token.reveal()))
        return fail(Errc::unavailable, fmt::format("pipe: {}", std::strerror(errno)));
    return read_end;
}

}  // namespace

struct ProcessExecutor::State : std::enable_shared_from_this<State> {
    State(asio::any_io_executor io, BlockingPool& pool, ProcessExecutorOptions given)
        : executor(io), blocking(pool), options(std::move(given)), records(options.records_dir) {}

    WorkerPtr find(const WorkId& work) const {
        auto found = workers.find(work);
        return found == workers.end() ? nullptr : found->second;
    }

    void watch(WorkerPtr worker) {
        workers[worker->running.work] = worker;
        asio::co_spawn(
            executor,
            [self = shared_from_this(), worker]() -> asio::awaitable<void> {
                if (worker->own) {
                    auto status = co_await worker->own->async_wait();
                    self->end(worker, in_words(status, worker->killed_by_us));
                } else {
                    co_await worker->adopted->async_wait();
                    self->end(worker, "ended after its scheduler had been restarted");
                }
            },
            asio::detached);
    }

    void end(const WorkerPtr& worker, std::string how) {
        worker->ended = true;
        records.remove(worker->running.work);
        workers.erase(worker->running.work);
        remove_group(*worker);
        report({worker->running.work, worker->running.token_hash, std::move(how)});
        worker->gone.cancel();
    }

    // Of a worker that was killed: what it had started is ended and forgotten.
    void remove_group(const Worker& worker) {
        if (options.groups.places.empty()) return;
        auto name = cgroup::worker_group_name(to_string(worker.running.work), worker.pid);
        asio::co_spawn(executor,
                       offload(blocking,
                               [tree = options.groups, name] {
                                   if (!cgroup::remove_group(tree, name))
                                       log::warn("a run's group cannot be removed",
                                                 {{"name", name}});
                               }),
                       asio::detached);
    }

    void report(Ended end) {
        ended.push_back(std::move(end));
        if (options.on_ended) options.on_ended();
    }

    result<process::Process> spawn(const StartRequest& request) {
        MW_TRY(auto token, token_pipe(request.token));
        auto environment = options.environment;
        environment[kTokenFdVariable] = std::to_string(kTokenFd);
        return process::Process::spawn(executor,
                                       {.program = options.program,
                                        .args = {std::string(kind_name(request.work.kind))},
                                        .environment = std::move(environment),
                                        .cwd = "/",
                                        .out = process::Stdio::descriptor(STDERR_FILENO),
                                        .err = process::Stdio::inherit(),
                                        .inherit = {{token.get(), kTokenFd}},
                                        .group = process::Group::own_session,
                                        .umask = 077});
    }

    void remember(const Worker& worker) const {
        auto pid = worker.own->pid();
        auto ticks = process::start_ticks(pid);
        if (!ticks) return;  // it has ended already
        auto written = records.write({.work = worker.running.work,
                                      .token_hash = worker.running.token_hash,
                                      .pid = pid,
                                      .start_ticks = *ticks,
                                      .boot_id = current_boot_id(),
                                      .started_at = worker.running.started_at});
        // The run goes on all the same; only a restarted scheduler would not know its process.
        if (!written)
            log::warn(
                "a worker's record cannot be written",
                {{"work", to_string(worker.running.work)}, {"error", written.error().message}});
    }

    asio::any_io_executor executor;
    BlockingPool& blocking;
    ProcessExecutorOptions options;
    WorkerRecords records;
    std::map<WorkId, WorkerPtr> workers;
    std::vector<Ended> ended;
};

process::Environment worker_environment(const Settings& settings, const Layout& layout) {
    static constexpr std::array kKept{"PATH",          "LANG",         "LC_ALL",      "TZ",
                                      "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy",  "https_proxy",
                                      "no_proxy",      "HTTP_PROXY",   "HTTPS_PROXY", "NO_PROXY"};
    static const std::set<std::string, std::less<>> kWithheld{
        "MILLWRIGHT_CONFIG", "MILLWRIGHT_DATABASE_URL", "MILLWRIGHT_MASTER_KEY_FILE",
        "MILLWRIGHT_OBJECT_STORE", "MILLWRIGHT_TLS_KEY"};
    process::Environment environment;
    for (const auto& [name, value] : process::current_environment())
        if (std::ranges::find(kKept, name) != kKept.end()) environment[name] = value;
    for (auto& [name, value] : settings.as_environment())
        if (!kWithheld.contains(name)) environment[name] = value;
    for (const auto& spec : all_settings())
        if (spec.secret) environment.erase("MILLWRIGHT_" + std::string(spec.key));
    // Explicit, so that the worker derives the same layout wherever the defaults came from.
    environment["MILLWRIGHT_DATA_DIR"] = layout.data_dir.string();
    environment["MILLWRIGHT_RUN_DIR"] = layout.run_dir.string();
    environment["MILLWRIGHT_SHARE_DIR"] = layout.share_dir.string();
    environment["MILLWRIGHT_ENGINES_DIR"] = layout.engines_dir.string();
    return environment;
}

ProcessExecutor::ProcessExecutor(asio::any_io_executor executor, BlockingPool& blocking,
                                 ProcessExecutorOptions options)
    : state_(std::make_shared<State>(executor, blocking, std::move(options))) {
}

ProcessExecutor::~ProcessExecutor() {
    state_->options.on_ended = nullptr;
}

void ProcessExecutor::adopt() {
    auto boot_id = current_boot_id();
    for (auto& record : state_->records.read_all()) {
        auto process = record.boot_id == boot_id
                           ? ForeignProcess::open(state_->executor, record.pid, record.start_ticks)
                           : std::nullopt;
        if (!process) {
            state_->records.remove(record.work);
            state_->report({record.work, std::move(record.token_hash),
                            "was gone when the scheduler was started again"});
            continue;
        }
        log::info("a worker of an earlier scheduler goes on",
                  {{"work", to_string(record.work)}, {"pid", record.pid}});
        auto worker = std::make_shared<Worker>(
            state_->executor,
            Running{record.work, std::move(record.token_hash), record.started_at});
        worker->pid = record.pid;
        worker->adopted = std::move(process);
        state_->watch(std::move(worker));
    }
}

asio::awaitable<result<>> ProcessExecutor::start(StartRequest request) {
    auto state = state_;
    if (auto earlier = state->find(request.work)) {
        earlier->kill();
        if (!co_await gone_within(earlier, kDeathLimit))
            co_return fail(Errc::unavailable, fmt::format("an earlier worker of {} does not end",
                                                          to_string(request.work)));
    }
    auto worker =
        std::make_shared<Worker>(state->executor, Running{request.work, request.token_hash, now()});
    MW_CO_TRY(worker->own, state->spawn(request));
    worker->pid = worker->own->pid();
    state->remember(*worker);
    state->watch(std::move(worker));
    co_return result<>{};
}

std::vector<Running> ProcessExecutor::list() const {
    std::vector<Running> all;
    for (const auto& [work, worker] : state_->workers)
        all.push_back(worker->running);
    return all;
}

std::vector<Ended> ProcessExecutor::take_ended() {
    return std::exchange(state_->ended, {});
}

void ProcessExecutor::cancel(WorkId work, milliseconds grace) {
    auto worker = state_->find(work);
    if (!worker) return;
    if (grace <= 0ms) {
        worker->kill();
        return;
    }
    worker->ask();
    asio::co_spawn(state_->executor, kill_after(std::move(worker), grace), asio::detached);
}

asio::awaitable<void> ProcessExecutor::cancel_all(milliseconds grace) {
    auto deadline = std::chrono::steady_clock::now() + grace;
    auto workers = state_->workers;
    for (const auto& [work, worker] : workers)
        worker->ask();
    for (const auto& [work, worker] : workers) {
        auto left = deadline - std::chrono::steady_clock::now();
        if (co_await gone_within(worker, std::chrono::ceil<milliseconds>(left))) continue;
        log::warn("a worker did not stop in time and is killed", {{"work", to_string(work)}});
        worker->kill();
    }
    for (const auto& [work, worker] : workers)
        co_await gone_within(worker, kDeathLimit);
}

asio::awaitable<result<int>> ProcessExecutor::reap(Keep keep) {
    auto state = state_;
    const auto folder = state->options.workspaces_dir;
    MW_CO_TRY(auto found,
              co_await offload(state->blocking, [folder] { return list_workspaces(folder); }));
    MW_CO_TRY(auto elsewhere, co_await keep());
    std::set<std::string> kept;
    for (const auto& work : elsewhere)
        kept.insert(to_string(work));
    // From here to the last rename nothing else runs on this thread, so nothing is started.
    for (const auto& [work, worker] : state->workers)
        kept.insert(to_string(work));
    for (const auto& name : found)
        if (!kept.contains(name)) put_aside(folder, name);
    co_return co_await offload(state->blocking, [folder, groups = state->options.groups] {
        return remove_put_aside(folder) + cgroup::remove_leftover_groups(groups);
    });
}

}  // namespace mw::executor
