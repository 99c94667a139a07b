#include "roles/supervisor/service_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <stdexcept>

#include "base/log.hpp"
#include "base/readiness.hpp"
#include "infra/process/line_reader.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kReadyFd = 4;  // 3 is the gateway's listening socket
constexpr std::size_t kMaxLineBytes = 64 * 1024;
constexpr auto kProbeEvery = 100ms;
constexpr auto kPassingFailureLimit = 30s;
constexpr auto kLastWarning = 500ms;

// A timer's wait that ends alike when the time is up and when it is moved.
asio::awaitable<void> wait_quietly(asio::steady_timer& timer) {
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

// A broken invariant in a background coroutine ends the supervisor, loudly.
void rethrow(std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

ServiceChild::ServiceChild(asio::any_io_executor executor, ServiceSpec spec, RoleLog log,
                           std::function<void()> changed)
    : executor_(executor),
      spec_(std::move(spec)),
      log_(std::move(log)),
      changed_(std::move(changed)),
      ready_pipe_(executor),
      pause_timer_(executor),
      stop_timer_(executor) {
}

result<> ServiceChild::launch() {
    MW_TRY(auto command, spec_.command());
    command.out = process::Stdio::pipe();
    command.err = process::Stdio::merge();
    UniqueFd announce;
    if (!spec_.probe) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return fail(Errc::unavailable, fmt::format("pipe: {}", std::strerror(errno)));
        ready_pipe_ = process::Descriptor(executor_, ends[0]);
        announce.reset(ends[1]);
        command.inherit.push_back({announce.get(), kReadyFd});
        command.environment[kReadyFdVariable] = std::to_string(kReadyFd);
    }
    log_.clear_tail();
    launched_ = steady_clock::now();
    started_at_ = now();
    MW_TRY(auto process, process::Process::spawn(executor_, std::move(command)));
    process_.emplace(std::move(process));
    asio::co_spawn(executor_, pump_log(process_->take_out()), rethrow);
    changed_();
    return {};
}

// Lives until the last holder of the pipe is gone, which may be a child of the role.
asio::awaitable<void> ServiceChild::pump_log(process::Descriptor source) {
    process::LineReader lines(source, kMaxLineBytes);
    while (auto line = co_await lines.next()) {
        if (line->cut) line->text += " … (line cut)";
        log_.line(line->text);
    }
}

asio::awaitable<bool> ServiceChild::await_announcement() {
    char byte = 0;
    boost::system::error_code error;
    auto count = co_await ready_pipe_.async_read_some(
        asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, error));
    co_return !error && count == 1;
}

asio::awaitable<bool> ServiceChild::probe_until_ready() {
    asio::steady_timer timer(executor_);
    while (!co_await spec_.probe()) {
        timer.expires_after(kProbeEvery);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return true;
}

asio::awaitable<ServiceChild::Outcome> ServiceChild::await_ready() {
    asio::steady_timer limit(executor_, spec_.start_limit);
    auto first = co_await ((spec_.probe ? probe_until_ready() : await_announcement()) ||
                           process_->async_wait() || wait_quietly(limit));
    if (stopping_) co_return Outcome::stopping;
    if (first.index() == 2) co_return Outcome::late;
    if (first.index() == 1) co_return Outcome::ended;
    if (std::get<0>(first)) co_return Outcome::ready;
    // The descriptor was closed without the byte: the role is ending, or will never say.
    auto status = co_await process_->async_wait_for(spec_.start_limit);
    co_return status ? Outcome::ended : Outcome::late;
}

asio::awaitable<result<>> ServiceChild::start_once() {
    MW_CO_CHECK(launch());
    switch (co_await await_ready()) {
        case Outcome::ready:
            co_return result<>{};
        case Outcome::stopping:
            co_return fail(Errc::cancelled, fmt::format("{} was stopped", spec_.name));
        case Outcome::ended: {
            auto status = co_await process_->async_wait();
            // What it said last is still on its way.
            co_await pause(50ms);
            co_return fail(Errc::unavailable, fmt::format("{} ended before it was ready: {}",
                                                          spec_.name, status.describe()));
        }
        case Outcome::late:
            co_return fail(
                Errc::timeout,
                fmt::format(
                    "{} was not ready after {} s", spec_.name,
                    std::chrono::duration_cast<std::chrono::seconds>(spec_.start_limit).count()));
    }
    throw std::logic_error("an outcome without a meaning");
}

asio::awaitable<result<>> ServiceChild::start() {
    auto give_up = steady_clock::now() + kPassingFailureLimit;
    for (;;) {
        auto started = co_await start_once();
        if (started) break;
        bool again = spec_.passing_failure && started.error().code == Errc::unavailable &&
                     spec_.passing_failure(log_.tail()) && steady_clock::now() < give_up;
        if (!again || stopping_) co_return started;
        co_await pause(500ms);
    }
    log_ready();
    asio::co_spawn(executor_, [this] { return keep_running(); }, rethrow);
    co_return result<>{};
}

void ServiceChild::log_ready() const {
    log::info("role ready",
              {{"name", spec_.name}, {"pid", process_->pid()}, {"restarts", restarts_}});
}

asio::awaitable<void> ServiceChild::keep_running() {
    for (;;) {
        std::string why;
        if (process_) why = (co_await process_->async_wait()).describe();
        if (stopping_) co_return;
        changed_();
        auto delay = backoff_.after(steady_clock::now() - launched_);
        log::warn("role ended and is started again",
                  {{"name", spec_.name}, {"how", why}, {"after_ms", delay.count()}});
        co_await pause(delay);
        if (stopping_) co_return;
        ++restarts_;
        auto launched = launch();
        if (!launched) {
            log::error("role cannot be started",
                       {{"name", spec_.name}, {"error", launched.error().message}});
            process_.reset();
            continue;
        }
        auto outcome = co_await await_ready();
        if (outcome == Outcome::ready) log_ready();
        // A role that hangs before it serves is restarted like one that has ended.
        if (outcome == Outcome::late) process_->signal_group(SIGKILL);
    }
}

asio::awaitable<void> ServiceChild::pause(std::chrono::milliseconds length) {
    pause_timer_.expires_after(length);
    if (!stopping_) co_await wait_quietly(pause_timer_);
}

asio::awaitable<bool> ServiceChild::gone_by(steady_clock::time_point deadline) {
    stop_timer_.expires_at(hurried_ ? steady_clock::now() : deadline);
    auto first = co_await (process_->async_wait() || wait_quietly(stop_timer_));
    co_return first.index() == 0;
}

asio::awaitable<void> ServiceChild::stop(steady_clock::time_point deadline) {
    stopping_ = true;
    pause_timer_.cancel();
    if (!process_ || process_->poll()) co_return;
    process_->signal(spec_.stop_signal);
    if (co_await gone_by(deadline)) co_return;
    log::warn("role does not stop in time", {{"name", spec_.name}});
    process_->signal(spec_.last_warning);
    hurried_ = false;
    if (co_await gone_by(steady_clock::now() + kLastWarning)) co_return;
    process_->signal_group(SIGKILL);
    co_await process_->async_wait();
}

void ServiceChild::hurry() {
    hurried_ = true;
    stop_timer_.expires_at(steady_clock::now());
}

void ServiceChild::signal(int number) {
    if (process_) process_->signal(number);
}

std::optional<pid_t> ServiceChild::pid() {
    if (!process_ || process_->poll()) return std::nullopt;
    return process_->pid();
}

}  // namespace mw::supervisor
