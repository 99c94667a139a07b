#include "roles/runner/worker.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <string>

#include "base/log.hpp"
#include "base/time.hpp"
#include "roles/runner/report/api_client.hpp"
#include "roles/runner/report/log_shipper.hpp"
#include "roles/runner/run_flow.hpp"
#include "roles/runner/stop.hpp"
#include "roles/runner/wait.hpp"
#include "roles/runner/worker_process.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;

class Worker {
  public:
    Worker(asio::any_io_executor executor, const Layout& layout, ConfinementSettings confinement,
           std::filesystem::path mirrors, Secret token)
        : executor_(executor),
          layout_(layout),
          confinement_(std::move(confinement)),
          mirrors_(std::move(mirrors)),
          stop_(executor),
          api_(executor, layout.internal_socket, std::move(token), stop_),
          shipper_(executor, api_, stop_),
          signals_(executor, SIGTERM, SIGINT, SIGHUP) {}

    // The process's exit code.
    asio::awaitable<int> run() {
        using asio::experimental::awaitable_operators::operator||;
        auto first = co_await (without_throwing(work()) || watch_signals() || stop_.wait_lost());
        if (first.index() != 0 || stop_.lost()) co_return kExitLost;
        const auto& done = std::get<0>(first);
        if (done) co_return kExitOk;
        log::error("run not finished",
                   {{"reason", done.error().message}, {"detail", done.error().detail}});
        co_return done.error().code == Errc::lease_lost ? kExitLost : kExitSoftware;
    }

  private:
    asio::awaitable<result<>> work();
    asio::awaitable<result<>> execute(RunSpec spec);
    asio::awaitable<void> watch_signals();
    asio::awaitable<void> heartbeats();
    asio::awaitable<void> keep_time(std::chrono::seconds limit);
    asio::awaitable<void> forever();

    asio::any_io_executor executor_;
    const Layout& layout_;
    ConfinementSettings confinement_;
    std::filesystem::path mirrors_;
    Stop stop_;
    ApiClient api_;
    LogShipper shipper_;
    asio::signal_set signals_;
};

asio::awaitable<void> Worker::forever() {
    asio::steady_timer never(executor_, asio::steady_timer::time_point::max());
    co_await never.async_wait(asio::use_awaitable);
}

asio::awaitable<void> Worker::watch_signals() {
    while (true) {
        int number = co_await signals_.async_wait(asio::use_awaitable);
        log::info("signal received", {{"signal", number}});
        stop_.request(StopReason::shutdown,
                      "This run was cancelled because Millwright was stopped.");
    }
}

// Keeps the lease, and learns of a request to cancel. When the run is stopped it asks at once:
// the app may know the reason behind a mere signal.
asio::awaitable<void> Worker::heartbeats() {
    using asio::experimental::awaitable_operators::operator||;
    asio::steady_timer timer(executor_);
    bool asked_why = false;
    while (true) {
        timer.expires_after(api_.heartbeat_interval());
        if (stop_.requested() && !asked_why)
            asked_why = true;
        else if (stop_.requested())
            co_await timer.async_wait(asio::use_awaitable);
        else
            co_await (timer.async_wait(asio::use_awaitable) || stop_.wait_requested());
        auto told = co_await api_.heartbeat();
        if (!told && told.error().code != Errc::lease_lost)
            log::warn("heartbeat refused", {{"reason", told.error().message}});
    }
}

asio::awaitable<void> Worker::keep_time(std::chrono::seconds limit) {
    if (limit.count() > 0) {
        asio::steady_timer timer(executor_, limit);
        co_await timer.async_wait(asio::use_awaitable);
        stop_.request(StopReason::timed_out, fmt::format("This run timed out after running for {}.",
                                                         humanize_duration(limit)));
    }
    co_await forever();
}

asio::awaitable<result<>> Worker::execute(RunSpec spec) {
    RunFlow flow(executor_, layout_, confinement_, mirrors_, std::move(spec), api_, shipper_,
                 stop_);
    co_return co_await flow.execute();
}

asio::awaitable<result<>> Worker::work() {
    using asio::experimental::awaitable_operators::operator||;
    MW_CO_TRY(auto answer, co_await api_.spec());
    MW_CO_TRY(auto spec, parse_run_spec(answer));
    log::info("run begun", {{"run_id", spec.run_id}, {"dbt_version", spec.dbt_version}});
    api_.set_lease(spec.lease);
    shipper_.set_scrubber(secrets_of(spec));
    auto limit = spec.timeout;
    auto first = co_await (without_throwing(execute(std::move(spec))) || heartbeats() ||
                           shipper_.run() || keep_time(limit));
    co_return std::get<0>(std::move(first));
}

}  // namespace

int run_worker(const Settings& settings, const Layout& layout) {
    log::configure("run", log::parse_level(settings.get("LOG_LEVEL")));
    auto token = read_token();
    if (!token) {
        log::error(token.error().message);
        return kExitUsage;
    }
    auto confinement = ConfinementSettings::from(settings);
    if (!confinement) {
        log::error(confinement.error().message);
        return kExitUsage;
    }
    protect_memory();
    asio::io_context io{1};
    int code = kExitSoftware;
    auto mirrors = settings.get_bool("REPOSITORY_CACHE") ? layout.repository_cache_dir
                                                         : std::filesystem::path();
    Worker worker(io.get_executor(), layout, std::move(*confinement), std::move(mirrors),
                  std::move(*token));
    asio::co_spawn(io, worker.run(), [&](std::exception_ptr thrown, int exit_code) {
        code = exit_code;
        if (!thrown) return;
        code = kExitSoftware;
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& problem) {
            log::error("worker broke", {{"reason", problem.what()}});
        }
    });
    io.run();
    return code;
}

}  // namespace mw::runner
