#include "roles/runner/engine/core1_session.hpp"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "base/log.hpp"
#include "infra/cgroup/group.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

// Importing dbt takes seconds from a cold disk on a busy machine.
constexpr auto kReadyLimit = 180s;

}  // namespace

Core1Session::Core1Session(asio::any_io_executor executor, Core1Options options)
    : executor_(executor), options_(std::move(options)) {
}

result<> Core1Session::start() {
    if (connect(true)) return {};
    return connect(false);
}

result<> Core1Session::connect(bool warm) {
    lines_.reset();
    MW_TRY(link_, warm ? connect_warm(executor_, options_.warm_socket)
                       : start_cold(executor_, options_.cold));
    lines_.emplace(link_->messages(), dbt::kMessageBytesMax);
    warm_ = warm;
    confined_ = broken_ = false;
    log::debug("engine session", {{"warm", warm}});
    return {};
}

std::string Core1Session::confine_command() const {
    json::value plan;
    if (options_.confinement) plan = sandbox::to_json(*options_.confinement);
    return json::serialize(json::object{{"type", "confine"}, {"plan", std::move(plan)}}) + "\n";
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
    if (!link_) co_return fail(Errc::internal, "The dbt engine has not been started.");
    auto outcome = co_await attempt(invocation, listener);
    // What had begun may have changed the warehouse: that is not for us to do twice.
    if (outcome || !broken_ || phase_ != Phase::sending || killed_) {
        phase_ = Phase::idle;
        co_return outcome;
    }
    log::warn("engine host lost, starting another", {{"reason", outcome.error().message}});
    if (auto again = connect(false); !again) co_return fail(std::move(again).error());
    outcome = co_await attempt(invocation, listener);
    phase_ = Phase::idle;
    co_return outcome;
}

asio::awaitable<result<InvocationExit>> Core1Session::attempt(const Invocation& invocation,
                                                              EngineListener& listener) {
    id_ = std::to_string(++invocations_);
    phase_ = Phase::sending;
    MW_CO_CHECK(co_await await_confined());
    auto command = invoke_command(invocation);
    if (command.size() > dbt::kMessageBytesMax)
        co_return fail(Errc::limit_exceeded,
                       "The command and its environment variables are longer than 16 MiB.");
    MW_CO_CHECK(co_await send(std::move(command)));
    auto outcome = co_await follow(listener);
    // An engine that does not keep to the protocol may still be at work.
    if (!outcome) link_->kill();
    co_return outcome;
}

asio::awaitable<result<>> Core1Session::await_confined() {
    using asio::experimental::awaitable_operators::operator||;
    if (confined_) co_return result<>{};
    asio::steady_timer limit(executor_, kReadyLimit);
    auto first = co_await (greet() || limit.async_wait(asio::use_awaitable));
    if (first.index() == 0) co_return std::move(std::get<0>(first));
    kill();
    co_return fail(Errc::upstream_failed,
                   fmt::format("The dbt engine was not ready within {} seconds.",
                               std::chrono::seconds(kReadyLimit).count()));
}

asio::awaitable<result<>> Core1Session::greet() {
    MW_CO_TRY(auto greeting, co_await next_message());
    const auto* ready = std::get_if<dbt::HostReady>(&greeting);
    if (!ready) co_return fail(Errc::upstream_failed, "The dbt engine did not report for work.");
    MW_CO_CHECK(co_await send(confine_command()));
    MW_CO_TRY(auto answer, co_await next_message());
    if (const auto* refused = std::get_if<dbt::CommandRefused>(&answer))
        co_return fail(Errc::unavailable, refused->error);
    const auto* confined = std::get_if<dbt::HostConfined>(&answer);
    if (!confined) co_return fail(Errc::upstream_failed, "The dbt engine was not confined.");
    link_->set_holder(static_cast<int>(confined->pid));
    // It is one process as yet, and waits for its first command.
    if (!options_.confinement)
        MW_CO_CHECK(cgroup::put_into(options_.doors, static_cast<pid_t>(confined->pid)));
    confined_ = true;
    log::debug("engine ready",
               {{"dbt_version", ready->dbt_version}, {"pid", confined->pid}, {"warm", warm_}});
    co_return result<>{};
}

asio::awaitable<result<dbt::HostMessage>> Core1Session::next_message() {
    auto line = co_await lines_->next();
    if (!line) co_return fail(co_await host_ended());
    co_return dbt::parse_host_message(line->text);
}

asio::awaitable<Error> Core1Session::host_ended() {
    broken_ = true;
    auto how = co_await link_->how_it_ended();
    co_return Error{
        Errc::upstream_failed, "The dbt engine ended unexpectedly " + std::move(how), {}, {}};
}

asio::awaitable<result<>> Core1Session::send(std::string line) {
    boost::system::error_code error;
    co_await asio::async_write(link_->commands(), asio::buffer(line),
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
        } else if (auto* rows = std::get_if<dbt::Rows>(&message)) {
            if (rows->id == id_) co_await listener.on_rows(std::move(*rows));
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
    killed_ = true;
    if (link_) link_->kill();
}

}  // namespace mw::runner
