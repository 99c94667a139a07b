// WebSockets, stop, reload and listening.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <latch>

#include "base/files.hpp"
#include "infra/http/proxy/proxy_fixture.hpp"

namespace mw::proxy {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kUpgrade =
    "GET /api/ui/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Cookie: millwright_session=x\r\n\r\n";

// Accepts the upgrade, then sends back whatever comes.
void accept_and_echo(Connection& connection) {
    auto head = connection.read_head();
    EXPECT_EQ(head->header("Connection"), "Upgrade");
    EXPECT_EQ(head->header("Upgrade"), "websocket");
    EXPECT_EQ(head->header("Sec-WebSocket-Key"), "dGhlIHNhbXBsZSBub25jZQ==");
    EXPECT_EQ(head->header("Cookie"), "millwright_session=x");
    EXPECT_EQ(head->header("X-Forwarded-For"), "127.0.0.1");
    // The first frame right behind the head, as a server may send it.
    connection.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nfirst");
    for (auto piece = connection.read_some(); !piece.empty(); piece = connection.read_some())
        connection.write(piece);
}

TEST_F(Proxy, WebSocketIsPassedBothWays) {
    start_with(accept_and_echo);
    auto connection = connect();
    connection.write(std::string(kUpgrade) + "ahead");
    auto head = connection.read_head();
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status(), 101);
    EXPECT_EQ(head->header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(head->header("Connection"), "Upgrade");
    EXPECT_EQ(connection.read_exactly(10), "firstahead");
    std::string frame(100'000, '\x81');
    connection.write(frame);
    EXPECT_EQ(connection.read_exactly(frame.size()), frame);
}

TEST_F(Proxy, WebSocketEndsWithEitherSide) {
    std::promise<void> ended;
    start_with([&](Connection& connection) {
        auto head = connection.read_head();
        connection.write(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "
            "websocket\r\n\r\n");
        if (connection.read_exactly(3) == "bye") {
            connection.write("last words");
            return;
        }
        connection.at_end();
        ended.set_value();
    });
    auto app_leaves = connect();
    app_leaves.write(std::string(kUpgrade));
    ASSERT_TRUE(app_leaves.read_head());
    app_leaves.write("bye");
    EXPECT_EQ(app_leaves.read_to_end(), "last words");
    {
        auto client_leaves = connect();
        client_leaves.write(std::string(kUpgrade));
        ASSERT_TRUE(client_leaves.read_head());
        client_leaves.write("abc");
    }
    EXPECT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(Proxy, RefusedWebSocketIsAnOrdinaryAnswer) {
    start_with([](Connection& connection) {
        while (connection.read_head())
            connection.write(simple_response(401, "sign in first"));
    });
    auto connection = connect();
    for (int i = 0; i < 2; ++i) {
        connection.write(std::string(kUpgrade));
        auto response = connection.read_response();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status(), 401);
        EXPECT_EQ(response->body, "sign in first");
    }
}

TEST_F(Proxy, OtherUpgradesAreNotPassedOn) {
    start_with(echo);
    auto response = get(
        "/api/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n");
    EXPECT_EQ(response.status(), 200);
    for (const char* absent : {"Upgrade", "HTTP2-Settings"})
        EXPECT_EQ(response.body.find(absent), std::string::npos) << response.body;
}

TEST_F(Proxy, SilentWebSocketEnds) {
    start_with(accept_and_echo, {.tunnel_timeout = milliseconds(50)});
    auto connection = connect();
    connection.write(std::string(kUpgrade));
    ASSERT_TRUE(connection.read_head());
    EXPECT_EQ(connection.read_to_end(), "first");
}

TEST_F(Proxy, StopLetsRequestsFinishAndClosesTheRest) {
    std::latch asked(1), release(1);
    start_with([&](Connection& connection) {
        auto head = connection.read_head();
        if (head->target() == "/api/ui/live") {
            connection.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
            connection.at_end();
            return;
        }
        asked.count_down();
        release.wait();
        connection.write(simple_response(200, "finished"));
    });
    auto idle = connect();
    idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(idle.read_response());
    auto live = connect();
    live.write(std::string(kUpgrade));
    ASSERT_TRUE(live.read_head());
    auto busy = connect();
    busy.write("GET /api/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    asked.wait();

    auto stopped = begin_stop(std::chrono::seconds(20));
    EXPECT_TRUE(idle.at_end());
    EXPECT_TRUE(live.at_end());
    EXPECT_THROW(connect(), std::runtime_error);
    release.count_down();
    EXPECT_EQ(busy.read_response()->body, "finished");
    busy.close();
    EXPECT_EQ(stopped.wait_for(kPatience), std::future_status::ready);
}

TEST_F(Proxy, StopEndsWhatTakesTooLong) {
    std::latch asked(1);
    start_with([&](Connection& connection) {
        connection.read_head();
        asked.count_down();
        connection.at_end();
    });
    auto busy = connect();
    busy.write("GET /api/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    asked.wait();
    EXPECT_EQ(begin_stop(milliseconds(50)).wait_for(kPatience), std::future_status::ready);
    EXPECT_TRUE(busy.at_end());
}

TEST_F(Proxy, ReloadTakesANewCertificateAndNewFiles) {
    start();
    auto before = connect();
    EXPECT_EQ(before.peer_certificate(), read_file(files_.cert, 1 << 20).value());
    auto other = folder_.make_tls("other");
    std::filesystem::rename(other.key, files_.key);
    // Half of a new pair: the old one goes on.
    EXPECT_EQ(on_thread([&] { return server_->reload(); }).error().code, Errc::invalid_argument);
    EXPECT_EQ(connect().peer_certificate(), before.peer_certificate());

    std::filesystem::rename(other.cert, files_.cert);
    std::ofstream(folder_ / "web/index.html") << "a newer page";
    EXPECT_TRUE(on_thread([&] { return server_->reload(); }));
    EXPECT_EQ(connect().peer_certificate(), read_file(files_.cert, 1 << 20).value());
    EXPECT_NE(connect().peer_certificate(), before.peer_certificate());
    // An open connection lives on.
    before.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(before.read_response()->body, "a newer page");
}

TEST_F(Proxy, MoreThanTheMostConnectionsWait) {
    start({.connections_max = 1});
    auto first = connect();
    first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(first.read_response());
    auto second = std::async(std::launch::async, [&] { return get("/").status(); });
    first.close();
    EXPECT_EQ(second.get(), 200);
}

TEST_F(Proxy, AdoptsAnInheritedSocket) {
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    server_ = Server::create(ioc_.get_executor(), config()).value();
    UniqueFd copy(::dup(listener.get()));
    EXPECT_EQ(server_->adopt(std::move(copy)).error().code, Errc::invalid_argument);
    EXPECT_EQ(server_->adopt(UniqueFd(::open("/dev/null", O_RDONLY))).error().code,
              Errc::invalid_argument);

    ASSERT_EQ(::listen(listener.get(), 16), 0);
    ASSERT_TRUE(server_->adopt(std::move(listener)));
    port_ = server_->port();
    thread_ = std::thread([this] { ioc_.run(); });
    EXPECT_EQ(get("/").status(), 200);
}

TEST_F(Proxy, TakenPortAndBadAddressAreSaid) {
    start();
    auto second = Server::create(ioc_.get_executor(), config()).value();
    auto taken = second->listen("127.0.0.1", port_);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::unavailable);
    EXPECT_NE(taken.error().message.find(std::to_string(port_)), std::string::npos);
    EXPECT_EQ(second->listen("not-an-address", 0).error().code, Errc::invalid_argument);
}

TEST_F(Proxy, BadCertificateIsSaidAtStart) {
    auto wanted = config();
    wanted.tls_cert = folder_ / "none";
    EXPECT_EQ(Server::create(ioc_.get_executor(), wanted).error().code, Errc::invalid_argument);
    wanted = config();
    wanted.tls_key = folder_.make_tls("other").key;
    auto mismatch = Server::create(ioc_.get_executor(), wanted);
    ASSERT_FALSE(mismatch);
    EXPECT_NE(mismatch.error().message.find("other.key"), std::string::npos);
}

TEST_F(Proxy, WithoutWebFilesTheApiIsServed) {
    std::filesystem::remove_all(folder_ / "web");
    start_with(echo);
    EXPECT_EQ(get("/", "Accept: text/html\r\n").status(), 404);
    EXPECT_EQ(get("/api/").status(), 200);
}

}  // namespace
}  // namespace mw::proxy
