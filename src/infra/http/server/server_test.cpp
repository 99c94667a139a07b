#include "infra/http/server/server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <thread>

#include "infra/http/testing/connection.hpp"
#include "infra/http/testing/server.hpp"

namespace mw::http {
namespace {

using http_testing::Connection;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

// A real server on a Unix socket, on a thread of its own.
class HttpServer : public ::testing::Test {
  protected:
    void SetUp() override {
        router_.add(
            "GET", "/hello/{name}/", [](Request& request) -> asio::awaitable<result<Response>> {
                Response response;
                response.body =
                    request.path_params.at("name") + "|" + request.query_value("q").value_or("-");
                co_return response;
            });
        router_.add("POST", "/small/",
                    [](Request& request) -> asio::awaitable<result<Response>> {
                        Response response;
                        response.body = fmt::format("{}", request.body.size());
                        co_return response;
                    },
                    {.max_bytes = 1000});
        router_.add("PUT", "/file/",
                    [this](Request& request) -> asio::awaitable<result<Response>> {
                        spooled_ = request.body_file;
                        Response response;
                        response.body = fmt::format("{}", read_file(request.body_file).size());
                        co_return response;
                    },
                    {.max_bytes = 10'000'000, .to_file = true});
        router_.add("PUT", "/guarded/",
                    [this](Request& request) -> asio::awaitable<result<Response>> {
                        spooled_ = request.body_file;
                        co_return Response{};
                    },
                    {.max_bytes = 10'000'000, .to_file = true, .admit = admit});
        router_.add("GET", "/stream/", [](Request&) -> asio::awaitable<result<Response>> {
            Response response;
            response.stream = [n = 0]() mutable -> asio::awaitable<result<std::string>> {
                ++n;
                if (n > 100) co_return std::string();
                co_return std::string(10'000, 'x');
            };
            co_return response;
        });
        router_.add("GET", "/throws/", [](Request&) -> asio::awaitable<result<Response>> {
            throw std::runtime_error("the secret inside");
            co_return Response{};
        });
        router_.add("GET", "/refuses/", [](Request&) -> asio::awaitable<result<Response>> {
            co_return fail_field("limit", "must be a number");
        });
        ASSERT_TRUE(server_->listen(socket_));
        thread_ = std::thread([this] { ioc_.run(); });
    }
    void TearDown() override {
        auto stopped = asio::co_spawn(
            ioc_, [this] { return server_->stop(std::chrono::seconds(2)); }, asio::use_future);
        stopped.get();
        guard_.reset();
        thread_.join();
        server_.reset();
    }

    static asio::awaitable<std::optional<Response>> admit(Request& request) {
        if (request.header("authorization") == "good") co_return std::nullopt;
        if (request.header("authorization") == "odd") throw std::runtime_error("the secret inside");
        Response refusal;
        refusal.status = 401;
        refusal.headers["www-authenticate"] = "Basic";
        co_return refusal;
    }

    http_testing::Response ask(std::string_view text) {
        auto connection = Connection::connect_unix(socket_);
        connection.write(text);
        return connection.read_response().value();
    }
    static boost::json::object status_of(const http_testing::Response& response) {
        return boost::json::parse(response.body).as_object().at("status").as_object();
    }

    http_testing::TemporaryFolder folder_;
    std::filesystem::path socket_ = folder_ / "s";
    asio::io_context ioc_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_{ioc_.get_executor()};
    Router router_;
    std::unique_ptr<Server> server_ =
        std::make_unique<Server>(ioc_.get_executor(), router_, folder_.path());
    std::filesystem::path spooled_;
    std::thread thread_;
};

TEST_F(HttpServer, DecodesPathAndQueryAndKeepsTheConnection) {
    auto connection = Connection::connect_unix(socket_);
    connection.write("GET /hello/a%20b?q=x%2By HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(connection.read_response()->body, "a b|x+y");
    connection.write("GET /hello/second/ HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(connection.read_response()->body, "second|-");
}

TEST_F(HttpServer, HeadHasTheLengthAndNoBody) {
    auto connection = Connection::connect_unix(socket_);
    connection.write("HEAD /hello/x HTTP/1.1\r\nHost: h\r\n\r\n");
    auto response = connection.read_response(true);
    EXPECT_EQ(response->header("content-length"), "3");
    connection.write("GET /hello/after HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(connection.read_response()->body, "after|-");
}

TEST_F(HttpServer, TakesNoBodyFromWhoIsNotAdmitted) {
    // None of the body is sent, and the answer comes all the same.
    auto refused = ask("PUT /guarded/ HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n");
    EXPECT_EQ(refused.status(), 401);
    EXPECT_EQ(refused.header("www-authenticate"), "Basic");
    EXPECT_EQ(refused.header("connection"), "close");
    EXPECT_TRUE(spooled_.empty());
    auto taken = ask(
        "PUT /guarded/ HTTP/1.1\r\nHost: h\r\nAuthorization: good\r\nContent-Length: 3\r\n\r\nabc");
    EXPECT_EQ(taken.status(), 200);
    EXPECT_FALSE(spooled_.empty());
}

TEST_F(HttpServer, AnExceptionOfTheAdmissionIsAnErrorWithoutItsWords) {
    auto broken = ask("PUT /guarded/ HTTP/1.1\r\nHost: h\r\nAuthorization: odd\r\n\r\n");
    EXPECT_EQ(broken.status(), 500);
    EXPECT_EQ(broken.body.find("secret"), std::string::npos);
}

TEST_F(HttpServer, RefusesABodyThatIsTooLargeBeforeAndWhileItComes) {
    auto announced = ask("POST /small/ HTTP/1.1\r\nHost: h\r\nContent-Length: 5000\r\n\r\n");
    EXPECT_EQ(announced.status(), 413);
    EXPECT_EQ(status_of(announced)["code"], 413);
    auto chunk = fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", 5000, std::string(5000, 'a'));
    auto chunked =
        ask("POST /small/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
    EXPECT_EQ(chunked.status(), 413);
}

TEST_F(HttpServer, SpoolsToAFileThatGoesAfterwards) {
    std::string body(3'000'000, 'b');
    auto response = ask(fmt::format(
        "PUT /file/ HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", body.size(), body));
    EXPECT_EQ(response.body, "3000000");
    ASSERT_FALSE(spooled_.empty());
    EXPECT_FALSE(std::filesystem::exists(spooled_));
}

TEST_F(HttpServer, StreamsWithoutKnowingTheLength) {
    auto response = ask("GET /stream/ HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(response.body.size(), 1'000'000u);
    EXPECT_EQ(response.header("transfer-encoding"), "chunked");
}

TEST_F(HttpServer, AnExceptionIsA500ThatTellsNothingButItsId) {
    auto response = ask("GET /throws/ HTTP/1.1\r\nHost: h\r\nX-Request-Id: req-7\r\n\r\n");
    EXPECT_EQ(response.status(), 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_NE(response.body.find("req-7"), std::string::npos);
}

TEST_F(HttpServer, ErrorsComeInTheEnvelopeWithTheField) {
    auto refused = ask("GET /refuses/ HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(refused.status(), 400);
    EXPECT_EQ(status_of(refused)["user_message"], "limit: must be a number");
    EXPECT_EQ(status_of(refused)["is_success"], false);
    auto missing = ask("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(missing.status(), 404);
    auto method = ask("DELETE /stream/ HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(method.status(), 405);
}

TEST_F(HttpServer, RefusesHeadersThatAreTooLargeAndWhatIsNoHttp) {
    auto large = ask("GET /hello/x HTTP/1.1\r\nX-Big: " + std::string(64 * 1024, 'h') + "\r\n\r\n");
    EXPECT_EQ(large.status(), 413);
    auto connection = Connection::connect_unix(socket_);
    connection.write("\x16\x03\x01 not http at all\r\n\r\n");
    EXPECT_TRUE(connection.at_end());
}

}  // namespace
}  // namespace mw::http
