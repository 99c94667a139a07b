// The edge: TLS, the web application's static files, and a streaming proxy to the app's Unix
// socket, WebSockets included. It knows no business: only paths, limits and headers.
//
//   /api/…, /git/…, /graphql, /beta/graphql, /health   → app        /internal/… → 404, always
//   anything else               → static files, with index.html for the application's own paths
//
// Bodies are streamed both ways through 64 KiB of memory. While the app is away, its paths answer
// 503 in dbt Cloud's error envelope, with Retry-After.
// One io thread; a coroutine per connection. HTTP/1.1 only.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace mw::proxy {

struct Limits {
    std::uint32_t header_bytes_max = 32 * 1024;
    std::uint64_t body_bytes_max = 1024UL * 1024 * 1024;
    // GitHub's webhooks have as much.
    std::uint64_t json_body_bytes_max = 25UL * 1024 * 1024;
    std::size_t connections_max = 4096;

    std::chrono::milliseconds handshake_timeout{10'000};
    // From the first byte of a request to the end of its headers.
    std::chrono::milliseconds header_timeout{15'000};
    // Between two requests of one connection.
    std::chrono::milliseconds keep_alive_timeout{75'000};
    // A body, in either direction, that doesn't move.
    std::chrono::milliseconds stall_timeout{60'000};
    // From the end of a request to the app's response headers.
    std::chrono::milliseconds response_timeout{120'000};
    // A WebSocket without a byte; the app pings more often.
    std::chrono::milliseconds tunnel_timeout{90'000};
};

struct Config {
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
    std::filesystem::path web_dir;
    std::filesystem::path app_socket;
    Limits limits = {};
};

class Server {
  public:
    // Reads the certificate, which must be good, and the web files; without their folder only
    // the API is served.
    static result<std::unique_ptr<Server>> create(const boost::asio::any_io_executor& executor,
                                                  Config config);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    // Destroy after stop() has returned, or when the io_context no longer runs.
    ~Server();

    // Serves on an address of its own; port 0 takes a free one.
    result<> listen(const std::string& address, std::uint16_t port);
    // Serves on a socket that listens already.
    result<> adopt(UniqueFd listener);
    std::uint16_t port() const;

    // Reads the certificate and the web files anew, for new connections and requests. What
    // can't be read stays as it was. Blocking, for some milliseconds.
    result<> reload();

    // Stops accepting, closes idle connections and WebSockets, gives requests in flight `grace`,
    // then closes them.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds grace);

  private:
    class Impl;
    explicit Server(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace mw::proxy
