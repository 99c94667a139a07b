// A blocking connection for tests, either end of it: raw bytes under the test's control, and
// just enough HTTP to read what came.
//
// Every read and write gives up after 20 s, so that a test fails instead of hanging.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unique_fd.hpp"

namespace mw::http_testing {

// The first line and headers of a request or a response.
struct Head {
    std::string text;  // as it came, with the empty line
    std::string start_line;
    std::vector<std::pair<std::string, std::string>> headers;

    std::string method() const;
    std::string target() const;
    int status() const;
    // The first of that name, in any case; "(none)" when there is none.
    std::string header(std::string_view name) const;
    std::size_t count(std::string_view name) const;
};

struct Response {
    Head head;
    std::string body;
    int status() const { return head.status(); }
    std::string header(std::string_view name) const { return head.header(name); }
};

struct TlsFiles {
    std::filesystem::path cert;
    std::filesystem::path key;
};

class Connection {
  public:
    // Client ends. A failed connection or handshake throws.
    static Connection connect_tcp(std::uint16_t port);
    static Connection connect_unix(const std::filesystem::path& path);
    // Trusts anything: what is tested is the other end. `version_max`: e.g. TLS1_1_VERSION.
    static Connection connect_tls(std::uint16_t port, int version_max = 0);

    // A server's end.
    static Connection accepted(UniqueFd socket);
    static Connection accepted_tls(UniqueFd socket, void* ssl_context);

    Connection(Connection&&) noexcept;
    ~Connection();

    // False when the other end is gone.
    bool write(std::string_view bytes);
    // At least one byte, or empty at the end or when the connection broke.
    std::string read_some(std::size_t max_bytes = 64UL * 1024);
    std::string read_exactly(std::size_t bytes);
    std::string read_to_end();
    // True when the other end closed and nothing is left to read.
    bool at_end();

    std::optional<Head> read_head();
    // By Content-Length or chunks; without either, a request has none and a response goes to
    // the end.
    std::string read_body(const Head& head);
    // A whole response; `head_only` for the answer to HEAD.
    std::optional<Response> read_response(bool head_only = false);

    // Half-close, as a client that has sent all.
    void shutdown_write();
    void close();
    // From another thread: makes every pending and later call fail.
    void abort();

    // PEM of the certificate that the other end showed.
    std::string peer_certificate() const;
    int native_handle() const;

  private:
    struct State;
    explicit Connection(std::unique_ptr<State> state);
    std::string read_line();
    std::unique_ptr<State> state_;
};

// GET with `Connection: close`, over TLS.
std::optional<Response> get(std::uint16_t port, std::string_view target,
                            std::string_view extra_headers = "");

}  // namespace mw::http_testing
