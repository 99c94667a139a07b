#include "roles/runner/core1_session.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <cstring>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "infra/process/run_command.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

// Importing dbt takes seconds from a cold disk on a busy machine.
constexpr auto kReadyLimit = 180s;
constexpr auto kEndLimit = 5s;
constexpr std::size_t kMostStderrBytes = 1024UL * 1024;
constexpr std::size_t kErrorLines = 5;

}  // namespace

Core1Session::Core1Session(asio::any_io_executor executor, Core1Options options)
    : executor_(executor), options_(std::move(options)) {
}

result<> Core1Session::start() {
    UniqueFd complaints(
        ::open(options_.stderr_file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600));
    if (!complaints)
        return fail(file_error(errno, "The dbt engine cannot be started", options_.stderr_file));
    process::SpawnOptions options;
    options.program = options_.program;
    options.args = options_.args;
    options.environment = options_.environment;
    options.cwd = options_.cwd;
    options.in = process::Stdio::pipe();
    options.out = process::Stdio::pipe();
    options.err = process::Stdio::descriptor(complaints.get());
    options.group = process::Group::own_session;
    options.death_signal = SIGKILL;
    MW_TRY(auto host, process::Process::spawn(executor_, std::move(options)));
    host_.emplace(std::move(host));
    lines_.emplace(host_->out(), dbt::kMessageBytesMax);
    return {};
}

std::string Core1Session::invoke_command(const Invocation& invocation) const {
    json::object environment;
    for (const auto& [name, value] : invocation.environment)
        environment[name] = value;
    json::array argv(invocation.argv.begin(), invocation.argv.end());
    json::array secrets(options_.secrets.begin(), options_.secrets.end());
    return json::serialize(json::object{{"type", "invoke"},
                                        {"id", id_},
                                        {"argv", std::move(argv)},
                                        {"cwd", invocation.cwd.string()},
                                        {"env", std::move(environment)},
                                        {"secrets", std::move(secrets)}}) +
           "\n";
}

asio::awaitable<result<InvocationExit>> Core1Session::invoke(Invocation invocation,
                                                             EngineListener& listener) {
    if (!host_) co_return fail(Errc::internal, "The dbt engine has not been started.");
    id_ = std::to_string(++invocations_);
    phase_ = Phase::sending;
    if (auto ready = co_await await_ready(); !ready) co_return fail(std::move(ready).error());
    auto command = invoke_command(invocation);
    if (command.size() > dbt::kMessageBytesMax)
        co_return fail(Errc::limit_exceeded,
                       "The command and its environment variables are longer than 16 MiB.");
    if (auto sent = co_await send(std::move(command)); !sent)
        co_return fail(std::move(sent).error());
    auto outcome = co_await follow(listener);
    // An engine that does not keep to the protocol may still be at work.
    if (!outcome) kill();
    phase_ = Phase::idle;
    co_return outcome;
}

asio::awaitable<result<>> Core1Session::await_ready() {
    using asio::experimental::awaitable_operators::operator||;
    if (ready_) co_return result<>{};
    asio::steady_timer limit(executor_, kReadyLimit);
    auto first = co_await (next_message() || limit.async_wait(asio::use_awaitable));
    if (first.index() == 1) {
        kill();
        co_return fail(Errc::upstream_failed,
                       fmt::format("The dbt engine was not ready within {} seconds.",
                                   std::chrono::seconds(kReadyLimit).count()));
    }
    auto& message = std::get<0>(first);
    if (!message) co_return fail(std::move(message).error());
    const auto* ready = std::get_if<dbt::HostReady>(&*message);
    if (!ready) co_return fail(Errc::upstream_failed, "The dbt engine did not report for work.");
    ready_ = true;
    log::debug("engine ready", {{"dbt_version", ready->dbt_version}, {"pid", ready->pid}});
    co_return result<>{};
}

asio::awaitable<result<dbt::HostMessage>> Core1Session::next_message() {
    auto line = co_await lines_->next();
    if (!line) co_return fail(co_await host_ended());
    co_return dbt::parse_host_message(line->text);
}

asio::awaitable<Error> Core1Session::host_ended() {
    auto status = co_await host_->async_wait_for(kEndLimit);
    auto complaints = read_file(options_.stderr_file, kMostStderrBytes);
    auto last = complaints ? process::last_lines(*complaints, kErrorLines) : std::string();
    auto how = status ? status->describe() : "its output was closed";
    co_return Error{Errc::upstream_failed,
                    last.empty()
                        ? fmt::format("The dbt engine ended unexpectedly ({}).", how)
                        : fmt::format("The dbt engine ended unexpectedly ({}):\n{}", how, last),
                    {},
                    {}};
}

asio::awaitable<result<>> Core1Session::send(std::string line) {
    boost::system::error_code error;
    co_await asio::async_write(host_->in(), asio::buffer(line),
                               asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
    if (error) co_return fail(co_await host_ended());
    co_return result<>{};
}

asio::awaitable<result<InvocationExit>> Core1Session::follow(EngineListener& listener) {
    while (true) {
        MW_CO_TRY(auto message, co_await next_message());
        if (std::holds_alternative<dbt::InvocationStarted>(message)) {
            phase_ = Phase::running;
        } else if (auto* event = std::get_if<dbt::Event>(&message)) {
            if (event->id == id_) co_await listener.on_event(std::move(*event));
        } else if (auto* output = std::get_if<dbt::Output>(&message)) {
            if (output->id == id_) co_await listener.on_output(std::move(output->text));
        } else if (auto* finished = std::get_if<dbt::InvocationFinished>(&message)) {
            if (finished->id == id_)
                co_return InvocationExit{finished->exit_code, std::move(finished->error),
                                         finished->signal};
        } else if (auto* refused = std::get_if<dbt::CommandRefused>(&message)) {
            co_return fail(Errc::upstream_failed,
                           "The dbt engine refused the command: " + refused->error);
        }
    }
}

asio::awaitable<void> Core1Session::cancel() {
    if (phase_ == Phase::sending) kill();
    if (phase_ != Phase::running) co_return;
    // The command before it has been taken, so this write cannot get in between.
    auto sent = co_await send(dbt::cancel_command(id_));
    if (!sent) log::warn("engine not cancelled", {{"reason", sent.error().message}});
}

void Core1Session::kill() {
    if (host_) host_->signal_group(SIGKILL);
}

}  // namespace mw::runner
