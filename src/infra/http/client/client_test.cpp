#include "infra/http/client/client.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <future>
#include <latch>

#include "base/files.hpp"
#include "infra/http/client/address_rules.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::http {
namespace {

namespace asio = boost::asio;
using http_testing::Connection;
using http_testing::Head;
using http_testing::Server;
using http_testing::simple_response;

class HttpClient : public ::testing::Test {
  protected:
    result<ClientResponse> send(ClientRequest request) {
        std::optional<result<ClientResponse>> response;
        asio::co_spawn(ioc_, client_.send(std::move(request)),
                       [&](std::exception_ptr thrown, result<ClientResponse> got) {
                           EXPECT_FALSE(thrown);
                           response = std::move(got);
                       });
        ioc_.restart();
        ioc_.run();
        return std::move(response.value());
    }
    result<ClientResponse> get(const Server& server, std::string_view path = "/") {
        return send({.url = url(server, path)});
    }
    static std::string url(const Server& server, std::string_view path = "/") {
        return fmt::format("http://127.0.0.1:{}{}", server.port(), path);
    }

    http_testing::TemporaryFolder folder_;
    asio::io_context ioc_{1};
    Client client_{ioc_.get_executor()};
};

// Answers every request with its own method, target, headers and body.
void echo(Connection& connection) {
    while (auto head = connection.read_head()) {
        auto body = connection.read_body(*head);
        connection.write(simple_response(200, head->text + "|" + body, "X-Two: a\r\nx-two: b\r\n"));
    }
}

TEST_F(HttpClient, GetsStatusHeadersAndBody) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n");
        connection.write(simple_response(404, "gone", "X-Name:  value \r\n"));
    });
    auto response = get(server);
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 404);
    EXPECT_FALSE(response->ok());
    EXPECT_EQ(response->body, "gone");
    EXPECT_EQ(response->header("x-NAME").substr(0, 5), "value");
    EXPECT_EQ(response->header("X-Early"), "");
}

TEST_F(HttpClient, SendsMethodHeadersTokenAndBody) {
    auto server = Server::tcp(echo);
    ClientRequest request{.method = "PATCH", .url = url(server, "/a/b?q=1")};
    request.headers = {{"X-Custom", "yes"}, {"X-Empty", ""}};
    request.bearer_token = Secret("mwr_secret");
    request.set_json(R"({"a":1})");
    auto response = send(std::move(request));
    ASSERT_TRUE(response) << response.error().message;
    const auto& body = response->body;
    EXPECT_TRUE(body.starts_with("PATCH /a/b?q=1 HTTP/1.1\r\n")) << body;
    for (const char* expected :
         {"X-Custom: yes\r\n", "X-Empty:\r\n", "Authorization: Bearer mwr_secret\r\n",
          "Content-Type: application/json\r\n", "Content-Length: 7\r\n"})
        EXPECT_NE(body.find(expected), std::string::npos) << expected;
    EXPECT_EQ(body.find("Expect"), std::string::npos);
    EXPECT_TRUE(body.ends_with("|{\"a\":1}"));
}

TEST_F(HttpClient, EveryMethodHasItsShape) {
    auto server = Server::tcp(echo);
    for (const char* method : {"GET", "DELETE", "OPTIONS"}) {
        auto response = send({.method = method, .url = url(server)});
        ASSERT_TRUE(response);
        EXPECT_TRUE(response->body.starts_with(std::string(method) + " / "));
        EXPECT_EQ(response->body.find("Content-Length"), std::string::npos);
        EXPECT_EQ(response->body.find("Content-Type"), std::string::npos);
    }
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        auto response = send({.method = method, .url = url(server)});
        ASSERT_TRUE(response);
        EXPECT_NE(response->body.find("Content-Length: 0"), std::string::npos);
    }
}

TEST_F(HttpClient, HeadHasNoBody) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    });
    auto response = send({.method = "HEAD", .url = url(server)});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->header("content-length"), "1000");
    EXPECT_EQ(response->body, "");
}

TEST_F(HttpClient, ReusesItsConnection) {
    auto server = Server::tcp(echo);
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(get(server));
    EXPECT_EQ(server.accepted(), 1);
}

TEST_F(HttpClient, SurvivesAConnectionThatWasClosedMeanwhile) {
    auto server = Server::tcp([](Connection& connection) {
        if (connection.read_head()) connection.write(simple_response(200, "x"));
    });
    for (int i = 0; i < 3; ++i) {
        auto response = get(server);
        ASSERT_TRUE(response) << response.error().message;
    }
}

TEST_F(HttpClient, ManyAtOnce) {
    auto server = Server::tcp(echo);
    int answered = 0;
    for (int i = 0; i < 50; ++i)
        asio::co_spawn(ioc_, client_.send({.url = url(server, fmt::format("/{}", i))}),
                       [&answered, i](std::exception_ptr, result<ClientResponse> response) {
                           ASSERT_TRUE(response) << response.error().message;
                           EXPECT_TRUE(response->body.starts_with(fmt::format("GET /{} ", i)));
                           ++answered;
                       });
    ioc_.run();
    EXPECT_EQ(answered, 50);
}

TEST_F(HttpClient, TalksOverAUnixSocket) {
    auto path = folder_ / "s";
    auto server = Server::unix_socket(path, echo);
    auto response = send({.url = "http://localhost/internal", .unix_socket = path});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_NE(response->body.find("Host: localhost\r\n"), std::string::npos);
    auto missing = send({.url = "http://localhost/", .unix_socket = folder_ / "none"});
    EXPECT_EQ(missing.error().code, Errc::unavailable);
    EXPECT_EQ(missing.error().message, "the local service cannot be reached");
}

TEST_F(HttpClient, UploadsAFileInPieces) {
    std::string content;
    for (int i = 0; content.size() < 3'000'000; ++i)
        content += fmt::format("line {}\n", i);
    std::ofstream(folder_ / "up") << content;
    std::promise<std::string> received;
    auto server = Server::tcp([&](Connection& connection) {
        auto head = connection.read_head();
        received.set_value(connection.read_body(*head));
        connection.write(simple_response(201, ""));
    });
    auto response = send({.method = "PUT", .url = url(server), .body_file = folder_ / "up"});
    ASSERT_TRUE(response) << response.error().message;
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(received.get_future().get(), content);

    auto missing = send({.method = "PUT", .url = url(server), .body_file = folder_ / "none"});
    EXPECT_EQ(missing.error().code, Errc::invalid_argument);
    auto a_folder = send({.method = "PUT", .url = url(server), .body_file = folder_.path()});
    EXPECT_EQ(a_folder.error().code, Errc::invalid_argument);
}

TEST_F(HttpClient, PostsAFile) {
    std::ofstream(folder_ / "up") << "content";
    auto server = Server::tcp(echo);
    auto response = send({.method = "POST", .url = url(server), .body_file = folder_ / "up"});
    ASSERT_TRUE(response);
    EXPECT_TRUE(response->body.starts_with("POST / ")) << response->body;
    EXPECT_TRUE(response->body.ends_with("|content")) << response->body;
}

TEST_F(HttpClient, BodyGoesToASink) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write(simple_response(200, std::string(500'000, 'x')));
    });
    std::size_t seen = 0;
    auto response = send({.url = url(server), .body_sink = [&](std::string_view piece) -> result<> {
                              seen += piece.size();
                              return {};
                          }});
    ASSERT_TRUE(response);
    EXPECT_EQ(seen, 500'000U);
    EXPECT_EQ(response->body, "");
}

TEST_F(HttpClient, SinkCanEndTheTransfer) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write(simple_response(200, std::string(500'000, 'x')));
    });
    auto refused = send({.url = url(server), .body_sink = [](std::string_view) -> result<> {
                             return fail(Errc::conflict, "enough");
                         }});
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_EQ(refused.error().message, "enough");
    auto thrown = send({.url = url(server), .body_sink = [](std::string_view) -> result<> {
                            throw std::runtime_error("oh");
                        }});
    EXPECT_EQ(thrown.error().code, Errc::internal);
}

TEST_F(HttpClient, BodyGoesToAFileWhenComplete) {
    auto server = Server::tcp([](Connection& connection) {
        auto head = connection.read_head();
        if (head->target() == "/half") {
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        } else if (head->target() == "/error") {
            connection.write(simple_response(500, "sorry"));
        } else {
            connection.write(simple_response(200, "complete"));
        }
    });
    auto file = folder_ / "out";
    ASSERT_TRUE(send({.url = url(server), .body_to_file = file}));
    EXPECT_EQ(read_file(file, 100).value(), "complete");

    auto half = send({.url = url(server, "/half"), .body_to_file = file});
    EXPECT_EQ(half.error().code, Errc::unavailable);
    auto error = send({.url = url(server, "/error"), .body_to_file = file});
    EXPECT_EQ(error.value().body, "sorry");
    EXPECT_EQ(read_file(file, 100).value(), "complete");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "out.part"));

    auto nowhere = send({.url = url(server), .body_to_file = folder_ / "no/out"});
    EXPECT_EQ(nowhere.error().code, Errc::not_found);
}

TEST_F(HttpClient, TooLargeAResponseIsCutOff) {
    auto server = Server::tcp([](Connection& connection) {
        auto head = connection.read_head();
        connection.write(
            simple_response(head->target() == "/error" ? 500 : 200, std::string(200'000, 'x')));
    });
    auto large = send({.url = url(server), .response_bytes_max = 199'999});
    EXPECT_EQ(large.error().code, Errc::limit_exceeded);
    EXPECT_TRUE(send({.url = url(server), .response_bytes_max = 200'000}));
    auto error = send({.url = url(server, "/error"), .response_bytes_max = 10});
    EXPECT_EQ(error.value().body.size(), 64U * 1024);
}

TEST_F(HttpClient, TooManyHeadersAreCutOff) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write("HTTP/1.1 200 OK\r\n");
        auto line = "X-Long: " + std::string(8000, 'x') + "\r\n";
        for (int i = 0; i < 40; ++i)
            connection.write(line);
        connection.write("Content-Length: 0\r\n\r\n");
    });
    EXPECT_EQ(get(server).error().code, Errc::limit_exceeded);
}

TEST_F(HttpClient, RedirectsOnlyWhenAsked) {
    auto server = Server::tcp([](Connection& connection) {
        while (auto head = connection.read_head()) {
            if (head->target() == "/end") {
                connection.write(simple_response(200, "arrived by " + head->method()));
            } else if (head->target() == "/file") {
                connection.write(simple_response(302, "", "Location: file:///etc/passwd\r\n"));
            } else {
                auto next = head->target() == "/loop" ? "/loop" : "/end";
                connection.write(simple_response(303, "", fmt::format("Location: {}\r\n", next)));
            }
        }
    });
    EXPECT_EQ(get(server).value().status, 303);
    auto followed = send({.method = "POST", .url = url(server), .redirects_max = 1});
    EXPECT_EQ(followed.value().body, "arrived by GET");
    auto endless = send({.url = url(server, "/loop"), .redirects_max = 3});
    EXPECT_EQ(endless.error().code, Errc::upstream_failed);
    auto escape = send({.url = url(server, "/file"), .redirects_max = 3});
    EXPECT_EQ(escape.error().code, Errc::upstream_failed);
}

TEST_F(HttpClient, TokenIsNotSentToAnotherHost) {
    auto other = Server::tcp(echo);
    auto first = Server::tcp([&](Connection& connection) {
        connection.read_head();
        connection.write(simple_response(
            302, "", fmt::format("Location: http://localhost:{}/\r\n", other.port())));
    });
    ClientRequest request{.url = url(first), .redirects_max = 1};
    request.bearer_token = Secret("mwu_secret");
    auto response = send(std::move(request));
    ASSERT_TRUE(response) << response.error().detail;
    EXPECT_EQ(response->body.find("mwu_secret"), std::string::npos);
}

TEST_F(HttpClient, UnusableRequestsAreRefusedBeforeTheyAreSent) {
    for (const char* bad : {"", "ftp://localhost/", "file:///etc/passwd", "not a url",
                            "http://user:pass@localhost/", "http://", "http://localhost/\r\nX: y"})
        EXPECT_EQ(send({.url = bad}).error().code, Errc::invalid_argument) << bad;
    ClientRequest headers{.url = "http://localhost/"};
    headers.headers = {{"X-A", "b\r\nX-Evil: c"}};
    EXPECT_EQ(send(std::move(headers)).error().code, Errc::invalid_argument);
    ClientRequest names{.url = "http://localhost/"};
    names.headers = {{"X A", "b"}};
    EXPECT_EQ(send(std::move(names)).error().code, Errc::invalid_argument);
    ClientRequest token{.url = "http://localhost/"};
    token.bearer_token = Secret("a\nb");
    EXPECT_EQ(send(std::move(token)).error().code, Errc::invalid_argument);
    EXPECT_EQ(send({.method = "GET /", .url = "http://localhost/"}).error().code,
              Errc::invalid_argument);
}

TEST_F(HttpClient, NobodyThereIsUnavailable) {
    std::uint16_t port = 0;
    {
        port = Server::tcp(echo).port();
    }
    auto response = send({.url = fmt::format("http://127.0.0.1:{}/path?token=secret", port)});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::unavailable);
    auto all = response.error().message + response.error().detail;
    EXPECT_EQ(all.find("secret"), std::string::npos) << all;
}

TEST_F(HttpClient, NotHttpIsUpstreamFailed) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.write("220 mail.example ESMTP\r\n");
    });
    EXPECT_EQ(get(server).error().code, Errc::upstream_failed);
}

TEST_F(HttpClient, SilenceIsATimeout) {
    auto server = Server::tcp([](Connection& connection) {
        connection.read_head();
        connection.at_end();  // until the client gives up
    });
    auto response = send({.url = url(server), .total_timeout = std::chrono::milliseconds(50)});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::timeout);
}

TEST_F(HttpClient, CancelledWaitClosesTheConnection) {
    using namespace asio::experimental::awaitable_operators;
    std::promise<bool> saw_end;
    std::latch asked(1);
    auto server = Server::tcp([&](Connection& connection) {
        connection.read_head();
        asked.count_down();
        saw_end.set_value(connection.at_end());
    });
    bool timer_won = false;
    asio::co_spawn(
        ioc_,
        [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(ioc_, std::chrono::milliseconds(50));
            auto outcome = co_await (client_.send({.url = url(server)}) ||
                                     timer.async_wait(asio::use_awaitable));
            timer_won = outcome.index() == 1;
        },
        [](std::exception_ptr thrown) { EXPECT_FALSE(thrown); });
    ioc_.run();
    EXPECT_TRUE(timer_won);
    // The request may not even have been read when the timer fired; either way it ends.
    auto ended = saw_end.get_future();
    ASSERT_EQ(ended.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_TRUE(ended.get());
}

TEST_F(HttpClient, DestroyedClientCancelsWhatRuns) {
    std::latch asked(1);
    auto server = Server::tcp([&](Connection& connection) {
        connection.read_head();
        asked.count_down();
        connection.at_end();
    });
    auto client = std::make_unique<Client>(ioc_.get_executor());
    std::optional<Errc> code;
    asio::co_spawn(
        ioc_, client->send({.url = url(server)}),
        [&](std::exception_ptr, result<ClientResponse> got) { code = got.error().code; });
    while (!asked.try_wait())
        ioc_.run_one();
    client.reset();
    ioc_.run();
    EXPECT_EQ(code, Errc::cancelled);
}

class HttpsClient : public HttpClient {
  protected:
    std::string https_url(const char* host = "localhost") const {
        return fmt::format("https://{}:{}/", host, server_.port());
    }
    http_testing::TlsFiles files_ = folder_.make_tls();
    Server server_ = Server::tls(files_, echo);
};

TEST_F(HttpsClient, UnknownCertificateIsNotTrusted) {
    auto response = send({.url = https_url()});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, Errc::upstream_failed);
    EXPECT_EQ(response.error().message, "The TLS certificate of localhost is not trusted");
}

TEST_F(HttpsClient, CaFileIsTrustedForItsNamesOnly) {
    EXPECT_TRUE(send({.url = https_url(), .ca_file = files_.cert}));
    EXPECT_TRUE(send({.url = https_url("127.0.0.1"), .ca_file = files_.cert}));
    EXPECT_EQ(send({.url = https_url("127.0.0.2"), .ca_file = files_.cert}).error().code,
              Errc::upstream_failed);
    EXPECT_EQ(send({.url = https_url(), .ca_file = folder_ / "none"}).error().code,
              Errc::invalid_argument);
}

TEST_F(HttpsClient, PinnedCertificateIsTrustedUnderAnyName) {
    auto response = send({.url = https_url("127.0.0.2"), .pinned_certificate = files_.cert});
    EXPECT_TRUE(response) << response.error().message << response.error().detail;
    auto other = folder_.make_tls("other");
    EXPECT_EQ(send({.url = https_url(), .pinned_certificate = other.cert}).error().code,
              Errc::upstream_failed);
    EXPECT_EQ(send({.url = https_url(), .pinned_certificate = files_.key}).error().code,
              Errc::invalid_argument);
    EXPECT_EQ(send({.url = https_url(), .pinned_certificate = folder_ / "none"}).error().code,
              Errc::invalid_argument);
    // A connection that a pinned request opened doesn't serve one that trusts otherwise.
    EXPECT_FALSE(send({.url = https_url("127.0.0.2")}));
}

// However a URL spells it, it is the address that counts.
TEST_F(HttpClient, CallsNoAddressThatIsNotAdmitted) {
    auto server = Server::tcp(echo);
    for (auto host :
         {"127.0.0.1", "localhost", "2130706433", "0x7f000001", "0x7f.1", "127.1", "017700000001",
          "127.0.0.1.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0"}) {
        ClientRequest request{.url = fmt::format("http://{}:{}/", host, server.port())};
        request.admits = is_public;
        auto refused = send(std::move(request));
        ASSERT_FALSE(refused) << host;
        EXPECT_TRUE(refused.error().code == Errc::forbidden ||
                    refused.error().code == Errc::unavailable ||
                    refused.error().code == Errc::invalid_argument)
            << host << ": " << refused.error().message;
    }
    EXPECT_EQ(server.accepted(), 0);
    ClientRequest admitted{.url = url(server)};
    admitted.admits = [](const auto& address) { return address.is_loopback(); };
    EXPECT_EQ(send(std::move(admitted))->status, 200);
}

TEST_F(HttpClient, AnAddressThatIsNotAdmittedIsNamedAsTheCause) {
    auto server = Server::tcp(echo);
    ClientRequest request{.url = url(server)};
    request.admits = is_public;
    auto refused = send(std::move(request));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::forbidden);
    EXPECT_NE(refused.error().message.find("127.0.0.1"), std::string::npos);
}

}  // namespace
}  // namespace mw::http
