// What the edge does when the app, the client or the certificate misbehaves.
#include "infra/http/proxy/proxy_fixture.hpp"

namespace mw::proxy {
namespace {

using std::chrono::milliseconds;

TEST_F(Proxy, AppAwayIs503InTheEnvelope) {
    start();
    auto connection = connect();
    for (const char* target : {"/api/v2/accounts/", "/graphql", "/health"}) {
        connection.write(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target));
        auto response = connection.read_response();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status(), 503);
        EXPECT_EQ(response->header("Retry-After"), "2");
        EXPECT_EQ(response->header("Content-Type"), "application/json");
        EXPECT_EQ(response->body,
                  R"({"status":{"code":503,"is_success":false,"user_message":)"
                  R"("The service is starting or restarting. Try again in a moment.",)"
                  R"("developer_message":""},"data":null})");
    }
    connection.write("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
    EXPECT_EQ(connection.read_response()->status(), 503);
    EXPECT_TRUE(connection.at_end());
    EXPECT_EQ(get("/").status(), 200);
}

TEST_F(Proxy, AppThatComesBackIsFoundAgain) {
    start_with(echo);
    auto connection = connect();
    auto ask_on = [&] {
        connection.write("GET /api/ HTTP/1.1\r\nHost: a\r\n\r\n");
        return connection.read_response().value_or(Response{}).status();
    };
    EXPECT_EQ(ask_on(), 200);
    app_.reset();
    std::filesystem::remove(folder_ / "app");
    EXPECT_EQ(ask_on(), 503);
    app_.emplace(App::unix_socket(folder_ / "app", echo));
    EXPECT_EQ(ask_on(), 200);
}

TEST_F(Proxy, AppThatBreaksOffBeforeAnsweringIs502) {
    start_with([](Connection& connection) {
        auto head = connection.read_head();
        if (head->target() == "/api/garbage") connection.write("220 not http\r\n\r\n");
        if (head->target() == "/api/half") connection.write("HTTP/1.1 200 OK\r\nContent-");
    });
    for (const char* target : {"/api/", "/api/garbage", "/api/half"})
        EXPECT_EQ(get(target).status(), 502) << target;
    auto posted = ask("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(posted.status(), 502);
}

TEST_F(Proxy, AppThatBreaksOffInTheBodyCutsTheAnswer) {
    start_with([](Connection& connection) {
        auto head = connection.read_head();
        connection.write(
            head->target() == "/api/sized"
                ? "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
                : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
    });
    auto sized = connect();
    sized.write("GET /api/sized HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(sized.read_response()->body, "half");
    auto chunked = connect();
    chunked.write("GET /api/chunked HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(chunked.read_head());
    // No last chunk: the client can tell that something is missing.
    EXPECT_EQ(chunked.read_to_end(), "4\r\nhalf\r\n");
}

TEST_F(Proxy, SlowAppIs504) {
    start_with(
        [](Connection& connection) {
            auto head = connection.read_head();
            if (head->target() == "/api/late") connection.read_body(*head);
            connection.at_end();
        },
        {.response_timeout = milliseconds(50)});
    EXPECT_EQ(get("/api/").status(), 504);
    auto after_body = ask("POST /api/late HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(after_body.status(), 504);
}

TEST_F(Proxy, AnswerThatStallsIsCut) {
    start_with(
        [](Connection& connection) {
            connection.read_head();
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            connection.at_end();
        },
        {.stall_timeout = milliseconds(50)});
    EXPECT_EQ(get("/api/").body, "half");
}

TEST_F(Proxy, UploadThatStallsIsCutOnBothSides) {
    std::promise<void> ended;
    start_with(
        [&](Connection& connection) {
            auto head = connection.read_head();
            connection.read_body(*head);
            ended.set_value();
        },
        {.stall_timeout = milliseconds(50)});
    auto connection = connect();
    connection.write("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
    EXPECT_TRUE(connection.at_end());
    EXPECT_EQ(ended.get_future().wait_for(kPatience), std::future_status::ready);
}

TEST_F(Proxy, SlowHeadersEndTheConnection) {
    start({.header_timeout = milliseconds(50)});
    auto silent = connect();
    EXPECT_TRUE(silent.at_end());
    auto slow = connect();
    slow.write("GET / HTTP/1.1\r\nHos");
    EXPECT_TRUE(slow.at_end());
}

TEST_F(Proxy, IdleConnectionsAndHandshakesEnd) {
    start({.handshake_timeout = milliseconds(50), .keep_alive_timeout = milliseconds(50)});
    auto idle = connect();
    idle.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(idle.read_response()->status(), 200);
    EXPECT_TRUE(idle.at_end());
    auto never_shakes = Connection::connect_tcp(port_);
    EXPECT_TRUE(never_shakes.at_end());
}

// Shapes on which a proxy and a server could disagree about where a request ends. None may
// reach the app, and nothing after one on the same connection may be answered.
TEST_F(Proxy, SmugglingShapesAreRefused) {
    start_with(echo);
    const std::string shapes[] = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\vchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 5 5\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Host: other\r\n\r\n",
        "X-Bare: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        std::string("X-Nul: a\0b\r\n\r\n", 14),
    };
    for (const auto& shape : shapes) {
        auto connection = connect();
        connection.write("POST /api/ HTTP/1.1\r\nHost: a\r\n" + shape +
                         "GET /api/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        auto response = connection.read_response();
        if (response) {
            EXPECT_EQ(response->status(), 400) << shape;
            EXPECT_EQ(response->header("Connection"), "close") << shape;
            EXPECT_TRUE(connection.at_end()) << shape;
        }
    }
    EXPECT_EQ(app_->accepted(), 0);
}

TEST_F(Proxy, BrokenChunksNeverCompleteARequest) {
    std::atomic<int> complete{0};
    start_with([&](Connection& connection) {
        auto head = connection.read_head();
        auto body = connection.read_body(*head);
        if (body.ends_with("END")) ++complete;
    });
    for (const char* chunks : {"z\r\nhello\r\n0\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n",
                               "-5\r\nhello\r\n0\r\n\r\n", "fffffffffffffffff\r\nhello\r\n"}) {
        auto connection = connect();
        connection.write(
            std::string("POST /api/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") +
            chunks);
        auto response = connection.read_response();
        if (response) EXPECT_EQ(response->status(), 400) << chunks;
        EXPECT_TRUE(connection.at_end());
    }
    EXPECT_EQ(complete, 0);
}

TEST_F(Proxy, OddRequestLinesAreRefused) {
    start_with(echo);
    for (const char* line :
         {"GET http://a/api/ HTTP/1.1", "GET * HTTP/1.1", "CONNECT a:443 HTTP/1.1",
          "GET /api/../internal/v1 HTTP/1.1", "GET /api/%2e%2e/internal/v1 HTTP/1.1",
          "GET /api/..%5cinternal HTTP/1.1", "GET //internal/v1 HTTP/1.1",
          "GET /../../etc/passwd HTTP/1.1", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
          "GET /assets/..%2f..%2fsecret HTTP/1.1", "GET /api/ HTTP/2.0", "GET /api/ HTTP/1.1 x",
          "GET  /api/ HTTP/1.1", "\x16\x03 /api/ HTTP/1.1", "GET /a%00 HTTP/1.1"})
        EXPECT_EQ(ask(fmt::format("{}\r\nHost: a\r\n\r\n", line)).status(), 400) << line;
    EXPECT_EQ(ask("GET /api/ HTTP/1.1\r\n\r\n").status(), 400);
    for (const char* target : {"/internal", "/internal/v1/run/spec", "/%69nternal/v1/run/spec"})
        EXPECT_EQ(get(target).status(), 404) << target;
    EXPECT_EQ(app_->accepted(), 0);
}

TEST_F(Proxy, TooLargeHeadersAre431) {
    start_with(echo);
    EXPECT_EQ(get("/api/", "X-Fits: " + std::string(30 * 1024, 'x') + "\r\n").status(), 200);
    for (std::size_t size : {33UL * 1024, 200UL * 1024}) {
        auto response = get("/api/", "X-Large: " + std::string(size, 'x') + "\r\n");
        EXPECT_EQ(response.status(), 431) << size;
    }
    EXPECT_EQ(get("/" + std::string(40'000, 'p')).status(), 431);
    EXPECT_EQ(app_->accepted(), 1);
}

TEST_F(Proxy, TooLargeBodiesAre413) {
    start_with(echo, {.body_bytes_max = 1000, .json_body_bytes_max = 100});
    auto post = [&](std::string_view headers, std::string_view body) {
        return ask(fmt::format("POST /api/ HTTP/1.1\r\nHost: a\r\n{}\r\n{}", headers, body))
            .status();
    };
    auto chunk = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", 600, std::string(600, 'x'));
    auto large_chunk = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", 1001, std::string(1001, 'x'));
    EXPECT_EQ(post("Content-Length: 1001\r\n", ""), 413);
    EXPECT_EQ(post("Content-Length: 1000\r\n", std::string(1000, 'x')), 200);
    EXPECT_EQ(post("Transfer-Encoding: chunked\r\n", chunk), 200);
    EXPECT_EQ(post("Transfer-Encoding: chunked\r\n", large_chunk), 413);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Length: 101\r\n", ""), 413);
    EXPECT_EQ(
        post("Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n",
             chunk),
        413);
    EXPECT_EQ(post("Content-Type: application/json\r\nContent-Length: 2\r\n", "{}"), 200);
}

TEST_F(Proxy, PlainHttpIsToldToUseHttps) {
    start();
    auto ask_plain = [&](std::string_view text, bool head_only = false) {
        auto connection = Connection::connect_tcp(port_);
        connection.write(text);
        auto response = connection.read_response(head_only);
        EXPECT_TRUE(connection.at_end());
        return response.value_or(Response{});
    };
    auto page = ask_plain("GET /runs?x=1 HTTP/1.1\r\nHost: dbt.example.com:8443\r\n\r\n");
    EXPECT_EQ(page.status(), 308);
    EXPECT_EQ(page.header("Location"), "https://dbt.example.com:8443/runs?x=1");
    EXPECT_NE(page.body.find("https://"), std::string::npos);
    EXPECT_EQ(page.header("Strict-Transport-Security"), "(none)");
    EXPECT_EQ(ask_plain("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", true).status(), 308);
    auto posted = ask_plain("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(posted.status(), 400);
    EXPECT_EQ(posted.header("Location"), "(none)");
    EXPECT_EQ(ask_plain("GET / HTTP/1.1\r\nHost: a b\r\n\r\n").status(), 400);
    EXPECT_EQ(ask_plain("EHLO mail.example\r\n\r\n").status(), 400);
}

TEST_F(Proxy, OldTlsIsRefused) {
    start();
    constexpr int kTls11 = 0x0302;
    EXPECT_THROW(Connection::connect_tls(port_, kTls11), std::runtime_error);
    EXPECT_NO_THROW(Connection::connect_tls(port_, 0x0303));
}

TEST_F(Proxy, RubbishInsteadOfAHandshakeIsHarmless) {
    start();
    {
        auto connection = Connection::connect_tcp(port_);
        connection.write(std::string("\x16\x03\x01\x00\x05hello", 10) + std::string(100, '\xff'));
        connection.read_to_end();
    }
    EXPECT_EQ(get("/").status(), 200);
}

}  // namespace
}  // namespace mw::proxy
