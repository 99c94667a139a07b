#include "roles/app/app.hpp"

#include <fmt/format.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "api/api.hpp"
#include "base/log.hpp"
#include "base/offload.hpp"
#include "base/readiness.hpp"
#include "features/auth/session_api.hpp"
#include "features/auth/token_authenticator.hpp"
#include "features/chat/messenger.hpp"
#include "features/commit_reports/reporter.hpp"
#include "features/data_keys/data_key_store.hpp"
#include "features/git_hosts/live_git_hosts.hpp"
#include "features/mail/mailer.hpp"
#include "features/managed_repositories/git_api.hpp"
#include "features/operator_api/operator_api.hpp"
#include "features/webhooks/deliverer.hpp"
#include "features/worker_api/connection_test_worker_api.hpp"
#include "features/worker_api/repository_worker_api.hpp"
#include "features/worker_api/worker_api.hpp"
#include "infra/http/server/server.hpp"
#include "infra/store/object_store.hpp"
#include "roles/app/public_endpoints.hpp"

namespace mw::app {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t kDatabaseConnections = 16;
constexpr auto kStopGrace = 3s;

// The database may still be starting, or away for a moment: the app waits for it.
asio::awaitable<result<crypto::Sealer>> wait_for_sealer(pg::Pool& pool,
                                                        const crypto::MasterKey& master) {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int tries = 0;; ++tries) {
        auto sealer = co_await data_keys::load_sealer(pool, master);
        if (sealer || sealer.error().code != Errc::unavailable) co_return sealer;
        if (tries == 0) log::warn("waiting for the database", {{"detail", sealer.error().detail}});
        pause.expires_after(500ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

// How users reach this appliance, for links.
std::string public_url(const Settings& settings) {
    auto port = settings.get("PORT");
    auto host = settings.get("HOSTNAME");
    return port.empty() || port == "443" ? fmt::format("https://{}", host)
                                         : fmt::format("https://{}:{}", host, port);
}

result<http::AddressRules> networks(const Settings& settings, std::string_view key) {
    auto rules = http::AddressRules::parse(settings.get(key));
    if (rules) return rules;
    return fail(Errc::invalid_argument,
                fmt::format("MILLWRIGHT_{}: {}", key, rules.error().message));
}

struct AppSettings {
    std::chrono::seconds lease{30};
    int requests_per_minute = 0;
    http::AddressRules webhook_addresses;
    webhooks::RetryRules webhook_retries;
    http::AddressRules sign_on_networks;
    std::optional<mail::MailSettings> mail;
    chat::ChatSettings chat;
    commit_reports::ReporterOptions commit_reports;
    git_hosts::GitHostSettings git_hosts;

    static result<AppSettings> from(const Settings& settings) {
        AppSettings app;
        MW_TRY(auto lease, settings.get_int("LEASE_SECONDS", 5, 3600));
        app.lease = std::chrono::seconds(lease);
        MW_TRY(auto requests, settings.get_int("API_REQUESTS_PER_MINUTE", 0, 100'000'000));
        app.requests_per_minute = static_cast<int>(requests);
        MW_TRY(app.webhook_addresses, networks(settings, "WEBHOOK_NETWORKS"));
        MW_TRY(app.sign_on_networks, networks(settings, "SIGN_ON_NETWORKS"));
        MW_TRY(auto pause, settings.get_int("WEBHOOK_RETRY_SECONDS", 1, 3600));
        app.webhook_retries.first_pause = std::chrono::seconds(pause);
        MW_TRY(app.mail, mail::MailSettings::from(settings));
        MW_TRY(app.chat, chat::ChatSettings::from(settings));
        app.commit_reports.context = settings.get("COMMIT_STATUS_CONTEXT");
        MW_TRY(auto again, settings.get_int("COMMIT_STATUS_RETRY_SECONDS", 1, 3600));
        app.commit_reports.first_pause = std::chrono::seconds(again);
        MW_TRY(app.git_hosts, git_hosts::GitHostSettings::from(settings));
        return app;
    }
};

// Everything that lives as long as the app, in the order in which it is built.
class App {
  public:
    App(asio::io_context& ioc, const Settings& settings, const Layout& layout,
        std::unique_ptr<store::ObjectStore> objects, BlockingPool& blocking, AppSettings chosen)
        : executor_(ioc.get_executor()),
          layout_(layout),
          settings_(std::move(chosen)),
          objects_(std::move(objects)),
          blocking_(blocking),
          pool_(ioc.get_executor(), layout.database_conninfo, kDatabaseConnections),
          authenticator_(pool_),
          logs_(pool_, *objects_),
          public_url_(public_url(settings)),
          views_(pool_, logs_, public_url_),
          hub_(executor_, pool_, views_, logs_),
          git_(layout.repositories_dir),
          public_api_(public_router_, authenticator_,
                      api::RateLimit(settings_.requests_per_minute)),
          public_server_(ioc.get_executor(), public_router_, layout.data_dir / "spool"),
          operator_server_(ioc.get_executor(), operator_router_, layout.data_dir / "spool"),
          internal_server_(ioc.get_executor(), internal_router_, layout.data_dir / "spool") {}

    asio::awaitable<result<>> start() {
        MW_CO_TRY(auto master, crypto::ensure_master_key(layout_.master_key_file));
        MW_CO_TRY(auto sealer, co_await wait_for_sealer(pool_, master));
        sealer_.emplace(std::move(sealer));
        mailer_.emplace(executor_, pool_, *sealer_, settings_.mail, public_url_);
        messenger_.emplace(executor_, pool_, *sealer_, settings_.chat, public_url_,
                           settings_.mail ? std::optional(mail::Outbox(*sealer_)) : std::nullopt);
        git_hosts_.emplace(executor_, pool_, *sealer_, settings_.git_hosts);
        std::error_code error;
        std::filesystem::create_directories(layout_.data_dir / "spool", error);
        add_endpoints();
        MW_CO_CHECK(public_server_.listen(layout_.app_socket));
        MW_CO_CHECK(internal_server_.listen(layout_.internal_socket));
        MW_CO_CHECK(operator_server_.listen(layout_.operator_socket));
        asio::co_spawn(
            executor_, [this] { return hub_.run(); },
            asio::bind_cancellation_slot(stop_listening_.slot(), asio::detached));
        asio::co_spawn(
            executor_, [this] { return authenticator_.run(); },
            asio::bind_cancellation_slot(stop_hearing_.slot(), asio::detached));
        deliverer_.emplace(executor_, pool_, *sealer_, settings_.webhook_addresses,
                           settings_.webhook_retries);
        asio::co_spawn(
            executor_, [this] { return deliverer_->run(); },
            asio::bind_cancellation_slot(stop_delivering_.slot(), asio::detached));
        asio::co_spawn(
            executor_, [this] { return mailer_->run(); },
            asio::bind_cancellation_slot(stop_mailing_.slot(), asio::detached));
        reporter_.emplace(executor_, pool_, *git_hosts_, *objects_, public_url_,
                          settings_.commit_reports);
        asio::co_spawn(
            executor_, [this] { return reporter_->run(); },
            asio::bind_cancellation_slot(stop_reporting_.slot(), asio::detached));
        asio::co_spawn(
            executor_, [this] { return messenger_->run(); },
            asio::bind_cancellation_slot(stop_messaging_.slot(), asio::detached));
        co_return result<>{};
    }

    asio::awaitable<void> stop() {
        stop_hearing_.emit(asio::cancellation_type::all);
        stop_listening_.emit(asio::cancellation_type::all);
        stop_delivering_.emit(asio::cancellation_type::all);
        stop_mailing_.emit(asio::cancellation_type::all);
        stop_messaging_.emit(asio::cancellation_type::all);
        stop_reporting_.emit(asio::cancellation_type::all);
        co_await public_server_.stop(kStopGrace);
        co_await operator_server_.stop(kStopGrace);
        co_await internal_server_.stop(kStopGrace);
    }

  private:
    void add_endpoints() {
        public_router_.add("GET", "/health/", [](http::Request&) -> api::Reply {
            co_return http::Response::json(200, {{"status", "ok"}});
        });
        sessions_.emplace(pool_, *sealer_, blocking_);
        sessions_->add_endpoints(public_api_);
        add_public_endpoints(public_api_, {.pool = pool_,
                                           .objects = *objects_,
                                           .sealer = *sealer_,
                                           .logs = logs_,
                                           .views = views_,
                                           .hub = hub_,
                                           .blocking = blocking_,
                                           .repositories = layout_.repositories_dir,
                                           .public_url = public_url_,
                                           .mailer = *mailer_,
                                           .messenger = *messenger_,
                                           .git_hosts = *git_hosts_,
                                           .webhook_addresses = settings_.webhook_addresses,
                                           .sign_on_networks = settings_.sign_on_networks,
                                           .executor = executor_});
        managed_repositories::add_git_endpoints(public_api_, pool_, git_);
        worker_api::add_repository_worker_endpoints(internal_router_, pool_, git_);
        operator_api::add_operator_endpoints(operator_router_, {.pool = pool_,
                                                                .sealer = *sealer_,
                                                                .layout = layout_,
                                                                .blocking = blocking_,
                                                                .public_url = public_url_});
        worker_api::add_connection_test_worker_endpoints(
            internal_router_,
            {.pool = pool_, .objects = *objects_, .sealer = *sealer_, .blocking = blocking_});
        worker_api::add_worker_endpoints(
            internal_router_,
            {.pool = pool_,
             .objects = *objects_,
             .sealer = *sealer_,
             .blocking = blocking_,
             .lease = settings_.lease,
             .git_hosts = &*git_hosts_,
             .show_rows = [this](Id run_id, int step, std::int64_t line, std::string_view text) {
                 hub_.show_rows(run_id, step, line, text);
             }});
    }

    asio::any_io_executor executor_;
    const Layout& layout_;
    AppSettings settings_;
    std::unique_ptr<store::ObjectStore> objects_;
    BlockingPool& blocking_;
    pg::Pool pool_;
    std::optional<crypto::Sealer> sealer_;
    auth::TokenAuthenticator authenticator_;
    std::optional<auth::SessionApi> sessions_;
    run_log::LogReader logs_;
    std::string public_url_;
    runs::RunViews views_;
    live::LiveHub hub_;
    std::optional<webhooks::Deliverer> deliverer_;
    std::optional<mail::Mailer> mailer_;
    std::optional<chat::Messenger> messenger_;
    std::optional<git_hosts::LiveGitHosts> git_hosts_;
    std::optional<commit_reports::Reporter> reporter_;
    git::HttpBackend git_;
    asio::cancellation_signal stop_hearing_;
    asio::cancellation_signal stop_listening_;
    asio::cancellation_signal stop_delivering_;
    asio::cancellation_signal stop_mailing_;
    asio::cancellation_signal stop_messaging_;
    asio::cancellation_signal stop_reporting_;
    http::Router public_router_;
    http::Router internal_router_;
    http::Router operator_router_;
    api::Api public_api_;
    http::Server public_server_;
    http::Server operator_server_;
    http::Server internal_server_;
};

asio::awaitable<int> serve(App& app) {
    asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT);
    auto started = co_await app.start();
    if (!started) {
        log::error("cannot start",
                   {{"error", started.error().message}, {"detail", started.error().detail}});
        co_return 1;
    }
    announce_ready();
    log::info("serving");
    co_await signals.async_wait(asio::use_awaitable);
    log::info("stopping");
    co_await app.stop();
    co_return 0;
}

}  // namespace

int run_app(const Settings& settings, const Layout& layout) {
    log::configure("app", log::parse_level(settings.get("LOG_LEVEL")));
    asio::io_context ioc{1};
    BlockingPool blocking;
    auto objects = store::make_object_store(layout.object_store, blocking);
    if (!objects) {
        log::error("cannot open the object store", {{"error", objects.error().message}});
        return 1;
    }
    auto chosen = AppSettings::from(settings);
    if (!chosen) {
        log::error("cannot start", {{"error", chosen.error().message}});
        return 1;
    }
    App app(ioc, settings, layout, std::move(*objects), blocking, std::move(*chosen));
    int code = 1;
    asio::co_spawn(ioc, serve(app), [&](std::exception_ptr thrown, int outcome) {
        if (thrown) std::rethrow_exception(thrown);
        code = outcome;
        ioc.stop();
    });
    ioc.run();
    return code;
}

}  // namespace mw::app
