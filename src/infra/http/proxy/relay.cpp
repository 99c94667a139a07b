#include "infra/http/proxy/relay.hpp"

#include <sys/socket.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <memory>

#include "infra/http/proxy/tunnel.hpp"

namespace mw::proxy {
namespace {

constexpr std::chrono::milliseconds kConnectTimeout{5'000};
constexpr std::uint32_t kResponseHeaderBytesMax = 64 * 1024;
constexpr int kInterimResponsesMax = 8;

using AppRequest = bhttp::request<bhttp::buffer_body>;
using AppRequestSerializer = bhttp::request_serializer<bhttp::buffer_body>;
using ClientResponse = bhttp::response<bhttp::buffer_body>;
using ClientResponseSerializer = bhttp::response_serializer<bhttp::buffer_body>;

// Takes what a parser has read of a body into `message`, ready for its serializer.
template <class Body>
std::size_t take_piece(Body& from, Body& into_body, char* memory, bool more) {
    auto got = kRelayBytes - from.size;
    into_body.data = got > 0 ? memory : nullptr;
    into_body.size = got;
    into_body.more = more;
    return got;
}

class Relay {
  public:
    Relay(Channel& channel, const RelayRequest& request)
        : channel_(channel),
          request_(request),
          limits_(request.limits),
          has_body_(!request.parser.is_done()),
          websocket_(is_websocket_upgrade(request.head)) {}

    asio::awaitable<RelayOutcome> run() {
        channel_.app_watch.reset();
        bool reused = may_reuse();
        if (!reused && !co_await connect()) co_return fault(503);
        bool answered = co_await exchange_heads();
        if (!answered && reused && outcome_.fault == 502 && !channel_.app_watch.expired()) {
            // The app closed the idle connection just then; nothing of this request was done.
            outcome_ = {};
            if (!co_await connect()) co_return fault(503);
            answered = co_await exchange_heads();
        }
        if (!answered) {
            channel_.forget_app();
            co_return outcome_;
        }
        if (websocket_ && status() == 101) {
            co_await open_tunnel();
        } else {
            co_await send_response();
        }
        co_return outcome_;
    }

  private:
    RelayOutcome fault(int status) {
        outcome_.fault = status;
        return outcome_;
    }
    int status() const { return static_cast<int>(response_->get().result_int()); }
    bool is_safe() const { return request_.head.method == "GET" || request_.head.method == "HEAD"; }

    // An open connection on which nothing has come, not even its end.
    bool may_reuse() {
        if (!channel_.app) return false;
        char byte;
        auto got = ::recv(channel_.app->native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        bool quiet = got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (quiet && is_safe() && !has_body_ && !websocket_ && channel_.app_buffer.size() == 0)
            return true;
        channel_.forget_app();
        return false;
    }

    asio::awaitable<bool> connect() {
        channel_.forget_app();
        channel_.app_watch.reset();
        channel_.app = std::make_unique<AppSocket>(channel_.client.get_executor());
        channel_.app_watch.within(kConnectTimeout);
        error_code error;
        co_await channel_.app->async_connect(
            asio::local::stream_protocol::endpoint(request_.app_socket.string()), into(error));
        channel_.app_watch.off();
        co_return !error;
    }

    AppRequest app_request() const {
        AppRequest message;
        message.version(11);
        message.method_string(request_.head.method);
        message.target(request_.head.target);
        for (const auto& [name, value] :
             headers_for_app(request_.head, request_.client_address, request_.request_id))
            message.insert(name, value);
        if (websocket_) {
            message.set(bhttp::field::connection, "Upgrade");
            message.set(bhttp::field::upgrade, "websocket");
        }
        // The framing that the client chose, written anew.
        if (request_.parser.chunked()) {
            message.chunked(true);
        } else if (auto length = request_.parser.content_length()) {
            message.content_length(length);
        }
        return message;
    }

    // True when the app's response header has come; else outcome_ says what went wrong.
    asio::awaitable<bool> exchange_heads() {
        using namespace asio::experimental::awaitable_operators;
        auto message = app_request();
        AppRequestSerializer serializer(message);
        error_code error;
        channel_.app_watch.within(limits_.stall_timeout);
        co_await bhttp::async_write_header(*channel_.app, serializer, into(error));
        if (error) {
            outcome_.fault = channel_.app_watch.expired() ? 504 : 502;
            co_return false;
        }
        if (!has_body_) {
            channel_.app_watch.within(limits_.response_timeout);
            co_await read_response_head();
        } else {
            // Both at once: the app may refuse a body long before it has all of it.
            co_await (send_body(message, serializer) || read_response_head());
        }
        channel_.app_watch.off();
        bool has_come = response_ && response_->is_header_done();
        // Neither an answer nor a fault: both ends were closed under us, by a stop.
        if (!has_come && outcome_.fault == 0) outcome_.client_gone = true;
        co_return has_come && !outcome_.client_gone && outcome_.fault == 0;
    }

    // Returns only when the body can't be had from the client; after the body, and when the app
    // stops taking it, it waits to be cancelled by the response.
    asio::awaitable<void> send_body(AppRequest& message, AppRequestSerializer& serializer) {
        auto memory = std::make_unique_for_overwrite<char[]>(kRelayBytes);
        auto& parser = request_.parser;
        // Beast reads no more at once than the buffer has room for, and never makes more itself.
        channel_.client_buffer.reserve(kRelayBytes);
        channel_.app_watch.off();  // it is the client's turn
        if (expects_continue() && !co_await send_continue()) co_return;
        while (!parser.is_done()) {
            parser.get().body().data = memory.get();
            parser.get().body().size = kRelayBytes;
            error_code error;
            channel_.client_watch.within(limits_.stall_timeout);
            co_await bhttp::async_read_some(channel_.client, channel_.client_buffer, parser,
                                            into(error));
            channel_.client_watch.off();
            if (error && error != bhttp::error::need_buffer) {
                client_broke_off(error);
                co_return;
            }
            auto got =
                take_piece(parser.get().body(), message.body(), memory.get(), !parser.is_done());
            if (got == 0 && !parser.is_done()) continue;
            outcome_.bytes_in += got;
            channel_.app_watch.within(limits_.stall_timeout);
            error = {};
            co_await bhttp::async_write(*channel_.app, serializer, into(error));
            if (error && error != bhttp::error::need_buffer) break;
            channel_.app_watch.off();
        }
        body_sent_ = parser.is_done();
        channel_.app_watch.within(limits_.response_timeout);
        co_await wait_for_cancellation();
    }

    bool expects_continue() const {
        return has_token(request_.head.headers, "Expect", "100-continue") &&
               channel_.client_buffer.size() == 0;
    }

    asio::awaitable<bool> send_continue() {
        constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        error_code error;
        channel_.client_watch.within(limits_.stall_timeout);
        co_await asio::async_write(channel_.client, asio::buffer(kContinue), into(error));
        channel_.client_watch.off();
        if (error) outcome_.client_gone = true;
        co_return !error;
    }

    void client_broke_off(const error_code& error) {
        if (error == asio::error::operation_aborted && !channel_.client_watch.expired()) return;
        if (error == bhttp::error::body_limit) {
            outcome_.fault = 413;
        } else if (error.category() == make_error_code(bhttp::error::bad_chunk).category() &&
                   error != bhttp::error::partial_message && error != bhttp::error::end_of_stream) {
            outcome_.fault = 400;
        } else {
            outcome_.client_gone = true;
        }
    }

    asio::awaitable<void> wait_for_cancellation() {
        asio::steady_timer never(channel_.client.get_executor(),
                                 asio::steady_timer::time_point::max());
        error_code ignored;
        co_await never.async_wait(into(ignored));
    }

    asio::awaitable<void> read_response_head() {
        error_code error;
        for (int interim = 0; interim < kInterimResponsesMax; ++interim) {
            response_ = std::make_unique<ResponseParser>();
            response_->header_limit(kResponseHeaderBytesMax);
            response_->body_limit(boost::none);
            if (request_.head.method == "HEAD") response_->skip(true);
            co_await bhttp::async_read_header(*channel_.app, channel_.app_buffer, *response_,
                                              into(error));
            if (error) break;
            // 100 and the like are between us and the app; only 101 ends the exchange.
            if (status() >= 200 || (status() == 101 && websocket_)) co_return;
        }
        if (error == asio::error::operation_aborted && !channel_.app_watch.expired()) co_return;
        outcome_.fault = channel_.app_watch.expired() ? 504 : 502;
    }

    ClientResponse client_response() {
        const auto& from = response_->get();
        ClientResponse message;
        message.version(11);
        message.result(from.result_int());
        message.reason(from.reason());
        HeaderList headers;
        for (const auto& field : from)
            headers.emplace_back(field.name_string(), field.value());
        for (auto& [name, value] : end_to_end_headers(headers))
            if (!same_name(name, "X-Request-Id")) message.insert(name, value);
        for (const auto& [name, value] : security_headers())
            if (message.find(name) == message.end()) message.set(name, value);
        if (wants_hsts(find_header(request_.head.headers, "Host")))
            message.set(bhttp::field::strict_transport_security, "max-age=31536000");
        message.set("X-Request-Id", request_.request_id);
        return message;
    }

    bool response_has_body() const {
        return request_.head.method != "HEAD" && status() != 204 && status() != 304;
    }

    asio::awaitable<void> send_response() {
        auto message = client_response();
        bool keep_alive = request_.parser.get().keep_alive() && (!has_body_ || body_sent_);
        if (auto length = response_->content_length()) {
            message.content_length(length);
        } else if (response_has_body()) {
            if (request_.head.version == 11) {
                message.chunked(true);
            } else {
                keep_alive = false;  // HTTP/1.0: the end of the connection is the body's
            }
        }
        message.version(request_.head.version);
        message.keep_alive(keep_alive);
        message.version(11);

        ClientResponseSerializer serializer(message);
        outcome_.status = status();
        if (!co_await send_response_body(message, serializer)) co_return;
        outcome_.keep_alive = keep_alive;
        bool app_stays = response_->get().keep_alive() && response_->is_done() &&
                         !response_->need_eof() && (!has_body_ || body_sent_);
        if (!app_stays) channel_.forget_app();
    }

    // False when either end broke off: then neither connection can go on.
    asio::awaitable<bool> send_response_body(ClientResponse& message,
                                             ClientResponseSerializer& serializer) {
        error_code error;
        // A body whose beginning came with the head goes out with it; else the head goes alone,
        // because the body may take its time.
        if (!response_has_body() || (channel_.app_buffer.size() == 0 && !response_->is_done())) {
            channel_.client_watch.within(limits_.stall_timeout);
            co_await bhttp::async_write_header(channel_.client, serializer, into(error));
            channel_.client_watch.off();
            if (error) co_return broken();
            if (!response_has_body()) co_return true;
        }
        auto memory = std::make_unique_for_overwrite<char[]>(kRelayBytes);
        if (!response_->is_done()) channel_.app_buffer.reserve(kRelayBytes);
        for (;;) {
            std::size_t got = 0;
            message.body().data = nullptr;
            message.body().size = 0;
            message.body().more = false;
            if (!response_->is_done()) {
                response_->get().body().data = memory.get();
                response_->get().body().size = kRelayBytes;
                channel_.app_watch.within(limits_.stall_timeout);
                co_await bhttp::async_read_some(*channel_.app, channel_.app_buffer, *response_,
                                                into(error));
                channel_.app_watch.off();
                if (error && error != bhttp::error::need_buffer) co_return broken();
                got = take_piece(response_->get().body(), message.body(), memory.get(),
                                 !response_->is_done());
                if (got == 0 && !response_->is_done()) continue;
            }
            outcome_.bytes_out += got;
            channel_.client_watch.within(limits_.stall_timeout);
            error = {};
            co_await bhttp::async_write(channel_.client, serializer, into(error));
            channel_.client_watch.off();
            if (error && error != bhttp::error::need_buffer) co_return broken();
            if (response_->is_done() && serializer.is_done()) co_return true;
        }
    }

    bool broken() {
        outcome_.client_gone = true;
        channel_.forget_app();
        return false;
    }

    asio::awaitable<void> open_tunnel() {
        auto message = client_response();
        message.set(bhttp::field::connection, "Upgrade");
        message.set(bhttp::field::upgrade, "websocket");
        outcome_.status = 101;
        ClientResponseSerializer serializer(message);
        error_code error;
        channel_.client_watch.within(limits_.stall_timeout);
        co_await bhttp::async_write_header(channel_.client, serializer, into(error));
        channel_.client_watch.off();
        if (!error) {
            request_.tunnel_begins();
            auto bytes = co_await tunnel(channel_, limits_.tunnel_timeout);
            outcome_.bytes_in += bytes.from_client;
            outcome_.bytes_out += bytes.from_app;
        }
        channel_.forget_app();
    }

    Channel& channel_;
    const RelayRequest& request_;
    const Limits& limits_;
    const bool has_body_;
    const bool websocket_;
    bool body_sent_ = false;
    std::unique_ptr<ResponseParser> response_;
    RelayOutcome outcome_;
};

}  // namespace

asio::awaitable<RelayOutcome> relay(Channel& channel, const RelayRequest& request) {
    Relay one(channel, request);
    co_return co_await one.run();
}

}  // namespace mw::proxy
