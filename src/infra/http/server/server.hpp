// A plain-HTTP server on a Unix socket, for processes behind the gateway (which does TLS).
//
// One coroutine a connection, on one io thread. Limits: headers 32 KiB, a request must arrive
// within 60 s (spooled bodies: 60 s without a byte), idle connections are closed after 75 s.
#pragma once

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <memory>
#include <set>

#include "base/gate.hpp"
#include "infra/http/server/router.hpp"

namespace mw::http {

class Server {
  public:
    // `spool` is the folder for bodies that go to a file. The router must outlive the server.
    Server(asio::any_io_executor executor, const Router& router, std::filesystem::path spool);
    ~Server();

    // Binds `socket` (replacing a stale file), mode 0660, and starts accepting.
    result<> listen(const std::filesystem::path& socket);
    // Stops accepting, waits up to `grace` for requests in flight, then closes the rest.
    asio::awaitable<void> stop(std::chrono::milliseconds grace);

  private:
    struct Session;
    asio::awaitable<void> accept_loop();

    asio::any_io_executor executor_;
    const Router& router_;
    std::filesystem::path spool_;
    asio::local::stream_protocol::acceptor acceptor_;
    Gate gate_;
    std::set<Session*> sessions_;
    std::set<WebSocket*> sockets_;
};

}  // namespace mw::http
