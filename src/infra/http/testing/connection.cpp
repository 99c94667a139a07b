#include "infra/http/testing/connection.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace mw::http_testing {
namespace {

constexpr long kPatienceSeconds = 20;

bool same_name(std::string_view left, std::string_view right) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

void set_patience(int fd) {
    timeval limit{kPatienceSeconds, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

UniqueFd connect_to(const sockaddr* address, socklen_t size) {
    UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd) throw std::runtime_error("no socket");
    set_patience(fd.get());
    if (::connect(fd.get(), address, size) != 0)
        throw std::runtime_error(fmt::format("connect: {}", std::strerror(errno)));
    return fd;
}

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

}  // namespace

std::string Head::method() const {
    return start_line.substr(0, start_line.find(' '));
}

std::string Head::target() const {
    auto begin = start_line.find(' ');
    if (begin == start_line.npos) return {};
    return start_line.substr(begin + 1, start_line.find(' ', begin + 1) - begin - 1);
}

int Head::status() const {
    auto space = start_line.find(' ');
    return space == start_line.npos ? 0 : std::atoi(start_line.c_str() + space);
}

std::string Head::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (same_name(known, name)) return value;
    return "(none)";
}

std::size_t Head::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        headers, [&](const auto& header) { return same_name(header.first, name); }));
}

struct Connection::State {
    UniqueFd fd;
    std::unique_ptr<SSL_CTX, FreeContext> context;
    std::unique_ptr<SSL, FreeSsl> ssl;

    // One read from the socket; 0 at the end or on any error.
    std::size_t receive(char* into, std::size_t size) {
        auto got = ssl ? SSL_read(ssl.get(), into, static_cast<int>(size))
                       : static_cast<int>(::recv(fd.get(), into, size, 0));
        ERR_clear_error();
        return got > 0 ? static_cast<std::size_t>(got) : 0;
    }
};

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {
}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::connect_tcp(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto state = std::make_unique<State>();
    state->fd = connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return Connection(std::move(state));
}

Connection Connection::connect_unix(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    auto state = std::make_unique<State>();
    state->fd = connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return Connection(std::move(state));
}

Connection Connection::connect_tls(std::uint16_t port, int version_max) {
    auto connection = connect_tcp(port);
    auto& state = *connection.state_;
    state.context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(state.context.get(), 0);
    if (version_max != 0) SSL_CTX_set_max_proto_version(state.context.get(), version_max);
    state.ssl.reset(SSL_new(state.context.get()));
    SSL_set_fd(state.ssl.get(), state.fd.get());
    if (SSL_connect(state.ssl.get()) != 1) {
        ERR_clear_error();
        throw std::runtime_error("TLS handshake refused");
    }
    return connection;
}

Connection Connection::accepted(UniqueFd socket) {
    set_patience(socket.get());
    auto state = std::make_unique<State>();
    state->fd = std::move(socket);
    return Connection(std::move(state));
}

Connection Connection::accepted_tls(UniqueFd socket, void* ssl_context) {
    auto connection = accepted(std::move(socket));
    auto& state = *connection.state_;
    state.ssl.reset(SSL_new(static_cast<SSL_CTX*>(ssl_context)));
    SSL_set_fd(state.ssl.get(), state.fd.get());
    // A client that doesn't trust us ends here; the first read then finds the end.
    SSL_accept(state.ssl.get());
    ERR_clear_error();
    return connection;
}

bool Connection::write(std::string_view bytes) {
    while (!bytes.empty()) {
        auto put = state_->ssl
                       ? SSL_write(state_->ssl.get(), bytes.data(), static_cast<int>(bytes.size()))
                       : static_cast<int>(
                             ::send(state_->fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
        ERR_clear_error();
        if (put <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

std::string Connection::read_some(std::size_t max_bytes) {
    std::string piece(max_bytes, '\0');
    piece.resize(state_->receive(piece.data(), piece.size()));
    return piece;
}

std::string Connection::read_exactly(std::size_t bytes) {
    std::string all;
    while (all.size() < bytes) {
        auto piece = read_some(bytes - all.size());
        if (piece.empty()) break;
        all += piece;
    }
    return all;
}

std::string Connection::read_to_end() {
    std::string all;
    for (auto piece = read_some(); !piece.empty(); piece = read_some())
        all += piece;
    return all;
}

bool Connection::at_end() {
    return read_some(1).empty();
}

std::string Connection::read_line() {
    std::string line;
    while (!line.ends_with("\r\n")) {
        auto byte = read_some(1);
        if (byte.empty()) break;
        line += byte;
    }
    return line;
}

std::optional<Head> Connection::read_head() {
    Head head;
    while (!head.text.ends_with("\r\n\r\n")) {
        auto byte = read_some(1);
        if (byte.empty()) return std::nullopt;
        head.text += byte;
    }
    std::string_view rest = head.text;
    for (bool first = true; !rest.empty(); first = false) {
        auto line = rest.substr(0, rest.find("\r\n"));
        rest.remove_prefix(line.size() + 2);
        if (first) {
            head.start_line = line;
        } else if (auto colon = line.find(':'); colon != line.npos) {
            auto value = line.substr(colon + 1);
            while (value.starts_with(' '))
                value.remove_prefix(1);
            head.headers.emplace_back(line.substr(0, colon), value);
        }
    }
    return head;
}

std::string Connection::read_body(const Head& head) {
    if (auto length = head.header("Content-Length"); length != "(none)")
        return read_exactly(std::stoull(length));
    if (!same_name(head.header("Transfer-Encoding"), "chunked"))
        return head.start_line.starts_with("HTTP/") ? read_to_end() : "";
    std::string body;
    for (;;) {
        auto size = std::strtoull(read_line().c_str(), nullptr, 16);
        if (size == 0) {
            while (read_line().size() > 2)
                continue;  // trailers
            return body;
        }
        body += read_exactly(size);
        read_exactly(2);
    }
}

std::optional<Response> Connection::read_response(bool head_only) {
    auto head = read_head();
    if (!head) return std::nullopt;
    Response response{std::move(*head), {}};
    auto status = response.status();
    if (!head_only && status >= 200 && status != 204 && status != 304)
        response.body = read_body(response.head);
    return response;
}

void Connection::shutdown_write() {
    if (state_->ssl) SSL_shutdown(state_->ssl.get());
    ERR_clear_error();
    ::shutdown(state_->fd.get(), SHUT_WR);
}

void Connection::close() {
    state_->ssl.reset();
    state_->fd.reset();
}

void Connection::abort() {
    ::shutdown(state_->fd.get(), SHUT_RDWR);
}

std::string Connection::peer_certificate() const {
    auto* cert = SSL_get1_peer_certificate(state_->ssl.get());
    auto* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, cert);
    char* data = nullptr;
    auto size = BIO_get_mem_data(bio, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    X509_free(cert);
    return text;
}

int Connection::native_handle() const {
    return state_->fd.get();
}

std::optional<Response> get(std::uint16_t port, std::string_view target,
                            std::string_view extra_headers) {
    auto connection = Connection::connect_tls(port);
    connection.write(
        fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", target,
                    extra_headers));
    return connection.read_response();
}

}  // namespace mw::http_testing
