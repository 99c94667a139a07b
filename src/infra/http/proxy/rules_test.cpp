#include "infra/http/proxy/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::proxy {
namespace {

RequestHead head_with(HeaderList headers) {
    headers.emplace_back("Host", "localhost");
    return {"GET", "/", 11, std::move(headers)};
}

TEST(ParseTarget, KnowsWhoServesWhat) {
    for (const char* target :
         {"/api", "/api/", "/api/v2/accounts/1/runs/?limit=1", "/graphql", "/beta/graphql",
          "/graphql/?q=1", "/health", "/%61pi/v2/", "/git/7/shop.git/info/refs"})
        EXPECT_EQ(parse_target(target)->destination, Destination::app) << target;
    for (const char* target :
         {"/", "/runs/1", "/apis", "/healthy", "/assets/a.js", "/?a=/internal/", "/internals"})
        EXPECT_EQ(parse_target(target)->destination, Destination::files) << target;
    for (const char* target :
         {"/internal", "/internal/v1/run/spec", "/%69nternal/v1", "/internal%2Fv1"})
        EXPECT_EQ(parse_target(target)->destination, Destination::nowhere) << target;
    EXPECT_EQ(parse_target("/a%20b/c%C3%A9?x=%00")->path, "/a b/cé");
}

TEST(ParseTarget, RefusesWhatNoHonestClientSends) {
    for (const char* target : {"",
                               "*",
                               "x",
                               "http://host/",
                               "//internal/v1",
                               "//",
                               "/..",
                               "/../etc/passwd",
                               "/api/../internal/",
                               "/api/%2e%2e/internal/",
                               "/api/%2E./internal",
                               "/api/..%2finternal",
                               "/a/./b",
                               "/a/%2e/b",
                               "/a\\..\\b",
                               "/a%5c..%5cb",
                               "/a%00b",
                               "/a%0d%0ab",
                               "/a%",
                               "/a%2",
                               "/a%zz",
                               "/a#b",
                               "/%2fetc"})
        EXPECT_FALSE(parse_target(target)) << target;
}

TEST(RefuseReason, TakesOrdinaryRequests) {
    EXPECT_EQ(refuse_reason(head_with({})), "");
    EXPECT_EQ(refuse_reason(head_with({{"Content-Length", "0"}})), "");
    EXPECT_EQ(refuse_reason(head_with({{"Transfer-Encoding", "Chunked"}})), "");
    EXPECT_EQ(refuse_reason({"GET", "/", 10, {}}), "");
    EXPECT_EQ(refuse_reason({"GET", "/", 11, {{"Host", "[::1]:8443"}}}), "");
}

TEST(RefuseReason, CatchesWhatTwoServersCouldReadDifferently) {
    const HeaderList cases[] = {
        {{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}},
        {{"Content-Length", "1"}, {"content-length", "1"}},
        {{"Content-Length", "1, 1"}},
        {{"Content-Length", "+1"}},
        {{"Content-Length", "0x1"}},
        {{"Content-Length", ""}},
        {{"Content-Length", "9999999999999999999"}},
        {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
        {{"Transfer-Encoding", "xchunked"}},
        {{"Transfer-Encoding", "chunked, identity"}},
        {{"Transfer-Encoding", "gzip, chunked"}},
        {{"Transfer-Encoding", "identity"}},
        {{"Transfer-Encoding", ""}},
        {{"Host", "other"}},
    };
    for (const auto& headers : cases)
        EXPECT_NE(refuse_reason(head_with(headers)), "") << headers[0].first << headers[0].second;
    EXPECT_NE(refuse_reason({"GET", "/", 11, {}}), "");
    EXPECT_NE(refuse_reason({"GET", "/", 11, {{"Host", "a b"}}}), "");
    EXPECT_NE(refuse_reason({"GET", "/", 11, {{"Host", "a/b"}}}), "");
    EXPECT_NE(refuse_reason({"GET", "/", 11, {{"Host", ""}}}), "");
    EXPECT_NE(refuse_reason({"GET", "/", 10, {{"Transfer-Encoding", "chunked"}}}), "");
    EXPECT_NE(refuse_reason({"GET", "/", 20, {{"Host", "a"}}}), "");
}

TEST(Headers, HopByHopStay) {
    auto kept = end_to_end_headers({{"Connection", "keep-alive, X-Drop, Authorization"},
                                    {"X-Drop", "1"},
                                    {"Authorization", "Token t"},
                                    {"Keep-Alive", "5"},
                                    {"TE", "trailers"},
                                    {"Transfer-Encoding", "chunked"},
                                    {"Upgrade", "h2c"},
                                    {"Proxy-Authorization", "x"},
                                    {"Set-Cookie", "a=1"},
                                    {"Set-Cookie", "b=2"}});
    EXPECT_THAT(kept, testing::ElementsAre(testing::Pair("Authorization", "Token t"),
                                           testing::Pair("Set-Cookie", "a=1"),
                                           testing::Pair("Set-Cookie", "b=2")));
}

TEST(Headers, ClientCannotSpeakForAProxy) {
    RequestHead head = head_with({{"X-Forwarded-For", "1.2.3.4"},
                                  {"x-real-ip", "1.2.3.4"},
                                  {"Forwarded", "for=1.2.3.4"},
                                  {"X-Forwarded-Proto", "http"},
                                  {"X-Forwarded-Host", "evil"},
                                  {"X-Request-Id", "client-made"},
                                  {"Cookie", "c=1"}});
    auto headers = headers_for_app(head, "10.0.0.1", "0123456789abcdef");
    EXPECT_THAT(headers, testing::UnorderedElementsAre(
                             testing::Pair("Cookie", "c=1"), testing::Pair("Host", "localhost"),
                             testing::Pair("X-Forwarded-Host", "localhost"),
                             testing::Pair("X-Forwarded-For", "10.0.0.1"),
                             testing::Pair("X-Forwarded-Proto", "https"),
                             testing::Pair("X-Request-Id", "0123456789abcdef")));
}

TEST(RequestId, HarmlessOnesAreKept) {
    EXPECT_EQ(request_id_for({{"x-request-id", "8c3f-11_ab.CD"}}), "8c3f-11_ab.CD");
    for (const std::string& bad :
         {std::string("short"), std::string(65, 'a'), std::string("has space in it"),
          std::string("quote\"quote"), std::string("new\nline-in-it")}) {
        auto made = request_id_for({{"X-Request-Id", bad}});
        EXPECT_NE(made, bad);
        EXPECT_EQ(made.size(), 32U);
    }
    EXPECT_NE(request_id_for({}), request_id_for({}));
}

TEST(WebSocket, OnlyTheProperUpgradeCounts) {
    HeaderList proper{{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "WebSocket"}};
    EXPECT_TRUE(is_websocket_upgrade(head_with(proper)));
    EXPECT_FALSE(is_websocket_upgrade(head_with({{"Upgrade", "websocket"}})));
    EXPECT_FALSE(is_websocket_upgrade(head_with({{"Connection", "Upgrade"}, {"Upgrade", "h2c"}})));
    auto post = head_with(proper);
    post.method = "POST";
    EXPECT_FALSE(is_websocket_upgrade(post));
    auto with_body = head_with(proper);
    with_body.headers.emplace_back("Content-Length", "5");
    EXPECT_FALSE(is_websocket_upgrade(with_body));
}

TEST(Hsts, ForRealNamesOnly) {
    EXPECT_TRUE(wants_hsts("dbt.example.com"));
    EXPECT_TRUE(wants_hsts("dbt.example.com:8443"));
    for (const char* host :
         {"", "localhost", "LocalHost:8443", "127.0.0.1", "10.0.0.1:443", "[::1]:1"})
        EXPECT_FALSE(wants_hsts(host)) << host;
}

}  // namespace
}  // namespace mw::proxy
