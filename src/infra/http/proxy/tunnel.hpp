// Raw bytes both ways between the two ends of a session, after an upgrade. Private to this
// folder.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>

#include "infra/http/proxy/channel.hpp"

namespace mw::proxy {

struct TunnelBytes {
    std::uint64_t from_client = 0;
    std::uint64_t from_app = 0;
};

// Returns when either end closed or `timeout` passed without a byte from either.
asio::awaitable<TunnelBytes> tunnel(Channel& channel, std::chrono::milliseconds timeout);

}  // namespace mw::proxy
