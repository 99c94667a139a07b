// HTTP client for coroutines: libcurl's multi interface driven by one io_context.
//
//   http::Client client(executor);
//   http::ClientRequest request{.method = "POST", .url = "http://localhost/internal/v1/…"};
//   request.unix_socket = layout.internal_socket;
//   request.set_json(body);
//   auto response = co_await client.send(std::move(request));
//
// A response with any HTTP status is a success of `send`: look at `status`.
// Errors: invalid_argument (URL, options, unreadable upload), forbidden (`admits` said no),
// unavailable (no connection, broken off), timeout, cancelled, limit_exceeded (response larger than
// allowed), upstream_failed (not HTTP, TLS not trusted). Messages name host and reason, never a
// header, query or body.
//
// Only http and https, HTTP/1.1; no redirect is followed unless asked; no proxy from the
// environment, no cookies, no .netrc. Connections are kept and reused. A cancelled wait (asio
// cancellation, e.g.
// `||` with a timer) ends the transfer at once. Files are read and written on the io thread, in
// pieces of 16 to 64 KiB.
// The first client makes the process ignore SIGPIPE.
// One io thread: create, use and destroy a client on it. Destroying it ends every transfer with
// `cancelled`.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace mw::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Gets the response's body piece by piece; an error ends the transfer and is what `send` gives.
using BodySink = std::function<result<>(std::string_view piece)>;

struct ClientRequest {
    std::string method = "GET";
    std::string url;
    HeaderList headers = {};
    // Sent as "Authorization: Bearer …" when not empty, and never to another host.
    Secret bearer_token = {};

    // The body: these bytes, or the content of this file (streamed).
    std::string body = {};
    std::filesystem::path body_file = {};

    // Connect to this Unix socket; the URL's host is then only the Host header.
    std::filesystem::path unix_socket = {};

    // https: trust this PEM file instead of the system's authorities.
    std::filesystem::path ca_file = {};
    // https: trust exactly the certificate in this PEM file, whatever host name it carries.
    std::filesystem::path pinned_certificate = {};

    // Asked of each address before a connection is opened to it; an address that is not admitted
    // is as one where nobody is, but for the error: forbidden.
    std::function<bool(const boost::asio::ip::address&)> admits = {};

    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds total_timeout{30'000};
    // Ends a transfer that moves nothing for so long; for large bodies with a long total_timeout.
    // Whole seconds; zero: off.
    std::chrono::seconds idle_timeout{0};

    // Where the response's body goes: memory, a callback, or a file (which appears, or replaces an
    // older one, when the body is complete); each takes up to response_bytes_max. The body of a
    // response that isn't 2xx always goes to memory, cut at 64 KiB.
    std::size_t response_bytes_max = 16UL * 1024 * 1024;
    BodySink body_sink = {};
    std::filesystem::path body_to_file = {};

    int redirects_max = 0;

    // Sets body and content type.
    void set_json(std::string json);
};

struct ClientResponse {
    int status = 0;
    HeaderList headers;
    std::string body;

    // The first header of that name, in any case; empty when there is none.
    std::string_view header(std::string_view name) const;
    bool ok() const { return status >= 200 && status < 300; }
};

class Client {
  public:
    explicit Client(const boost::asio::any_io_executor& executor);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    boost::asio::awaitable<result<ClientResponse>> send(ClientRequest request);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace mw::http
