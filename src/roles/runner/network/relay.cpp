#include "roles/runner/network/relay.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <set>

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

// Until one side is closed; the other then gets what it has to say no further.
template <class From, class To>
asio::awaitable<void> pump(From& from, To& to) {
    std::array<char, 32UL * 1024> piece;
    error_code error;
    while (!error) {
        auto count = co_await from.async_read_some(
            asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
        if (!error)
            co_await asio::async_write(to, asio::buffer(piece.data(), count),
                                       asio::redirect_error(asio::use_awaitable, error));
    }
}

struct Connection {
    tcp::socket client;
    stream_protocol::socket server;

    void close() {
        error_code ignored;
        client.close(ignored);
        server.close(ignored);
    }
};

}  // namespace

// Held by its coroutines too, which end once everything is closed.
struct Relay::State : std::enable_shared_from_this<Relay::State> {
    State(const asio::any_io_executor& executor, std::filesystem::path path)
        : acceptor(executor), socket(std::move(path)) {}

    tcp::acceptor acceptor;
    std::filesystem::path socket;
    std::set<Connection*> connections;

    result<> listen(std::uint16_t port) {
        error_code error;
        tcp::endpoint place(asio::ip::address_v4::loopback(), port);
        acceptor.open(place.protocol(), error);
        // What was served there before may leave connections that are only closing.
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor.bind(place, error);
        if (error && port != 0) {
            place.port(0);
            acceptor.bind(place, error);
        }
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error)
            return fail(Errc::unavailable, "No port of this machine can be had.", error.message());
        asio::co_spawn(
            acceptor.get_executor(), [self = shared_from_this()] { return self->accept(); },
            asio::detached);
        return {};
    }

    asio::awaitable<void> accept() {
        while (acceptor.is_open()) {
            error_code error;
            auto client =
                co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (error) continue;
            asio::co_spawn(
                acceptor.get_executor(),
                [self = shared_from_this(), client = std::move(client)]() mutable {
                    return self->serve(std::move(client));
                },
                asio::detached);
        }
    }

    asio::awaitable<void> serve(tcp::socket client) {
        using asio::experimental::awaitable_operators::operator||;
        auto keep = shared_from_this();
        Connection connection{std::move(client), stream_protocol::socket(acceptor.get_executor())};
        connections.insert(&connection);
        error_code error;
        co_await connection.server.async_connect(stream_protocol::endpoint(socket.string()),
                                                 asio::redirect_error(asio::use_awaitable, error));
        if (!error)
            co_await (pump(connection.client, connection.server) ||
                      pump(connection.server, connection.client));
        connections.erase(&connection);
    }

    void close() {
        error_code ignored;
        acceptor.close(ignored);
        for (auto* connection : connections)
            connection->close();
    }
};

Relay::Relay(std::shared_ptr<State> state) : state_(std::move(state)) {
}
Relay::Relay(Relay&&) noexcept = default;

Relay& Relay::operator=(Relay&& other) noexcept {
    if (state_) state_->close();
    state_ = std::move(other.state_);
    return *this;
}

Relay::~Relay() {
    if (state_) state_->close();
}

result<Relay> Relay::open(asio::any_io_executor executor, std::filesystem::path socket,
                          std::uint16_t port) {
    auto state = std::make_shared<State>(executor, std::move(socket));
    MW_CHECK(state->listen(port));
    return Relay(std::move(state));
}

std::uint16_t Relay::port() const {
    return state_->acceptor.local_endpoint().port();
}

std::string Relay::url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", port(), path);
}

}  // namespace mw::runner
