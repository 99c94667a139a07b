// Requests and answers through a running edge.
#include "infra/http/proxy/proxy_fixture.hpp"

namespace mw::proxy {
namespace {

TEST_F(Proxy, PassesRequestAndAnswer) {
    start_with([](Connection& connection) {
        auto head = connection.read_head();
        connection.write(simple_response(
            201, head->text,
            "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-App: yes\r\nKeep-Alive: timeout=5\r\n"
            "Connection: close, X-Hop\r\nX-Hop: 1\r\n"));
    });
    auto response = get("/api/v2/accounts/1/?limit=%20x", "Authorization: Token abc\r\n");
    EXPECT_EQ(response.status(), 201);
    EXPECT_EQ(response.head.count("Set-Cookie"), 2U);
    EXPECT_EQ(response.header("X-App"), "yes");
    EXPECT_EQ(response.header("Keep-Alive"), "(none)");
    EXPECT_EQ(response.header("X-Hop"), "(none)");
    const auto& seen = response.body;
    EXPECT_TRUE(seen.starts_with("GET /api/v2/accounts/1/?limit=%20x HTTP/1.1\r\n")) << seen;
    for (const char* expected :
         {"Authorization: Token abc\r\n", "Host: localhost\r\n", "X-Forwarded-For: 127.0.0.1\r\n",
          "X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: localhost\r\n"})
        EXPECT_NE(seen.find(expected), std::string::npos) << expected;
}

TEST_F(Proxy, EveryAnswerCarriesSecurityHeadersAndRequestId) {
    start_with([](Connection& connection) {
        connection.read_head();
        connection.write(simple_response(
            200, "", "Content-Security-Policy: sandbox\r\nX-Request-Id: the-apps-own\r\n"));
    });
    auto from_app = get("/api/", "X-Request-Id: client-id-1\r\n");
    EXPECT_EQ(from_app.header("X-Request-Id"), "client-id-1");
    EXPECT_EQ(from_app.head.count("X-Request-Id"), 1U);
    EXPECT_EQ(from_app.header("Content-Security-Policy"), "sandbox");
    EXPECT_EQ(from_app.header("X-Content-Type-Options"), "nosniff");
    auto page = get("/", "Host2: x\r\n");
    EXPECT_EQ(page.header("X-Request-Id").size(), 32U);
    EXPECT_NE(page.header("Content-Security-Policy").find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(page.header("Strict-Transport-Security"), "(none)");
    auto named = ask("GET / HTTP/1.1\r\nHost: dbt.example.com\r\n\r\n");
    EXPECT_EQ(named.header("Strict-Transport-Security"), "max-age=31536000");
}

TEST_F(Proxy, KeepsConnectionsOnBothSides) {
    start_with(echo);
    auto connection = connect();
    for (int i = 0; i < 3; ++i) {
        connection.write(fmt::format("GET /api/{} HTTP/1.1\r\nHost: a\r\n\r\n", i));
        auto response = connection.read_response();
        ASSERT_TRUE(response);
        EXPECT_TRUE(response->body.starts_with(fmt::format("GET /api/{} ", i)));
    }
    EXPECT_EQ(app_->accepted(), 1);
    // Something that must not be sent twice gets a connection that can't be stale.
    connection.write("POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_TRUE(connection.read_response()->body.ends_with("|hi"));
    EXPECT_EQ(app_->accepted(), 2);
}

TEST_F(Proxy, AppsThatCloseAfterEachAnswerAreNoTrouble) {
    start_with([](Connection& connection) {
        if (connection.read_head()) connection.write(simple_response(200, "once"));
    });
    auto connection = connect();
    for (int i = 0; i < 5; ++i) {
        connection.write("GET /api/ HTTP/1.1\r\nHost: a\r\n\r\n");
        auto response = connection.read_response();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->body, "once");
    }
}

TEST_F(Proxy, PipelinedRequestsAreAnsweredInOrder) {
    start_with(echo);
    auto connection = connect();
    connection.write(
        "GET /api/1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /api/2 HTTP/1.1\r\nHost: a\r\n"
        "Content-Length: 3\r\n\r\ntwoGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(connection.read_response()->body.starts_with("GET /api/1 "));
    EXPECT_TRUE(connection.read_response()->body.ends_with("|two"));
    EXPECT_EQ(connection.read_response()->body, "the app's page");
}

TEST_F(Proxy, BodiesArriveInBothFramings) {
    start_with(echo);
    auto sized = ask("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_NE(sized.body.find("Content-Length: 5\r\n"), std::string::npos) << sized.body;
    EXPECT_TRUE(sized.body.ends_with("|hello"));
    auto chunked =
        ask("PUT /api/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n");
    EXPECT_NE(chunked.body.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_TRUE(chunked.body.ends_with("|hello world"));
    EXPECT_EQ(chunked.body.find("X-Trailer"), std::string::npos);
    auto empty = ask("POST /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    EXPECT_NE(empty.body.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST_F(Proxy, ExpectContinueIsAnsweredHere) {
    start_with(echo);
    auto connection = connect();
    connection.write(
        "POST /api/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(connection.read_head()->status(), 100);
    connection.write("hi");
    auto response = connection.read_response();
    EXPECT_TRUE(response->body.ends_with("|hi"));
    EXPECT_EQ(response->body.find("Expect"), std::string::npos);
}

TEST_F(Proxy, HeadAndBodilessAnswersKeepTheConnection) {
    start_with([](Connection& connection) {
        while (auto head = connection.read_head()) {
            if (head->method() == "HEAD") {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
            } else if (head->target() == "/api/204") {
                connection.write("HTTP/1.1 204 No Content\r\n\r\n");
            } else {
                connection.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n");
            }
        }
    });
    auto connection = connect();
    for (int i = 0; i < 2; ++i) {
        connection.write("HEAD /api/ HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(connection.read_response(true)->header("Content-Length"), "1234");
        connection.write("GET /api/204 HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(connection.read_response()->status(), 204);
        connection.write("GET /api/304 HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(connection.read_response()->status(), 304);
        connection.write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        EXPECT_EQ(connection.read_response(true)->header("Content-Length"), "14");
    }
    EXPECT_EQ(app_->accepted(), 1);
}

TEST_F(Proxy, AnswersOfEveryFramingReachEveryClient) {
    start_with([](Connection& connection) {
        auto head = connection.read_head();
        if (head->target() == "/api/chunked") {
            connection.write(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                "chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
        } else if (head->target() == "/api/to-end") {
            connection.write("HTTP/1.1 200 OK\r\n\r\nabcdef");
        } else if (head->target() == "/api/interim") {
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
            connection.write(simple_response(200, "abcdef"));
        } else {
            connection.write(simple_response(200, "abcdef"));
        }
    });
    for (const char* target : {"/api/chunked", "/api/to-end", "/api/sized", "/api/interim"}) {
        EXPECT_EQ(get(target).body, "abcdef") << target;
        auto old = connect();
        old.write(fmt::format("GET {} HTTP/1.0\r\n\r\n", target));
        auto head = old.read_head();
        ASSERT_TRUE(head);
        EXPECT_EQ(head->header("Transfer-Encoding"), "(none)");
        EXPECT_EQ(old.read_to_end(), "abcdef") << target;
    }
}

// A proxy that held a body whole would wait for ever: each half waits for the other end.
TEST_F(Proxy, LargeUploadsAreStreamed) {
    constexpr std::size_t kTotal = 64UL * 1024 * 1024;
    std::promise<void> first_part_seen;
    start_with([&](Connection& connection) {
        auto head = connection.read_head();
        std::size_t seen = connection.read_exactly(1UL << 20).size();
        first_part_seen.set_value();
        while (seen < kTotal) {
            auto piece = connection.read_some();
            if (piece.empty()) return;
            seen += piece.size();
        }
        connection.write(simple_response(200, std::to_string(seen)));
    });
    auto connection = connect();
    connection.write(
        fmt::format("PUT /api/big HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n", kTotal));
    std::string megabyte(1UL << 20, 'x');
    ASSERT_TRUE(connection.write(megabyte) && connection.write(megabyte));
    ASSERT_EQ(first_part_seen.get_future().wait_for(kPatience), std::future_status::ready);
    for (std::size_t sent = 2; sent < 64; ++sent)
        ASSERT_TRUE(connection.write(megabyte));
    EXPECT_EQ(connection.read_response()->body, std::to_string(kTotal));
}

TEST_F(Proxy, LargeDownloadsAreStreamed) {
    constexpr std::size_t kTotal = 64UL * 1024 * 1024;
    std::promise<void> first_part_seen;
    auto seen_future = first_part_seen.get_future();
    start_with([&](Connection& connection) {
        connection.read_head();
        std::string megabyte(1UL << 20, 'x');
        connection.write(fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", kTotal));
        connection.write(megabyte + megabyte);
        seen_future.wait_for(kPatience);
        for (int sent = 2; sent < 64; ++sent)
            if (!connection.write(megabyte)) return;
    });
    auto connection = connect();
    connection.write("GET /api/big HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(connection.read_head());
    std::size_t seen = connection.read_exactly(1UL << 20).size();
    first_part_seen.set_value();
    while (seen < kTotal) {
        auto piece = connection.read_some();
        ASSERT_FALSE(piece.empty());
        seen += piece.size();
    }
    EXPECT_EQ(seen, kTotal);
}

TEST_F(Proxy, AnswersThatTrickleArriveAsTheyCome) {
    std::promise<void> event_seen;
    auto seen = event_seen.get_future();
    start_with([&](Connection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        connection.write("6\r\nevent1\r\n");
        seen.wait_for(kPatience);
        connection.write("6\r\nevent2\r\n0\r\n\r\n");
    });
    auto connection = connect();
    connection.write("GET /api/events HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(connection.read_head());
    EXPECT_EQ(connection.read_exactly(11), "6\r\nevent1\r\n");
    event_seen.set_value();
    EXPECT_EQ(connection.read_exactly(16), "6\r\nevent2\r\n0\r\n\r\n");
}

TEST_F(Proxy, EarlyRefusalReachesTheClientInTheMiddleOfItsUpload) {
    start_with([](Connection& connection) {
        connection.read_head();
        connection.write(simple_response(403, "no uploads", "Connection: close\r\n"));
        connection.at_end();
    });
    auto connection = connect();
    connection.write("PUT /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nsome");
    auto response = connection.read_response();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status(), 403);
    EXPECT_EQ(response->body, "no uploads");
    EXPECT_EQ(response->header("Connection"), "close");
    EXPECT_TRUE(connection.at_end());
}

TEST_F(Proxy, ClientThatGivesUpEndsTheAppsRequestToo) {
    std::promise<bool> ended;
    start_with([&](Connection& connection) {
        auto head = connection.read_head();
        ended.set_value(connection.read_body(*head).size() < 1000);
    });
    {
        auto connection = connect();
        connection.write("PUT /api/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nsome");
    }
    auto outcome = ended.get_future();
    ASSERT_EQ(outcome.wait_for(kPatience), std::future_status::ready);
    EXPECT_TRUE(outcome.get());
}

TEST_F(Proxy, StaticFilesOverTheWire) {
    start();
    auto page = get("/deep/link", "Accept: text/html\r\n");
    EXPECT_EQ(page.status(), 200);
    EXPECT_EQ(page.body, "the app's page");
    auto again = get("/", fmt::format("If-None-Match: {}\r\n", page.header("ETag")));
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(again.header("Content-Length"), "(none)");
    EXPECT_EQ(get("/large.txt").body, std::string(1'000'000, 'L'));
    EXPECT_EQ(get("/large.txt", "Accept-Encoding: gzip\r\n").header("Content-Encoding"), "gzip");
    auto refused = ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(refused.status(), 405);
    EXPECT_EQ(refused.header("Connection"), "close");
}

TEST_F(Proxy, AccessLogHoldsThePathAndNoQuery) {
    start_with(echo);
    ::testing::internal::CaptureStderr();
    get("/api/v2/runs/?token=mws_secret",
        "Authorization: Token mws_secret\r\nX-Request-Id: req-id-77\r\n");
    stop();
    auto text = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(text.find("mws_secret"), std::string::npos) << text;
    for (const char* expected :
         {R"("path":"/api/v2/runs/")", R"("status":200)", R"("method":"GET")",
          R"("request_id":"req-id-77")", R"("client":"127.0.0.1")"})
        EXPECT_NE(text.find(expected), std::string::npos) << expected << " in " << text;
}

}  // namespace
}  // namespace mw::proxy
