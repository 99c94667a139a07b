// One accepted WebSocket, text messages only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "base/error.hpp"

namespace mw::http {

class WebSocket {
  public:
    virtual ~WebSocket() = default;
    // Completes the upgrade.
    virtual boost::asio::awaitable<result<>> accept() = 0;
    // The next message; `cancelled` when the other side closed. At most 64 KiB.
    virtual boost::asio::awaitable<result<std::string>> receive() = 0;
    // Queues a message; a peer that lets 8 MiB pile up is dropped.
    virtual void send(std::string message) = 0;
    virtual void close() = 0;
};

}  // namespace mw::http
