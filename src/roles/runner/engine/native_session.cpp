#include "roles/runner/engine/native_session.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "dbt/native_event.hpp"
#include "infra/cgroup/group.hpp"
#include "infra/process/line_reader.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;
using namespace std::chrono_literals;

constexpr auto kCancelGrace = 5s;
// How long a pipe that something still holds open may stay open after dbt's end.
constexpr auto kDrainLimit = 2s;
constexpr std::size_t kMostComplaintBytes = 4096;

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

result<> NativeSession::start() {
    if (!options_.confinement || next_) return {};
    MW_TRY(auto launcher,
           ConfinedLauncher::start(executor_, options_.confiner, *options_.confinement));
    next_.emplace(std::move(launcher));
    return {};
}

process::Process& NativeSession::running() {
    return confined_ ? confined_->process() : *bare_;
}

result<process::Process> NativeSession::spawn_bare(const Invocation& invocation) {
    auto options = native_spawn_options();
    options.program = options_.program;
    options.args = dbt::without_log_options(invocation.argv);
    options.environment = environment_of(invocation);
    options.cwd = invocation.cwd;
    MW_TRY(auto process, process::Process::spawn(executor_, std::move(options)));
    MW_CHECK(cgroup::put_into(options_.doors, process.pid()));
    return process;
}

result<> NativeSession::spawn(const Invocation& invocation) {
    confined_.reset();
    bare_.reset();
    if (!options_.confinement) {
        MW_TRY(auto process, spawn_bare(invocation));
        bare_.emplace(std::move(process));
        return {};
    }
    MW_CHECK(start());
    sandbox::Command command{.folder = invocation.cwd,
                             .argv = dbt::without_log_options(invocation.argv),
                             .environment = environment_of(invocation)};
    command.argv.insert(command.argv.begin(), options_.program.string());
    MW_CHECK(next_->become(command));
    confined_ = std::exchange(next_, std::nullopt);
    return {};
}

asio::awaitable<void> NativeSession::follow_events(std::string id, EngineListener& listener) {
    process::LineReader lines(running().out(), dbt::kMessageBytesMax);
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
    process::LineReader lines(running().err(), dbt::kMessageBytesMax);
    while (auto line = co_await lines.next()) {
        if (last_complaints_.size() < kMostComplaintBytes) last_complaints_ += line->text + "\n";
        co_await listener.on_output(std::move(line->text));
    }
}

InvocationExit NativeSession::exit_of(const process::ExitStatus& status) const {
    InvocationExit exit{.exit_code = status.code, .error = std::nullopt, .signal = std::nullopt};
    if (status.signal != 0) {
        exit.exit_code = 2;
        exit.signal = status.signal;
        exit.error = fmt::format("dbt was {}", status.describe());
    } else if (status.code != 0 && !last_complaints_.empty()) {
        exit.error = last_complaints_;
    }
    return exit;
}

asio::awaitable<result<InvocationExit>> NativeSession::invoke(Invocation invocation,
                                                              EngineListener& listener) {
    if (killed_) co_return fail(Errc::upstream_failed, "The dbt engine has been ended.");
    last_complaints_.clear();
    MW_CO_CHECK(spawn(invocation));
    auto end = [this]() -> asio::awaitable<void> {
        co_await running().async_wait();
        asio::steady_timer limit(executor_, kDrainLimit);
        co_await limit.async_wait(asio::use_awaitable);
    };
    // Its output ends with it, unless something that it left behind still holds a pipe.
    co_await (
        (follow_events(std::to_string(++invocations_), listener) && follow_complaints(listener)) ||
        end());
    auto status = co_await running().async_wait();
    auto failure = confined_ ? confined_->failure() : std::string();
    confined_.reset();
    bare_.reset();
    if (!failure.empty())
        co_return fail(Errc::unavailable,
                       fmt::format("The dbt engine could not be started: {}", failure));
    if (killed_) co_return fail(Errc::upstream_failed, "The dbt engine was ended.");
    // An error is told when the next one comes.
    if (invocation.more_follow) static_cast<void>(start());
    co_return exit_of(status);
}

asio::awaitable<void> NativeSession::cancel() {
    if (!is_running() || !running().signal_group(SIGINT)) co_return;
    if (!co_await running().async_wait_for(kCancelGrace) && is_running())
        running().signal_group(SIGKILL);
}

void NativeSession::kill() {
    killed_ = true;
    next_.reset();
    if (is_running()) running().signal_group(SIGKILL);
}

}  // namespace mw::runner
