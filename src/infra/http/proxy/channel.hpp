// The two ends of a session and what they are made of. Private to this folder; the only header
// that brings in Beast.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <memory>

#include "infra/http/proxy/rules.hpp"
#include "infra/http/proxy/watch.hpp"

namespace mw::proxy {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using boost::system::error_code;

// A body passes through this much memory.
inline constexpr std::size_t kRelayBytes = 64UL * 1024;
// More than any header limit; a body's bytes pass through the same buffer.
inline constexpr std::size_t kReadBufferBytes = 128UL * 1024;

using ClientStream = beast::ssl_stream<asio::ip::tcp::socket>;
using AppSocket = asio::local::stream_protocol::socket;
using RequestParser = bhttp::request_parser<bhttp::buffer_body>;
using ResponseParser = bhttp::response_parser<bhttp::buffer_body>;

// co_await with the error in a variable: a broken connection is nothing exceptional here.
inline auto into(error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

struct Channel {
    Channel(asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls_context)
        : context(std::move(tls_context)),
          client(std::move(socket), *context),
          client_buffer(kReadBufferBytes),
          client_watch(client.get_executor(), [this] { close(); }),
          app_buffer(kReadBufferBytes),
          app_watch(client.get_executor(), [this] { abort_app(); }) {}
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // Whatever waits on either end fails; the sockets stay as objects, for those that wait.
    void close() {
        error_code ignored;
        client.next_layer().close(ignored);
        abort_app();
    }
    void abort_app() {
        error_code ignored;
        if (app) app->close(ignored);
    }
    // Only when nothing waits on the app's end.
    void forget_app() {
        abort_app();
        app.reset();
        app_buffer.clear();
    }

    std::shared_ptr<asio::ssl::context> context;  // outlives a reload
    ClientStream client;
    beast::flat_buffer client_buffer;
    Watch client_watch;  // expiry closes everything

    std::unique_ptr<AppSocket> app;
    beast::flat_buffer app_buffer;
    Watch app_watch;  // expiry closes the app's end only
};

}  // namespace mw::proxy
