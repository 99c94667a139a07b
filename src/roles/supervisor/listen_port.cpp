#include "roles/supervisor/listen_port.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mw::supervisor {
namespace {

constexpr int kBacklog = 4096;

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

result<Address> parse_address(const std::string& text, int port) {
    Address address;
    auto network_port = htons(static_cast<std::uint16_t>(port));
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (::inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = network_port;
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.size = sizeof v4;
        return address;
    }
    if (::inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = network_port;
        std::memcpy(&address.storage, &v6, sizeof v6);
        address.size = sizeof v6;
        return address;
    }
    return fail(Errc::invalid_argument,
                fmt::format("MILLWRIGHT_BIND: \"{}\" is not an IP address such as 0.0.0.0, "
                            "127.0.0.1 or ::",
                            text));
}

std::unexpected<Error> bind_error(int error, const std::string& address, int port) {
    switch (error) {
        case EADDRINUSE:
            return fail(Errc::conflict,
                        fmt::format("port {} is already in use: stop the program that listens "
                                    "there, or choose another with --port",
                                    port));
        case EACCES:
            return fail(Errc::forbidden,
                        fmt::format("port {} may not be bound by this user: start as root, or "
                                    "choose one from 1024 up with --port",
                                    port));
        case EADDRNOTAVAIL:
            return fail(Errc::invalid_argument,
                        fmt::format("MILLWRIGHT_BIND: {} is no address of this machine", address));
        default:
            return fail(Errc::unavailable, fmt::format("port {} cannot be opened on {}: {}", port,
                                                       address, std::strerror(error)));
    }
}

int bound_port(int socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage, sizeof v6);
        return ntohs(v6.sin6_port);
    }
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    return ntohs(v4.sin_port);
}

}  // namespace

result<ListenPort> listen_on(const std::string& address_text, int port) {
    MW_TRY(auto address, parse_address(address_text, port));
    ListenPort listen;
    listen.socket.reset(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!listen.socket) return bind_error(errno, address_text, port);
    int on = 1;
    int off = 0;
    ::setsockopt(listen.socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.storage.ss_family == AF_INET6)
        ::setsockopt(listen.socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    // Listening at once: two sockets may be bound to one port as long as neither listens.
    if (::bind(listen.socket.get(), reinterpret_cast<const sockaddr*>(&address.storage),
               address.size) != 0 ||
        ::listen(listen.socket.get(), kBacklog) != 0)
        return bind_error(errno, address_text, port);
    listen.port = bound_port(listen.socket.get());
    return listen;
}

result<ListenPort> listen_https(const Settings& settings, int preferred, int otherwise) {
    auto address = settings.get("BIND");
    if (!settings.get("PORT").empty()) {
        MW_TRY(auto port, settings.get_int("PORT", 0, 65535));
        return listen_on(address, static_cast<int>(port));
    }
    auto first = listen_on(address, preferred);
    if (first) return first;
    bool taken = first.error().code == Errc::conflict;
    if (!taken && first.error().code != Errc::forbidden) return first;
    auto second = listen_on(address, otherwise);
    if (second && taken)
        second->note = fmt::format("port {} is in use by another program, so {} is taken instead",
                                   preferred, otherwise);
    return second;
}

std::string https_url(const std::string& hostname, int port) {
    auto host = hostname.find(':') == std::string::npos ? hostname : "[" + hostname + "]";
    return port == 443 ? "https://" + host : fmt::format("https://{}:{}", host, port);
}

}  // namespace mw::supervisor
