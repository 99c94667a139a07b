// A small real server for tests: each connection is handed to a function on its own thread.
//
//   Server server = Server::tcp([](Connection& connection) {
//       while (auto head = connection.read_head()) …
//   });
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

#include "infra/http/testing/connection.hpp"

namespace mw::http_testing {

class Server {
  public:
    using Handler = std::function<void(Connection&)>;

    static Server tcp(Handler handler);
    static Server tls(TlsFiles files, Handler handler);
    static Server unix_socket(const std::filesystem::path& path, Handler handler);

    Server(Server&&) noexcept;
    Server& operator=(Server&&) noexcept;
    // Ends every connection and waits for the threads.
    ~Server();

    std::uint16_t port() const;
    // Connections taken so far.
    int accepted() const;

  private:
    struct State;
    explicit Server(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// A folder that goes with the test, with a short path: socket names have 107 bytes.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    // A self-signed pair for localhost, 127.0.0.1 and ::1, under the given base name.
    TlsFiles make_tls(std::string_view name = "tls") const;

  private:
    std::filesystem::path path_;
};

// "HTTP/1.1 <status> …" with a Content-Length.
std::string simple_response(int status, std::string_view body, std::string_view extra_headers = "");

}  // namespace mw::http_testing
