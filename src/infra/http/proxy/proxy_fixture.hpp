// A running edge in front of a scripted app; for this folder's tests only.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <fstream>
#include <future>
#include <thread>

#include "infra/http/proxy/server.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::proxy {

namespace asio = boost::asio;
using http_testing::Connection;
using http_testing::Head;
using http_testing::Response;
using http_testing::simple_response;
using App = http_testing::Server;

inline constexpr std::chrono::seconds kPatience{20};

// Answers every request with what it got.
inline void echo(Connection& connection) {
    while (auto head = connection.read_head()) {
        auto body = connection.read_body(*head);
        if (!connection.write(simple_response(200, head->text + "|" + body))) return;
    }
}

class Proxy : public ::testing::Test {
  protected:
    Proxy() {
        std::filesystem::create_directories(folder_ / "web");
        std::ofstream(folder_ / "web/index.html") << "the app's page";
        std::ofstream(folder_ / "web/large.txt") << std::string(1'000'000, 'L');
    }
    ~Proxy() override { stop(); }

    Config config() const {
        return {files_.cert, files_.key, folder_ / "web", folder_ / "app", {}};
    }
    void start(Limits limits = {}) {
        auto wanted = config();
        wanted.limits = limits;
        auto made = Server::create(ioc_.get_executor(), wanted);
        ASSERT_TRUE(made) << made.error().message;
        server_ = std::move(*made);
        auto listening = server_->listen("127.0.0.1", 0);
        ASSERT_TRUE(listening) << listening.error().message;
        port_ = server_->port();
        thread_ = std::thread([this] { ioc_.run(); });
    }
    void start_with(App::Handler handler, Limits limits = {}) {
        app_.emplace(App::unix_socket(folder_ / "app", std::move(handler)));
        start(limits);
    }
    std::future<void> begin_stop(std::chrono::milliseconds grace) {
        return asio::co_spawn(
            ioc_, [this, grace] { return server_->stop(grace); }, asio::use_future);
    }
    void stop() {
        if (!thread_.joinable()) return;
        begin_stop(std::chrono::milliseconds(0)).wait();
        ioc_.stop();
        thread_.join();
    }
    // Runs on the server's thread.
    template <class Work>
    auto on_thread(Work work) {
        return asio::post(ioc_, asio::use_future(std::move(work))).get();
    }

    Connection connect() const { return Connection::connect_tls(port_); }
    // One request on a connection of its own, and its answer.
    Response ask(std::string_view request_text, bool head_only = false) const {
        auto connection = connect();
        connection.write(request_text);
        auto response = connection.read_response(head_only);
        EXPECT_TRUE(response) << "no answer to: " << request_text.substr(0, 200);
        return response.value_or(Response{});
    }
    Response get(std::string_view target, std::string_view headers = "") const {
        return ask(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", target, headers));
    }

    http_testing::TemporaryFolder folder_;
    http_testing::TlsFiles files_ = folder_.make_tls();
    asio::io_context ioc_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{ioc_.get_executor()};
    std::optional<App> app_;
    std::unique_ptr<Server> server_;
    std::thread thread_;
    std::uint16_t port_ = 0;
};

}  // namespace mw::proxy
