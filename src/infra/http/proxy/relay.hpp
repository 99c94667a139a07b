// One request to the app and its answer back, streamed. Private to this folder.
//
//   connect ── head ──► body, 64 KiB at a time ──┐
//                                                ├─ the app may answer before the body is through
//   client ◄── body ◄── head ◄───────────────────┘
//
// A GET or HEAD may go over the connection that the session's last one left open, and is sent
// again on a new one if that proves closed; anything else gets a connection of its own, so it
// is never sent twice.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "infra/http/proxy/channel.hpp"
#include "infra/http/proxy/server.hpp"

namespace mw::proxy {

struct RelayOutcome {
    int status = 0;            // what the client got; 0: nothing yet
    int fault = 0;             // what to answer instead: 400, 413, 502, 503, 504
    bool keep_alive = false;   // the client's connection is in a state to go on
    bool client_gone = false;  // nothing can be answered
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

struct RelayRequest {
    const RequestHead& head;
    RequestParser& parser;  // past the header
    std::string client_address;
    std::string request_id;
    const Limits& limits;
    const std::filesystem::path& app_socket;
    // Called before a WebSocket's tunnel begins, which lasts as long as it lasts.
    std::function<void()> tunnel_begins;
};

asio::awaitable<RelayOutcome> relay(Channel& channel, const RelayRequest& request);

}  // namespace mw::proxy
