#include "infra/http/proxy/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <set>

#include "base/gate.hpp"
#include "base/log.hpp"
#include "infra/http/proxy/session.hpp"
#include "infra/http/proxy/tls.hpp"

namespace mw::proxy {
namespace {

using asio::ip::tcp;

constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::milliseconds kCloseLimit{1'000};

std::unexpected<Error> cannot_listen(const std::string& where, const error_code& error) {
    return fail(Errc::unavailable, fmt::format("Cannot listen on {}: {}", where, error.message()));
}

result<StaticFiles> load_files(const std::filesystem::path& folder) {
    auto files = StaticFiles::load(folder);
    if (files || files.error().code != Errc::not_found) return files;
    log::warn("the web application is not installed", {{"folder", folder.string()}});
    return StaticFiles();
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Server::Impl> {
  public:
    Impl(const asio::any_io_executor& executor, Config config)
        : executor_(executor),
          acceptor_(executor),
          room_(executor, asio::steady_timer::time_point::max()),
          gate_(executor) {
        shared_.config = std::move(config);
    }

    result<> load() {
        MW_TRY(shared_.tls, load_tls(shared_.config.tls_cert, shared_.config.tls_key));
        MW_TRY(auto files, load_files(shared_.config.web_dir));
        shared_.files = std::make_shared<const StaticFiles>(std::move(files));
        return {};
    }

    result<> listen(const std::string& address, std::uint16_t port) {
        auto where = fmt::format("{} port {}", address, port);
        error_code error;
        auto parsed = asio::ip::make_address(address, error);
        if (error)
            return fail(Errc::invalid_argument,
                        fmt::format("BIND: \"{}\" is not an IP address", address));
        tcp::endpoint endpoint(parsed, port);
        acceptor_.open(endpoint.protocol(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(endpoint, error);
        if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
        if (error) return cannot_listen(where, error);
        start();
        return {};
    }

    result<> adopt(UniqueFd listener) {
        int listening = 0;
        socklen_t size = sizeof listening;
        sockaddr_storage address{};
        socklen_t address_size = sizeof address;
        if (::getsockopt(listener.get(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 ||
            listening == 0 ||
            ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &address_size) !=
                0)
            return fail(Errc::invalid_argument, "The inherited descriptor is no listening socket");
        if (address.ss_family != AF_INET && address.ss_family != AF_INET6)
            return fail(Errc::invalid_argument, "The inherited descriptor is no TCP socket");
        error_code error;
        acceptor_.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), listener.get(),
                         error);
        if (error) return cannot_listen("the inherited socket", error);
        (void)listener.release();
        start();
        return {};
    }

    std::uint16_t port() const {
        error_code ignored;
        return acceptor_.local_endpoint(ignored).port();
    }

    result<> reload() {
        auto tls = load_tls(shared_.config.tls_cert, shared_.config.tls_key);
        if (tls) shared_.tls = *tls;
        auto files = load_files(shared_.config.web_dir);
        if (files) shared_.files = std::make_shared<const StaticFiles>(std::move(*files));
        MW_CHECK(std::move(tls));
        MW_CHECK(std::move(files));
        return {};
    }

    asio::awaitable<void> stop(std::chrono::milliseconds grace) {
        using namespace asio::experimental::awaitable_operators;
        shared_.stopping = true;
        error_code ignored;
        acceptor_.close(ignored);
        room_.cancel();
        for (auto* session : sessions_)
            if (!session->in_flight()) session->close();
        asio::steady_timer timer(executor_, grace);
        co_await (gate_.close() || timer.async_wait(into(ignored)));
        for (auto* session : sessions_)
            session->close();
        timer.expires_after(kCloseLimit);
        co_await (gate_.close() || timer.async_wait(into(ignored)));
    }

  private:
    void start() {
        asio::co_spawn(
            executor_, [self = shared_from_this()] { return self->accept_all(); }, asio::detached);
    }

    asio::awaitable<void> accept_all() {
        auto pass = gate_.enter();
        if (!pass) co_return;
        while (!shared_.stopping) {
            error_code error;
            if (sessions_.size() >= shared_.config.limits.connections_max) {
                // Whoever comes now waits in the kernel's queue until somebody goes.
                co_await room_.async_wait(into(error));
                continue;
            }
            tcp::socket socket(executor_);
            co_await acceptor_.async_accept(socket, into(error));
            if (shared_.stopping || error == asio::error::operation_aborted) co_return;
            if (error) {
                log::warn("connection not accepted", {{"reason", error.message()}});
                asio::steady_timer pause(executor_, kAcceptPause);
                co_await pause.async_wait(into(error));
                continue;
            }
            asio::co_spawn(
                executor_,
                [self = shared_from_this(), accepted = std::move(socket)]() mutable {
                    return self->serve(std::move(accepted));
                },
                asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        auto pass = gate_.enter();
        if (!pass) co_return;
        Session session(std::move(socket), shared_);
        sessions_.insert(&session);
        co_await session.run();
        sessions_.erase(&session);
        room_.cancel();
    }

    asio::any_io_executor executor_;
    tcp::acceptor acceptor_;
    asio::steady_timer room_;  // cancelled when a session goes
    Shared shared_;
    std::set<Session*> sessions_;
    Gate gate_;
};

Server::Server(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {
}
Server::~Server() = default;

result<std::unique_ptr<Server>> Server::create(const asio::any_io_executor& executor,
                                               Config config) {
    auto impl = std::make_shared<Impl>(executor, std::move(config));
    MW_CHECK(impl->load());
    return std::unique_ptr<Server>(new Server(std::move(impl)));
}

result<> Server::listen(const std::string& address, std::uint16_t port) {
    return impl_->listen(address, port);
}
result<> Server::adopt(UniqueFd listener) {
    return impl_->adopt(std::move(listener));
}
std::uint16_t Server::port() const {
    return impl_->port();
}
result<> Server::reload() {
    return impl_->reload();
}
asio::awaitable<void> Server::stop(std::chrono::milliseconds grace) {
    return impl_->stop(grace);
}

}  // namespace mw::proxy
