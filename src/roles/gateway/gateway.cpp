#include "roles/gateway/gateway.hpp"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstdlib>

#include "base/log.hpp"
#include "base/readiness.hpp"
#include "base/served_names.hpp"
#include "infra/crypto/self_signed.hpp"
#include "infra/http/proxy/server.hpp"

namespace mw::gateway {
namespace {

namespace asio = boost::asio;

constexpr const char* kListenFdVariable = "MILLWRIGHT_LISTEN_FD";
constexpr int kFirstInheritedFd = 3;
constexpr std::int64_t kPortByHand = 8443;
constexpr std::chrono::milliseconds kStopGrace{3'000};

// Two descriptors a connection: as many as the system allows without asking for more.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

// The socket that the supervisor bound while it still could; empty without one.
result<UniqueFd> inherited_listener() {
    const char* value = std::getenv(kListenFdVariable);
    if (!value) return UniqueFd();
    std::string_view text = value;
    int fd = -1;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
    bool whole = error == std::errc{} && end == text.data() + text.size();
    ::unsetenv(kListenFdVariable);
    if (!whole || fd < kFirstInheritedFd)
        return fail(Errc::invalid_argument, "MILLWRIGHT_LISTEN_FD is not a descriptor's number");
    return UniqueFd(fd);
}

class Gateway {
  public:
    explicit Gateway(asio::io_context& ioc) : ioc_(ioc), signals_(ioc, SIGTERM, SIGINT, SIGHUP) {}

    result<> start(const Settings& settings, const Layout& layout) {
        MW_TRY(auto listener, inherited_listener());
        // The supervisor has seen to it already; by hand, nobody has.
        if (!listener && settings.get("TLS_CERT").empty())
            MW_CHECK(crypto::ensure_self_signed(layout.tls_cert, layout.tls_key,
                                                served_names(settings)));
        MW_TRY(server_,
               proxy::Server::create(ioc_.get_executor(), {
                                                              .tls_cert = layout.tls_cert,
                                                              .tls_key = layout.tls_key,
                                                              .web_dir = layout.web_dir,
                                                              .app_socket = layout.app_socket,
                                                          }));
        if (listener) return server_->adopt(std::move(listener));
        std::int64_t port = kPortByHand;
        if (!settings.get("PORT").empty()) {
            MW_TRY(port, settings.get_int("PORT", 0, 65535));
        }
        return server_->listen(settings.get("BIND"), static_cast<std::uint16_t>(port));
    }

    std::uint16_t port() const { return server_->port(); }

    // Until the first SIGTERM or SIGINT, and the stop that it asks for.
    asio::awaitable<void> run() {
        while (co_await next_signal() == SIGHUP)
            reload();
        log::info("stopping");
        asio::co_spawn(ioc_, [this] { return hurry_on_second_signal(); }, asio::detached);
        co_await server_->stop(kStopGrace);
        signals_.cancel();
        log::info("stopped");
    }

  private:
    asio::awaitable<int> next_signal() {
        boost::system::error_code error;
        int number = co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        co_return error ? 0 : number;
    }

    asio::awaitable<void> hurry_on_second_signal() {
        for (;;) {
            int number = co_await next_signal();
            if (number == 0) co_return;
            if (number != SIGHUP) co_return co_await server_->stop(std::chrono::milliseconds(0));
        }
    }

    void reload() {
        auto reloaded = server_->reload();
        if (reloaded) {
            log::info("certificate and web files read anew");
        } else {
            log::error("not read anew, the old one stays",
                       {{"reason", reloaded.error().message}, {"detail", reloaded.error().detail}});
        }
    }

    asio::io_context& ioc_;
    asio::signal_set signals_;
    std::unique_ptr<proxy::Server> server_;
};

}  // namespace

int run_gateway(const Settings& settings, const Layout& layout) {
    log::configure("gateway", log::parse_level(settings.get("LOG_LEVEL")));
    ::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    asio::io_context ioc{1};
    Gateway gateway(ioc);
    if (auto started = gateway.start(settings, layout); !started) {
        log::error("cannot start",
                   {{"reason", started.error().message}, {"detail", started.error().detail}});
        return 1;
    }
    log::info("serving", {{"port", gateway.port()}});
    announce_ready();
    bool failed = false;
    asio::co_spawn(
        ioc, [&gateway] { return gateway.run(); },
        [&](const std::exception_ptr& thrown) {
            failed = thrown != nullptr;
            ioc.stop();
        });
    ioc.run();
    if (failed) log::error("ended by an exception");
    return failed ? 1 : 0;
}

}  // namespace mw::gateway
