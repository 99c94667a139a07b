// The HTTPS port: bound, and listening, before privileges are dropped; kept by the supervisor
// so that connections wait rather than fail while the gateway is restarted.
//
// Errors: one sentence that names the port and what to do.
#pragma once

#include <string>

#include "base/error.hpp"
#include "base/settings.hpp"
#include "base/unique_fd.hpp"

namespace mw::supervisor {

struct ListenPort {
    UniqueFd socket;
    int port = 0;
    std::string note;  // for the operator when it is not the port they may expect
};

// Port 0 means any free one. `address` is numeric, IPv4 or IPv6.
result<ListenPort> listen_on(const std::string& address, int port);

// MILLWRIGHT_PORT exactly; unset: `preferred` if it may be bound and is free, else `otherwise`.
result<ListenPort> listen_https(const Settings& settings, int preferred = 443,
                                int otherwise = 8443);

// "https://host:8443"; port 443 needs no naming.
std::string https_url(const std::string& hostname, int port);

}  // namespace mw::supervisor
