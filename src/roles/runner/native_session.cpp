#include "roles/runner/native_session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/files.hpp"
#include "dbt/native_event.hpp"
#include "infra/cgroup/group.hpp"
#include "infra/process/line_reader.hpp"
#include "infra/sandbox/confined_program.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;
using namespace std::chrono_literals;

constexpr auto kCancelGrace = 5s;
// How long a pipe that something still holds open may stay open after dbt's end.
constexpr auto kDrainLimit = 2s;
constexpr std::size_t kMostFailureBytes = 4096;
constexpr std::size_t kMostComplaintBytes = 4096;

// A file in memory that begins at its beginning.
result<UniqueFd> file_with(std::string_view text) {
    UniqueFd file(::memfd_create("plan", MFD_CLOEXEC));
    if (!file || !write_all(file.get(), text) || ::lseek(file.get(), 0, SEEK_SET) != 0)
        return fail(Errc::unavailable, fmt::format("No memory file: {}", std::strerror(errno)));
    return file;
}

// Lines of a terminal's width and more: what a command prints is a table, or several lines.
asio::awaitable<void> tell_lines(EngineListener& listener, std::string_view text) {
    while (true) {
        auto end = text.find('\n');
        co_await listener.on_output(std::string(text.substr(0, end)));
        if (end == std::string_view::npos) co_return;
        text.remove_prefix(end + 1);
    }
}

}  // namespace

NativeSession::NativeSession(asio::any_io_executor executor, NativeOptions options)
    : executor_(executor), options_(std::move(options)) {
}

process::Environment NativeSession::environment_of(const Invocation& invocation) const {
    auto environment = invocation.environment;
    for (const auto& [name, value] : options_.environment)
        environment[name] = value;
    // The run's log has every event already, and rows are to be in no file.
    for (auto name : dbt::kLogVariables)
        environment.erase(std::string(name));
    environment["DBT_LOG_FORMAT"] = "json";
    environment["DBT_LOG_LEVEL_FILE"] = "off";  // what dbt Core 1 calls "none"
    environment["DO_NOT_TRACK"] = "1";
    // Its own frames, which tell a project's author nothing.
    environment["RUST_BACKTRACE"] = "0";
    return environment;
}

result<NativeSession::ForConfiner> NativeSession::confine(process::SpawnOptions& options,
                                                          const Invocation& invocation) {
    ForConfiner inherited;
    MW_TRY(inherited.plan,
           file_with(boost::json::serialize(sandbox::to_json(*options_.confinement))));
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(Errc::unavailable, fmt::format("No pipe: {}", std::strerror(errno)));
    failure_ = UniqueFd(ends[0]);
    inherited.failure = UniqueFd(ends[1]);
    options.inherit = {{inherited.plan.get(), sandbox::kPlanFd},
                       {inherited.failure.get(), sandbox::kFailureFd}};
    std::vector<std::string> args{"confine", invocation.cwd.string(), options.program.string()};
    args.insert(args.end(), options.args.begin(), options.args.end());
    options.args = std::move(args);
    options.program = options_.confiner;
    options.cwd = "/";
    return inherited;
}

result<> NativeSession::spawn(const Invocation& invocation) {
    process::SpawnOptions options;
    options.program = options_.program;
    options.args = dbt::without_log_options(invocation.argv);
    options.environment = environment_of(invocation);
    options.cwd = invocation.cwd;
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::pipe();
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    // A core file would hold warehouse rows and credentials.
    options.limits = {{RLIMIT_CORE, 0, 0}};
    failure_.reset();
    ForConfiner inherited;
    if (options_.confinement) {
        MW_TRY(inherited, confine(options, invocation));
    }
    MW_TRY(auto process, process::Process::spawn(executor_, std::move(options)));
    if (!options_.confinement) MW_CHECK(cgroup::put_into(options_.doors, process.pid()));
    running_.emplace(std::move(process));
    return {};
}

asio::awaitable<void> NativeSession::follow_events(std::string id, EngineListener& listener) {
    process::LineReader lines(running_->out(), dbt::kMessageBytesMax);
    dbt::NativeEvents events(std::move(id));
    while (auto line = co_await lines.next()) {
        auto message = events.read(line->text);
        if (!message) continue;
        if (auto* event = std::get_if<dbt::Event>(&*message))
            co_await listener.on_event(std::move(*event));
        else if (auto* rows = std::get_if<dbt::Rows>(&*message))
            co_await listener.on_rows(std::move(*rows));
        else
            co_await tell_lines(listener, std::get<dbt::Output>(*message).text);
    }
}

asio::awaitable<void> NativeSession::follow_complaints(EngineListener& listener) {
    process::LineReader lines(running_->err(), dbt::kMessageBytesMax);
    while (auto line = co_await lines.next()) {
        if (last_complaints_.size() < kMostComplaintBytes) last_complaints_ += line->text + "\n";
        co_await listener.on_output(std::move(line->text));
    }
}

std::string NativeSession::read_failure() {
    std::string sentence(kMostFailureBytes, '\0');
    auto got = failure_ ? ::read(failure_.get(), sentence.data(), sentence.size()) : 0;
    sentence.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return sentence;
}

asio::awaitable<result<InvocationExit>> NativeSession::invoke(Invocation invocation,
                                                              EngineListener& listener) {
    if (killed_) co_return fail(Errc::upstream_failed, "The dbt engine has been ended.");
    last_complaints_.clear();
    MW_CO_CHECK(spawn(invocation));
    auto end = [this]() -> asio::awaitable<void> {
        co_await running_->async_wait();
        asio::steady_timer limit(executor_, kDrainLimit);
        co_await limit.async_wait(asio::use_awaitable);
    };
    // Its output ends with it, unless something that it left behind still holds a pipe.
    co_await (
        (follow_events(std::to_string(++invocations_), listener) && follow_complaints(listener)) ||
        end());
    auto status = co_await running_->async_wait();
    running_.reset();
    if (auto failure = read_failure(); !failure.empty())
        co_return fail(Errc::unavailable,
                       fmt::format("The dbt engine could not be started: {}", failure));
    if (killed_) co_return fail(Errc::upstream_failed, "The dbt engine was ended.");
    InvocationExit exit{.exit_code = status.code, .error = std::nullopt, .signal = std::nullopt};
    if (status.signal != 0) {
        exit.exit_code = 2;
        exit.signal = status.signal;
        exit.error = fmt::format("dbt was {}", status.describe());
    } else if (status.code != 0 && !last_complaints_.empty()) {
        exit.error = last_complaints_;
    }
    co_return exit;
}

asio::awaitable<void> NativeSession::cancel() {
    if (!running_ || !running_->signal_group(SIGINT)) co_return;
    if (!co_await running_->async_wait_for(kCancelGrace) && running_)
        running_->signal_group(SIGKILL);
}

void NativeSession::kill() {
    killed_ = true;
    if (running_) running_->signal_group(SIGKILL);
}

}  // namespace mw::runner
