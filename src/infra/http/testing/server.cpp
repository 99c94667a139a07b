#include "infra/http/testing/server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <csignal>
#include <cstring>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "infra/crypto/random.hpp"
#include "infra/crypto/self_signed.hpp"

namespace mw::http_testing {
namespace {

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

UniqueFd listen_on(const sockaddr* address, socklen_t size) {
    UniqueFd fd(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd || ::bind(fd.get(), address, size) != 0 || ::listen(fd.get(), 64) != 0)
        throw std::runtime_error("test server: cannot listen");
    return fd;
}

UniqueFd listen_on_tcp() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    // All of 127.0.0.0/8: 127.0.0.2 is a name that no test certificate has.
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    return listen_on(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

}  // namespace

struct Server::State {
    UniqueFd listener;
    UniqueFd stop_event{::eventfd(0, EFD_CLOEXEC)};
    Handler handler;
    std::unique_ptr<SSL_CTX, FreeContext> context;
    std::uint16_t port = 0;
    std::atomic<int> accepted{0};
    std::mutex mutex;
    std::list<int> open;  // duplicated descriptors, to shut connections down from outside
    std::list<std::thread> workers;
    std::thread acceptor;

    void serve(UniqueFd socket, int duplicate) {
        {
            auto connection = context ? Connection::accepted_tls(std::move(socket), context.get())
                                      : Connection::accepted(std::move(socket));
            handler(connection);
        }
        std::lock_guard lock(mutex);
        open.remove(duplicate);
        ::close(duplicate);
    }

    void accept_all() {
        for (;;) {
            pollfd wait[2] = {{listener.get(), POLLIN, 0}, {stop_event.get(), POLLIN, 0}};
            if (::poll(wait, 2, -1) < 0 || wait[1].revents != 0) return;
            UniqueFd socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!socket) continue;
            ++accepted;
            std::lock_guard lock(mutex);
            int duplicate = ::dup(socket.get());
            open.push_back(duplicate);
            workers.emplace_back([this, duplicate, moved = std::move(socket)]() mutable {
                serve(std::move(moved), duplicate);
            });
        }
    }

    void start() {
        ::signal(SIGPIPE, SIG_IGN);
        acceptor = std::thread([this] { accept_all(); });
    }

    void stop() {
        ::eventfd_write(stop_event.get(), 1);
        acceptor.join();
        {
            std::lock_guard lock(mutex);
            for (int fd : open)
                ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& worker : workers)
            worker.join();
    }
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {
    state_->start();
}
Server::Server(Server&&) noexcept = default;

Server& Server::operator=(Server&& other) noexcept {
    if (state_) state_->stop();
    state_ = std::move(other.state_);
    return *this;
}

Server::~Server() {
    if (state_) state_->stop();
}

Server Server::tcp(Handler handler) {
    auto state = std::make_unique<State>();
    state->listener = listen_on_tcp();
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(state->listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
    state->port = ntohs(address.sin_port);
    state->handler = std::move(handler);
    return Server(std::move(state));
}

Server Server::tls(TlsFiles files, Handler handler) {
    auto state = std::make_unique<State>();
    state->listener = listen_on_tcp();
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(state->listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
    state->port = ntohs(address.sin_port);
    state->handler = std::move(handler);
    state->context.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate_chain_file(state->context.get(), files.cert.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(state->context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error("test server: no certificate");
    return Server(std::move(state));
}

Server Server::unix_socket(const std::filesystem::path& path, Handler handler) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    ::unlink(path.c_str());
    auto state = std::make_unique<State>();
    state->listener = listen_on(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    state->handler = std::move(handler);
    return Server(std::move(state));
}

std::uint16_t Server::port() const {
    return state_->port;
}
int Server::accepted() const {
    return state_->accepted;
}

TemporaryFolder::TemporaryFolder()
    : path_(std::filesystem::temp_directory_path() / ("mwt" + crypto::random_hex(5))) {
    std::filesystem::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TlsFiles TemporaryFolder::make_tls(std::string_view name) const {
    TlsFiles files{path_ / (std::string(name) + ".crt"), path_ / (std::string(name) + ".key")};
    if (auto made = crypto::ensure_self_signed(files.cert, files.key, {}); !made)
        throw std::runtime_error(made.error().message);
    return files;
}

std::string simple_response(int status, std::string_view body, std::string_view extra_headers) {
    return fmt::format("HTTP/1.1 {} Status\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(),
                       extra_headers, body);
}

}  // namespace mw::http_testing
