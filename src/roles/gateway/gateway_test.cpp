#include "roles/gateway/gateway.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

#include "base/files.hpp"
#include "base/readiness.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::gateway {
namespace {

using http_testing::Connection;

// The role in a process of its own, started as the supervisor does.
class Gateway : public testing::Test {
  protected:
    Gateway() {
        std::filesystem::create_directories(folder_ / "web");
        std::ofstream(folder_ / "web/index.html") << "the app's page";
        layout_.web_dir = folder_ / "web";
        layout_.app_socket = folder_ / "app";
        auto files = folder_.make_tls();
        layout_.tls_cert = files.cert;
        layout_.tls_key = files.key;
    }
    ~Gateway() override {
        if (child_ > 0) {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
    }

    void bind() {
        listener_ = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        ASSERT_EQ(::bind(listener_.get(), generic, size), 0);
        ASSERT_EQ(::listen(listener_.get(), 16), 0);
        ASSERT_EQ(::getsockname(listener_.get(), generic, &size), 0);
        port_ = ntohs(address.sin_port);
    }

    // True when the role said that it serves.
    bool start(const std::string& listen_fd) {
        int ready[2];
        EXPECT_EQ(::pipe(ready), 0);
        child_ = ::fork();
        if (child_ == 0) {
            ::close(ready[0]);
            ::setenv("MILLWRIGHT_LISTEN_FD", listen_fd.c_str(), 1);
            ::setenv(kReadyFdVariable, std::to_string(ready[1]).c_str(), 1);
            ::_exit(run_gateway(Settings::load().value(), layout_));
        }
        ::close(ready[1]);
        char byte = 0;
        bool said = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
        return said;
    }
    bool start() {
        bind();
        return start(std::to_string(listener_.get()));
    }

    int wait_for_exit() {
        int status = 0;
        ::waitpid(child_, &status, 0);
        child_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }

    http_testing::TemporaryFolder folder_;
    Layout layout_;
    UniqueFd listener_;
    std::uint16_t port_ = 0;
    pid_t child_ = 0;
};

TEST_F(Gateway, ServesOnTheInheritedSocketAndStopsOnSigterm) {
    ASSERT_TRUE(start());
    EXPECT_EQ(http_testing::get(port_, "/")->body, "the app's page");
    EXPECT_EQ(http_testing::get(port_, "/api/v2/")->status(), 503);
    auto app = http_testing::Server::unix_socket(layout_.app_socket, [](Connection& connection) {
        connection.read_head();
        connection.write(http_testing::simple_response(200, "from app"));
    });
    EXPECT_EQ(http_testing::get(port_, "/api/v2/")->body, "from app");
    ::kill(child_, SIGTERM);
    EXPECT_EQ(wait_for_exit(), 0);
}

TEST_F(Gateway, SighupTakesTheNewCertificate) {
    ASSERT_TRUE(start());
    auto before = Connection::connect_tls(port_).peer_certificate();
    auto other = folder_.make_tls("other");
    auto expected = read_file(other.cert, 1 << 20).value();
    std::filesystem::rename(other.cert, layout_.tls_cert);
    std::filesystem::rename(other.key, layout_.tls_key);
    EXPECT_EQ(Connection::connect_tls(port_).peer_certificate(), before);
    ::kill(child_, SIGHUP);
    // Each handshake is a turn of the gateway's loop; the signal's comes within a few.
    std::string shown;
    for (int turns = 0; turns < 1000 && shown != expected; ++turns)
        shown = Connection::connect_tls(port_).peer_certificate();
    EXPECT_EQ(shown, expected);
    ::kill(child_, SIGINT);
    EXPECT_EQ(wait_for_exit(), 0);
}

TEST_F(Gateway, SecondSignalDoesNotWaitForRequestsInFlight) {
    auto app = http_testing::Server::unix_socket(layout_.app_socket, [](Connection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
        connection.at_end();
    });
    ASSERT_TRUE(start());
    auto busy = Connection::connect_tls(port_);
    busy.write("GET /api/ HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(busy.read_head());
    auto idle = Connection::connect_tls(port_);
    ::kill(child_, SIGTERM);
    EXPECT_TRUE(idle.at_end());  // the first signal has arrived
    ::kill(child_, SIGTERM);
    EXPECT_EQ(busy.read_to_end(), "begun");
    EXPECT_EQ(wait_for_exit(), 0);
}

TEST_F(Gateway, WhatIsMissingIsOneLineAndAnExitCode) {
    std::filesystem::remove(layout_.tls_key);
    EXPECT_FALSE(start());
    EXPECT_EQ(wait_for_exit(), 1);
    EXPECT_FALSE(start("not-a-number"));
    EXPECT_EQ(wait_for_exit(), 1);
    EXPECT_FALSE(start("0"));
    EXPECT_EQ(wait_for_exit(), 1);
}

TEST_F(Gateway, ByHandItBindsItsPort) {
    bind();
    listener_.reset();  // a port that was free a moment ago
    child_ = ::fork();
    if (child_ == 0) {
        ::unsetenv("MILLWRIGHT_LISTEN_FD");
        auto settings = Settings::load().value();
        settings.set("BIND", "127.0.0.1");
        settings.set("PORT", "70000");
        ::_exit(run_gateway(settings, layout_));
    }
    EXPECT_EQ(wait_for_exit(), 1);
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    child_ = ::fork();
    if (child_ == 0) {
        ::setenv(kReadyFdVariable, std::to_string(ready[1]).c_str(), 1);
        auto settings = Settings::load().value();
        settings.set("BIND", "127.0.0.1");
        settings.set("PORT", std::to_string(port_));
        ::_exit(run_gateway(settings, layout_));
    }
    ::close(ready[1]);
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    EXPECT_EQ(http_testing::get(port_, "/")->status(), 200);
    ::kill(child_, SIGTERM);
    EXPECT_EQ(wait_for_exit(), 0);
}

}  // namespace
}  // namespace mw::gateway
