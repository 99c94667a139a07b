#include "roles/supervisor/supervisor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <vector>

#include "base/log.hpp"
#include "base/offload.hpp"
#include "base/served_names.hpp"
#include "infra/crypto/self_signed.hpp"
#include "infra/pg/migrate.hpp"
#include "infra/process/proc_info.hpp"
#include "roles/supervisor/embedded_postgres.hpp"
#include "roles/supervisor/leftovers.hpp"
#include "roles/supervisor/run_groups.hpp"
#include "roles/supervisor/service_child.hpp"
#include "roles/supervisor/startup.hpp"
#include "roles/supervisor/status_file.hpp"

namespace mw::supervisor {
namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kListenFd = 3;

// How long after the signal each stage of a stop may last, so that all is over within 10 s. The
// scheduler has the most to do: it ends the runs.
constexpr auto kGatewayStopped = 1s;
constexpr auto kSchedulerStopped = 8s;
constexpr auto kRunsStopped = 8300ms;
constexpr auto kAppStopped = 8800ms;
constexpr auto kPostgresStopped = 9500ms;

class Supervisor {
  public:
    Supervisor(Prepared prepared, SupervisorOptions options);
    int run();

  private:
    asio::awaitable<int> main();
    asio::awaitable<result<>> start_all();
    asio::awaitable<result<>> start_database();
    asio::awaitable<result<>> start_role(const char* name, bool listens);
    asio::awaitable<result<>> start_service(ServiceSpec spec);
    asio::awaitable<void> stop_all();
    asio::awaitable<void> stop_service(std::string_view name, steady_clock::time_point deadline);
    asio::awaitable<void> watch_signals();
    asio::awaitable<void> collect_orphans();
    asio::awaitable<void> stop_requested();
    result<> ensure_certificate();
    void announce();
    void report(const Error& error) const;
    void publish_status();
    ServiceChild* find(std::string_view name);

    asio::io_context ioc_{1};
    asio::thread_pool connecting_{1};
    BlockingPool blocking_{{.threads = 1}};
    Settings settings_;
    Layout layout_;
    process::ServiceUser user_;
    ListenPort listen_;
    SupervisorLock lock_;
    cgroup::Tree groups_;
    std::string merge_obstacle_;
    SupervisorOptions options_;
    std::string url_;
    Status status_;
    asio::signal_set signals_;
    asio::signal_set child_ended_;
    asio::steady_timer stop_event_;
    bool stopping_ = false;
    bool hurried_ = false;
    // In the order of their start; each is kept until the end.
    std::vector<std::unique_ptr<ServiceChild>> services_;
};

Supervisor::Supervisor(Prepared prepared, SupervisorOptions options)
    : settings_(std::move(prepared.settings)),
      layout_(std::move(prepared.layout)),
      user_(std::move(prepared.user)),
      listen_(std::move(prepared.listen)),
      lock_(std::move(prepared.lock)),
      groups_(std::move(prepared.groups)),
      merge_obstacle_(std::move(prepared.merge_obstacle)),
      options_(options),
      url_(https_url(settings_.get("HOSTNAME"), listen_.port)),
      signals_(ioc_, SIGTERM, SIGINT, SIGHUP),
      child_ended_(ioc_, SIGCHLD),
      stop_event_(ioc_, steady_clock::time_point::max()) {
    status_.url = url_;
    status_.run_dir = layout_.run_dir.string();
    status_.started_at = now();
    describe_groups(groups_, status_);
}

int Supervisor::run() {
    // Orphans of a crashed role come to us rather than to a pid 1 that we do not control.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    int exit_code = 1;
    auto rethrow = [](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
    };
    asio::co_spawn(ioc_, [this] { return watch_signals(); }, rethrow);
    asio::co_spawn(ioc_, [this] { return collect_orphans(); }, rethrow);
    asio::co_spawn(
        ioc_, [this] { return main(); },
        [&](std::exception_ptr thrown, int code) {
            rethrow(thrown);
            exit_code = code;
            ioc_.stop();
        });
    ioc_.run();
    return exit_code;
}

asio::awaitable<int> Supervisor::main() {
    if (!listen_.note.empty()) log::warn(listen_.note);
    log_groups(groups_, settings_);
    if (!merge_obstacle_.empty())
        log::warn("MILLWRIGHT_MERGE_MEMORY saves nothing: " + merge_obstacle_);
    auto first = co_await (start_all() || stop_requested());
    int exit_code = 0;
    if (first.index() == 0) {
        const auto& started = std::get<0>(first);
        if (started) {
            announce();
            co_await stop_requested();
        } else if (!stopping_) {
            report(started.error());
            exit_code = 1;
        }
    }
    co_await stop_all();
    co_return exit_code;
}

asio::awaitable<void> Supervisor::stop_requested() {
    while (!stopping_) {
        boost::system::error_code ignored;
        co_await stop_event_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

asio::awaitable<void> Supervisor::watch_signals() {
    for (;;) {
        int number = co_await signals_.async_wait(asio::use_awaitable);
        if (number == SIGHUP) {
            if (auto* gateway = find("gateway")) gateway->signal(SIGHUP);
            continue;
        }
        log::info("stopping", {{"signal", number}, {"again", stopping_}});
        hurried_ = stopping_;
        stopping_ = true;
        stop_event_.cancel();
        if (hurried_)
            for (auto& service : services_)
                service->hurry();
    }
}

asio::awaitable<void> Supervisor::collect_orphans() {
    for (;;) {
        co_await child_ended_.async_wait(asio::use_awaitable);
        process::reap_adopted_children();
    }
}

asio::awaitable<result<>> Supervisor::start_all() {
    MW_CO_CHECK(co_await await_leftovers(layout_.status_file));
    publish_status();
    MW_CO_CHECK(ensure_certificate());
    if (layout_.embedded_database) MW_CO_CHECK(co_await start_database());
    MW_CO_TRY(auto migrations, pg::load_migrations(layout_.migrations_dir));
    MW_CO_TRY(auto applied, co_await offload(blocking_, [this, migrations = std::move(migrations)] {
                  return pg::migrate(layout_.database_conninfo, migrations);
              }));
    log::info("database is up to date", {{"migrations_applied", applied}});
    MW_CO_CHECK(co_await start_role("app", false));
    MW_CO_CHECK(co_await start_role("scheduler", false));
    co_return co_await start_role("gateway", true);
}

asio::awaitable<result<>> Supervisor::start_database() {
    auto cluster = embedded_cluster(layout_, settings_);
    MW_CO_CHECK(co_await prepare_cluster(cluster));
    MW_CO_CHECK(co_await start_service(postgres_service(cluster, connecting_)));
    co_return co_await pg_server::ensure_database(connecting_, cluster, std::string(kDatabaseName));
}

asio::awaitable<result<>> Supervisor::start_role(const char* name, bool listens) {
    ServiceSpec spec;
    spec.name = name;
    spec.command = [this, name, listens]() -> result<process::SpawnOptions> {
        process::SpawnOptions command;
        command.program = layout_.program;
        command.args = {name};
        command.environment =
            role_environment(settings_, user_, layout_, process::current_environment());
        command.cwd = layout_.data_dir;
        command.death_signal = SIGTERM;
        // When we are killed nobody reads the role's log; it must still end in good order.
        command.ignore_broken_pipes = true;
        // A core file would hold whatever was in memory: credentials, rows of customers' data.
        command.limits = {{RLIMIT_CORE, 0, 0}};
        if (listens) {
            command.inherit.push_back({listen_.socket.get(), kListenFd});
            command.environment["MILLWRIGHT_LISTEN_FD"] = std::to_string(kListenFd);
        }
        return command;
    };
    return start_service(std::move(spec));
}

asio::awaitable<result<>> Supervisor::start_service(ServiceSpec spec) {
    RoleLog role_log(spec.name, layout_.logs_dir, options_.mirror_logs);
    services_.push_back(std::make_unique<ServiceChild>(
        ioc_.get_executor(), std::move(spec), std::move(role_log), [this] { publish_status(); }));
    auto& service = *services_.back();
    auto started = co_await service.start();
    if (!started && !options_.mirror_logs)
        for (const auto& line : service.log().tail())
            fmt::print(stderr, "{}\n", line);
    co_return started;
}

result<> Supervisor::ensure_certificate() {
    // A certificate that the operator names is theirs to provide; the gateway says if it is bad.
    if (!settings_.get("TLS_CERT").empty()) return {};
    return crypto::ensure_self_signed(layout_.tls_cert, layout_.tls_key, served_names(settings_));
}

asio::awaitable<void> Supervisor::stop_all() {
    stopping_ = true;
    status_.state = "stopping";
    publish_status();
    auto begun = steady_clock::now();
    auto by = [&](auto limit) { return hurried_ ? steady_clock::now() : begun + limit; };
    co_await stop_service("gateway", by(kGatewayStopped));
    co_await stop_service("scheduler", by(kSchedulerStopped));
    // Runs of a scheduler that has gone are ours by now; app is still there to hear from them.
    co_await end_adopted(by(kRunsStopped));
    co_await stop_service("app", by(kAppStopped));
    co_await stop_service("postgres", by(kPostgresStopped));
    co_await end_adopted(steady_clock::now());
    cgroup::remove_tree(groups_);
    publish_status();
    log::info("stopped", {{"after_ms", std::chrono::duration_cast<std::chrono::milliseconds>(
                                           steady_clock::now() - begun)
                                           .count()}});
}

asio::awaitable<void> Supervisor::stop_service(std::string_view name,
                                               steady_clock::time_point deadline) {
    if (auto* service = find(name)) co_await service->stop(deadline);
}

void Supervisor::announce() {
    status_.state = "ready";
    publish_status();
    fmt::print("Millwright is ready: {}\n", url_);
    std::fflush(stdout);
}

void Supervisor::report(const Error& error) const {
    auto text = error.message + (error.detail.empty() ? "" : " (" + error.detail + ")");
    // What PostgreSQL and others say may have several lines.
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    fmt::print(stderr, "millwright: {}\n", text);
}

void Supervisor::publish_status() {
    auto describe = [](std::string role, pid_t pid, Timestamp since, int restarts) {
        auto ticks = process::start_ticks(pid).value_or(0);
        return ProcessStatus{std::move(role), pid, ticks, since, restarts};
    };
    status_.processes = {describe("supervisor", ::getpid(), status_.started_at, 0)};
    for (auto& service : services_)
        if (auto pid = service->pid())
            status_.processes.push_back(
                describe(service->name(), *pid, service->started_at(), service->restarts()));
    if (auto written = write_status(layout_.status_file, status_); !written)
        log::warn("status cannot be written", {{"error", written.error().message}});
}

ServiceChild* Supervisor::find(std::string_view name) {
    for (auto& service : services_)
        if (service->name() == name) return service.get();
    return nullptr;
}

bool is_plain_file(int fd) {
    struct stat facts{};
    return ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
}

}  // namespace

int run_supervisor(Settings settings, SupervisorOptions options) {
    log::configure("supervisor", log::parse_level(settings.get("LOG_LEVEL")));
    if (is_plain_file(STDERR_FILENO)) options.mirror_logs = false;
    auto prepared = prepare(std::move(settings));
    if (!prepared) {
        fmt::print(stderr, "millwright: {}\n", prepared.error().message);
        return 1;
    }
    return Supervisor(std::move(*prepared), options).run();
}

}  // namespace mw::supervisor
