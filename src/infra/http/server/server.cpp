#include "infra/http/server/server.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <deque>

#include "base/log.hpp"
#include "infra/http/server/encoding.hpp"
#include "infra/http/server/error_response.hpp"

namespace mw::http {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using namespace std::chrono_literals;
using Stream = beast::basic_stream<asio::local::stream_protocol>;
using boost::system::error_code;

namespace {

constexpr std::uint32_t kHeaderLimitBytes = 32 * 1024;
constexpr std::size_t kBodyReadBytes = 64UL * 1024;
constexpr std::size_t kWebSocketQueueBytesMax = 8 * 1024 * 1024;

auto nothrow(error_code& error) {
    return asio::redirect_error(asio::use_awaitable, error);
}

result<Request> to_request(const bhttp::request_header<>& head) {
    Request request;
    request.method = std::string(head.method_string());
    auto url = boost::urls::parse_origin_form(head.target());
    if (!url) return fail(Errc::invalid_argument, "The request's path cannot be read.");
    request.path = url->path();
    for (auto param : url->params())
        request.query.emplace_back(param.key, param.value);
    for (const auto& field : head) {
        std::string name(field.name_string());
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
        request.headers[name] = std::string(field.value());
    }
    request.request_id = std::string(request.header("x-request-id"));
    request.client_address = std::string(request.header("x-forwarded-for"));
    return request;
}

// Deletes a spooled body when its request is done.
struct SpooledBody {
    std::filesystem::path path;
    SpooledBody() = default;
    SpooledBody(const SpooledBody&) = delete;
    SpooledBody& operator=(const SpooledBody&) = delete;
    ~SpooledBody() {
        std::error_code ignored;
        if (!path.empty()) std::filesystem::remove(path, ignored);
    }
};

class BeastWebSocket final : public WebSocket, public std::enable_shared_from_this<BeastWebSocket> {
  public:
    BeastWebSocket(Stream&& stream, bhttp::request<bhttp::string_body> upgrade)
        : socket_(std::move(stream)), upgrade_(std::move(upgrade)) {}

    bool accepted() const { return accepted_; }

    asio::awaitable<result<>> accept() override {
        beast::get_lowest_layer(socket_).expires_never();
        socket_.set_option(
            beast::websocket::stream_base::timeout{10s, 60s, /*keep_alive_pings=*/true});
        socket_.read_message_max(64 * 1024);
        error_code error;
        co_await socket_.async_accept(upgrade_, nothrow(error));
        if (error)
            co_return fail(Errc::cancelled, "The WebSocket was not opened.", error.message());
        socket_.text(true);
        accepted_ = true;
        co_return result<>{};
    }

    asio::awaitable<result<std::string>> receive() override {
        beast::flat_buffer buffer;
        error_code error;
        co_await socket_.async_read(buffer, nothrow(error));
        if (error) co_return fail(Errc::cancelled, "The WebSocket is closed.", error.message());
        co_return beast::buffers_to_string(buffer.data());
    }

    void send(std::string message) override {
        queued_bytes_ += message.size();
        if (queued_bytes_ > kWebSocketQueueBytesMax) return close();
        queue_.push_back(std::move(message));
        if (writing_) return;
        writing_ = true;
        asio::co_spawn(
            socket_.get_executor(), [self = shared_from_this()] { return self->write_queue(); },
            asio::detached);
    }

    void close() override { beast::get_lowest_layer(socket_).close(); }

    Stream release() { return std::move(socket_.next_layer()); }

  private:
    asio::awaitable<void> write_queue() {
        while (!queue_.empty()) {
            error_code error;
            co_await socket_.async_write(asio::buffer(queue_.front()), nothrow(error));
            if (error) break;
            queued_bytes_ -= queue_.front().size();
            queue_.pop_front();
        }
        writing_ = false;
    }

    beast::websocket::stream<Stream> socket_;
    bhttp::request<bhttp::string_body> upgrade_;
    std::deque<std::string> queue_;
    std::size_t queued_bytes_ = 0;
    bool writing_ = false;
    bool accepted_ = false;
};

}  // namespace

// One connection, from its first request to its close.
struct Server::Session {
    Server& server;
    std::optional<Stream> stream;
    beast::flat_buffer buffer;
    Gate::Pass pass;
    bool busy = false;
    bool handed_over = false;  // `stream` has moved into a WebSocket

    asio::awaitable<void> run() {
        try {
            while (!server.gate_.closing() && co_await serve_one()) {
            }
        } catch (const std::exception& error) {
            log::error("connection ended by an exception", {{"what", error.what()}});
        }
        if (handed_over) co_return;
        error_code ignored;
        stream->socket().shutdown(asio::socket_base::shutdown_both, ignored);
    }

    // False when the connection is to be closed.
    asio::awaitable<bool> serve_one() {
        bhttp::request_parser<bhttp::empty_body> head;
        head.header_limit(kHeaderLimitBytes);
        head.body_limit(boost::none);
        busy = false;
        stream->expires_after(75s);
        error_code error;
        co_await bhttp::async_read_header(*stream, buffer, head, nothrow(error));
        if (error) {
            if (error == bhttp::error::header_limit)
                co_await write(
                    error_response({Errc::payload_too_large, "The headers are too large."}, ""), 11,
                    false, false);
            co_return false;
        }
        busy = true;
        auto request = to_request(head.get());
        bool keep_alive = head.get().keep_alive();
        bool is_head = head.get().method() == bhttp::verb::head;
        unsigned version = head.get().version();
        if (!request)
            co_return co_await write(error_response(request.error(), ""), version, false, is_head);

        auto route = server.router_.match(request->method, request->path, request->path_params);
        if (!route) {
            bool body_is_left = head.content_length().value_or(0) > 0 || head.chunked();
            co_return co_await write(error_response(route.error(), request->request_id), version,
                                     keep_alive && !body_is_left, is_head);
        }
        if ((*route)->websocket) co_return co_await serve_websocket(**route, *request, head);

        auto response = co_await answer(head, **route, *request, keep_alive);
        co_return co_await write(std::move(response), version, keep_alive, is_head);
    }

    // Takes the body and calls the handler; a spooled body is gone when this returns.
    asio::awaitable<Response> answer(bhttp::request_parser<bhttp::empty_body>& head,
                                     const Route& route, Request& request, bool& keep_alive) {
        SpooledBody spooled;
        if (route.body.admit) {
            if (auto refusal = co_await admit(route.body.admit, request)) {
                bool body_is_left = head.content_length().value_or(0) > 0 || head.chunked();
                keep_alive = keep_alive && !body_is_left;
                co_return std::move(*refusal);
            }
        }
        auto body = co_await read_body(head, route.body, request, spooled);
        if (!body) {
            keep_alive = false;
            co_return error_response(body.error(), request.request_id);
        }
        co_return co_await call(route.handler, request);
    }

    asio::awaitable<std::optional<Response>> admit(const Admission& admission, Request& request) {
        stream->expires_never();
        try {
            co_return co_await admission(request);
        } catch (const std::exception& error) {
            co_return error_response({Errc::internal, "exception", error.what(), {}},
                                     request.request_id);
        }
    }

    asio::awaitable<Response> call(const Handler& handler, Request& request) {
        stream->expires_never();
        try {
            auto response = co_await handler(request);
            if (response) {
                encode(*response, request.header("accept-encoding"));
                co_return std::move(*response);
            }
            co_return error_response(response.error(), request.request_id);
        } catch (const std::exception& error) {
            co_return error_response({Errc::internal, "exception", error.what(), {}},
                                     request.request_id);
        }
    }

    asio::awaitable<result<>> read_body(bhttp::request_parser<bhttp::empty_body>& head,
                                        const BodyPolicy& policy, Request& request,
                                        SpooledBody& spooled) {
        auto too_large = [&] {
            return fail(Errc::payload_too_large,
                        fmt::format("The body is larger than {} bytes.", policy.max_bytes));
        };
        if (head.content_length() && *head.content_length() > policy.max_bytes)
            co_return too_large();
        if (request.header("expect") == "100-continue") {
            bhttp::response<bhttp::empty_body> go_on{bhttp::status::continue_, 11};
            error_code error;
            co_await bhttp::async_write(*stream, go_on, nothrow(error));
        }
        error_code error;
        // Beast reads 512 bytes at a time into a buffer that has no more room.
        if (head.content_length().value_or(kBodyReadBytes) > buffer.size())
            buffer.reserve(kBodyReadBytes);
        if (policy.to_file) {
            bhttp::request_parser<bhttp::file_body> parser(std::move(head));
            parser.body_limit(policy.max_bytes);
            static std::uint64_t counter = 0;
            spooled.path = server.spool_ / fmt::format("body-{}-{}", ::getpid(), ++counter);
            parser.get().body().open(spooled.path.c_str(), beast::file_mode::write, error);
            if (error)
                co_return fail(Errc::unavailable, "There is no room to receive the file.",
                               error.message());
            while (!parser.is_done() && !error) {
                stream->expires_after(60s);
                co_await bhttp::async_read_some(*stream, buffer, parser, nothrow(error));
            }
            parser.get().body().close();
            request.body_file = spooled.path;
        } else {
            bhttp::request_parser<bhttp::string_body> parser(std::move(head));
            parser.body_limit(policy.max_bytes);
            stream->expires_after(60s);
            co_await bhttp::async_read(*stream, buffer, parser, nothrow(error));
            request.body = std::move(parser.get().body());
        }
        if (error == bhttp::error::body_limit) co_return too_large();
        if (error) co_return fail(Errc::invalid_argument, "The body did not arrive whole.");
        co_return result<>{};
    }

    asio::awaitable<bool> write(Response response, unsigned version, bool keep_alive,
                                bool is_head) {
        stream->expires_after(60s);
        if (response.stream && !is_head)
            co_return co_await write_stream(std::move(response), version, keep_alive);
        bhttp::response<bhttp::string_body> message{bhttp::status(response.status), version};
        for (const auto& [name, value] : response.headers)
            message.set(name, value);
        message.keep_alive(keep_alive);
        message.body() = std::move(response.body);
        if (response.stream && response.stream_length)
            message.content_length(*response.stream_length);
        else
            message.prepare_payload();
        error_code error;
        if (is_head) {
            bhttp::response_serializer<bhttp::string_body> serializer{message};
            co_await bhttp::async_write_header(*stream, serializer, nothrow(error));
        } else {
            co_await bhttp::async_write(*stream, message, nothrow(error));
        }
        co_return !error && message.keep_alive();
    }

    asio::awaitable<bool> write_stream(Response response, unsigned version, bool keep_alive) {
        bhttp::response<bhttp::buffer_body> message{bhttp::status(response.status), version};
        for (const auto& [name, value] : response.headers)
            message.set(name, value);
        message.keep_alive(keep_alive);
        if (response.stream_length)
            message.content_length(*response.stream_length);
        else
            message.chunked(true);
        message.body().data = nullptr;
        message.body().more = true;
        bhttp::response_serializer<bhttp::buffer_body> serializer{message};
        error_code error;
        co_await bhttp::async_write_header(*stream, serializer, nothrow(error));
        while (!error && !serializer.is_done()) {
            auto piece = co_await response.stream();
            if (!piece) {
                // The headers are out: only a broken connection tells the client.
                log::error("a streamed answer broke off", {{"detail", piece.error().detail}});
                co_return false;
            }
            message.body().data = piece->empty() ? nullptr : piece->data();
            message.body().size = piece->size();
            message.body().more = !piece->empty();
            stream->expires_after(60s);
            co_await bhttp::async_write(*stream, serializer, nothrow(error));
            if (error == bhttp::error::need_buffer) error = {};
        }
        co_return !error && keep_alive;
    }

    asio::awaitable<bool> serve_websocket(const Route& route, Request& request,
                                          bhttp::request_parser<bhttp::empty_body>& head) {
        unsigned version = head.get().version();
        if (!beast::websocket::is_upgrade(head.get()))
            co_return co_await write(
                error_response({Errc::invalid_argument, "This path speaks WebSocket only."},
                               request.request_id),
                version, false, false);
        bhttp::request<bhttp::string_body> upgrade{bhttp::request_header<>(head.get())};
        auto socket = std::make_shared<BeastWebSocket>(std::move(*stream), std::move(upgrade));
        server.sockets_.insert(socket.get());
        handed_over = true;
        result<> ended;
        try {
            ended = co_await route.websocket(request, *socket);
        } catch (const std::exception& error) {
            log::error("websocket ended by an exception", {{"what", error.what()}});
        }
        server.sockets_.erase(socket.get());
        if (socket->accepted()) {
            // The socket lives until its writer has ended; this session is over.
            socket->close();
            co_return false;
        }
        stream.emplace(socket->release());
        handed_over = false;
        if (!ended)
            co_await write(error_response(ended.error(), request.request_id), version, false,
                           false);
        co_return false;
    }
};

Server::Server(asio::any_io_executor executor, const Router& router, std::filesystem::path spool)
    : executor_(executor),
      router_(router),
      spool_(std::move(spool)),
      acceptor_(executor),
      gate_(executor) {
}

Server::~Server() = default;

result<> Server::listen(const std::filesystem::path& socket) {
    std::error_code ignored;
    std::filesystem::remove(socket, ignored);
    try {
        asio::local::stream_protocol::endpoint endpoint(socket.string());
        acceptor_.open(endpoint.protocol());
        acceptor_.bind(endpoint);
        ::chmod(socket.c_str(), 0660);
        acceptor_.listen(1024);
    } catch (const std::exception& error) {
        return fail(Errc::unavailable,
                    fmt::format("cannot listen on {}: {}", socket.string(), error.what()));
    }
    asio::co_spawn(executor_, [this] { return accept_loop(); }, asio::detached);
    return {};
}

asio::awaitable<void> Server::accept_loop() {
    while (acceptor_.is_open()) {
        error_code error;
        auto socket = co_await acceptor_.async_accept(nothrow(error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            // Out of descriptors, most likely: let some go before trying again.
            asio::steady_timer pause(executor_, 100ms);
            co_await pause.async_wait(nothrow(error));
            continue;
        }
        auto pass = gate_.enter();
        if (!pass) co_return;
        auto session = std::make_shared<Session>(
            Session{*this, Stream(std::move(socket)), {}, std::move(*pass)});
        sessions_.insert(session.get());
        asio::co_spawn(
            executor_,
            [this, session]() -> asio::awaitable<void> {
                co_await session->run();
                sessions_.erase(session.get());
            },
            asio::detached);
    }
}

asio::awaitable<void> Server::stop(std::chrono::milliseconds grace) {
    error_code ignored;
    acceptor_.close(ignored);
    for (auto* session : sessions_)
        if (!session->busy && !session->handed_over) session->stream->close();
    for (auto* socket : sockets_)
        socket->close();
    asio::steady_timer hurry(executor_, grace);
    hurry.async_wait([this](error_code error) {
        if (error) return;
        for (auto* session : sessions_)
            if (!session->handed_over) session->stream->close();
    });
    co_await gate_.close();
}

}  // namespace mw::http
