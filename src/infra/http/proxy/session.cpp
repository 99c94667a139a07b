#include "infra/http/proxy/session.hpp"

#include <fmt/format.h>

#include <boost/asio/write.hpp>
#include <boost/beast/core/detect_ssl.hpp>

#include "base/log.hpp"
#include "infra/http/proxy/answer.hpp"
#include "infra/http/proxy/relay.hpp"

namespace mw::proxy {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGoodbyeTimeout{2'000};
constexpr std::size_t kLingerBytesMax = 4UL * 1024 * 1024;
constexpr std::size_t kFirstReadBytes = 4096;
constexpr std::size_t kLoggedPathBytesMax = 512;
constexpr std::size_t kIdleBufferBytesMax = 8UL * 1024;

RequestHead to_head(const bhttp::request_header<>& from) {
    RequestHead head;
    head.method = from.method_string();
    head.target = from.target();
    head.version = from.version();
    for (const auto& field : from)
        head.headers.emplace_back(field.name_string(), field.value());
    return head;
}

StaticResponse fault_answer(int fault) {
    switch (fault) {
        case 400:
            return envelope(400, "The request's body cannot be read.");
        case 413:
            return envelope(413, "The request's body is too large.");
        case 502:
            return envelope(502, "The service broke off its answer. Try again.");
        case 504:
            return envelope(504, "The service did not answer in time.");
        default:
            return envelope(503, "The service is starting or restarting. Try again in a moment.");
    }
}

// An IPv4 client is an IPv4 client, also when the socket that took it speaks both.
std::string name_of(const asio::ip::address& address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

bool is_json(const RequestHead& head) {
    return find_header(head.headers, "Content-Type").starts_with("application/json");
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, Shared& shared)
    : shared_(shared), limits_(shared.config.limits), channel_(std::move(socket), shared.tls) {
    error_code error;
    auto& tcp = channel_.client.next_layer();
    if (auto peer = tcp.remote_endpoint(error); !error) client_address_ = name_of(peer.address());
    tcp.set_option(asio::ip::tcp::no_delay(true), error);
}

asio::awaitable<void> Session::run() {
    try {
        switch (co_await begin()) {
            case Begin::gone:
                break;
            case Begin::plain:
                co_await answer_plain_http();
                break;
            case Begin::tls:
                while (co_await serve_one())
                    continue;
                if (!client_gone_) co_await finish();
                break;
        }
    } catch (const std::exception& thrown) {
        log::error("connection ended by an exception", {{"what", thrown.what()}});
    }
    in_flight_ = false;
    channel_.client_watch.off();
    channel_.close();
}

asio::awaitable<Session::Begin> Session::begin() {
    error_code error;
    channel_.client_watch.within(limits_.handshake_timeout);
    bool tls = co_await beast::async_detect_ssl(channel_.client.next_layer(),
                                                channel_.client_buffer, into(error));
    if (error) co_return Begin::gone;
    if (!tls) co_return Begin::plain;
    auto used = co_await channel_.client.async_handshake(
        asio::ssl::stream_base::server, channel_.client_buffer.data(), into(error));
    channel_.client_watch.off();
    if (error) co_return Begin::gone;
    channel_.client_buffer.consume(used);
    co_return Begin::tls;
}

asio::awaitable<void> Session::answer_plain_http() {
    auto& tcp = channel_.client.next_layer();
    bhttp::request_parser<bhttp::empty_body> parser;
    parser.header_limit(limits_.header_bytes_max);
    parser.body_limit(boost::none);
    error_code error;
    channel_.client_watch.within(limits_.header_timeout);
    co_await bhttp::async_read_header(tcp, channel_.client_buffer, parser, into(error));
    RequestHead head;
    if (!error) head = to_head(parser.get());
    bool good = !error && refuse_reason(head).empty() && parse_target(head.target).has_value();
    auto answer =
        use_https(head.method, good ? find_header(head.headers, "Host") : "", head.target);
    auto text = format_head(answer, false, "", "") + (head.method == "HEAD" ? "" : *answer.body);
    channel_.client_watch.within(limits_.stall_timeout);
    co_await asio::async_write(tcp, asio::buffer(text), into(error));
    if (!error) co_await linger();
}

asio::awaitable<bool> Session::wait_for_request() {
    if (channel_.client_buffer.size() > 0) co_return true;  // pipelined
    // An idle connection holds next to nothing.
    for (auto* buffer : {&channel_.client_buffer, &channel_.app_buffer})
        if (buffer->capacity() > kIdleBufferBytesMax) buffer->shrink_to_fit();
    error_code error;
    channel_.client_watch.within(first_ ? limits_.header_timeout : limits_.keep_alive_timeout);
    auto got = co_await channel_.client.async_read_some(
        channel_.client_buffer.prepare(kFirstReadBytes), into(error));
    channel_.client_buffer.commit(got);
    // A client that said goodbye gets one back; one that just went, or a passed deadline, doesn't.
    if (error) client_gone_ = error != asio::error::eof;
    co_return !error;
}

asio::awaitable<bool> Session::serve_one() {
    in_flight_ = false;
    if (shared_.stopping) co_return false;
    if (!co_await wait_for_request()) co_return false;
    in_flight_ = true;
    first_ = false;
    auto began = SteadyClock::now();

    RequestParser parser;
    parser.header_limit(limits_.header_bytes_max);
    parser.body_limit(limits_.body_bytes_max);
    error_code error;
    channel_.client_watch.within(limits_.header_timeout);
    co_await bhttp::async_read_header(channel_.client, channel_.client_buffer, parser, into(error));
    channel_.client_watch.off();
    if (error) co_return co_await refuse_unreadable(error);

    Served served;
    served.head = to_head(parser.get());
    served.request_id = request_id_for(served.head.headers);
    served.keep_alive = parser.get().keep_alive();
    co_await serve(served, parser);
    write_access_log(served, began);
    co_return served.keep_alive && !client_gone_;
}

// What isn't HTTP, or too much of it. The connection's state is unknown: it ends here.
asio::awaitable<bool> Session::refuse_unreadable(const error_code& error) {
    int status = 0;
    if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) {
        status = 431;
    } else if (error == bhttp::error::body_limit) {
        status = 413;
    } else if (channel_.client_watch.expired() || error == bhttp::error::end_of_stream ||
               error == bhttp::error::partial_message ||
               error.category() != make_error_code(bhttp::error::bad_method).category()) {
        client_gone_ = true;  // it went, or its connection broke
        co_return false;
    } else {
        status = 400;
    }
    auto began = SteadyClock::now();
    Served served;
    served.request_id = request_id_for({});
    co_await send(served, envelope(status, status == 431   ? "The request's headers are too large."
                                           : status == 413 ? "The request's body is too large."
                                                           : "The request cannot be read."));
    write_access_log(served, began);
    co_return false;
}

asio::awaitable<void> Session::serve(Served& served, RequestParser& parser) {
    bool has_body = !parser.is_done();
    auto target = parse_target(served.head.target);
    if (target) served.path = target->path;
    if (!target || !refuse_reason(served.head).empty()) {
        // Where this request ends is in doubt, so nothing after it is read.
        served.keep_alive = false;
        co_return co_await send(served, envelope(400, "The request cannot be understood."));
    }
    if (target->destination == Destination::app) {
        if (!is_json(served.head)) co_return co_await serve_from_app(served, parser);
        auto length = parser.content_length();
        if (!length || *length <= limits_.json_body_bytes_max) {
            parser.body_limit(std::min(limits_.json_body_bytes_max, limits_.body_bytes_max));
            co_return co_await serve_from_app(served, parser);
        }
        served.keep_alive = false;
        co_return co_await send(served, fault_answer(413));
    }
    if (has_body) served.keep_alive = false;  // a body that nobody reads
    if (target->destination == Destination::nowhere)
        co_return co_await send(served, envelope(404, "There is nothing here."));
    auto files = shared_.files;  // a reload may replace it while we send
    co_await send(served, files->answer(served.head, target->path));
}

asio::awaitable<void> Session::serve_from_app(Served& served, RequestParser& parser) {
    RelayRequest request{
        .head = served.head,
        .parser = parser,
        .client_address = client_address_,
        .request_id = served.request_id,
        .limits = limits_,
        .app_socket = shared_.config.app_socket,
        .tunnel_begins =
            [this] {
                in_flight_ = false;
                if (shared_.stopping) close();
            },
    };
    auto outcome = co_await relay(channel_, request);
    served.bytes_in = outcome.bytes_in;
    served.bytes_out = outcome.bytes_out;
    served.status = outcome.status;
    if (outcome.client_gone) {
        client_gone_ = true;
        served.keep_alive = false;
    } else if (outcome.fault != 0) {
        if (!parser.is_done()) served.keep_alive = false;
        co_await send(served, fault_answer(outcome.fault));
    } else {
        served.keep_alive = outcome.keep_alive;
    }
}

asio::awaitable<void> Session::send(Served& served, StaticResponse answer) {
    auto host = find_header(served.head.headers, "Host");
    if (shared_.stopping) served.keep_alive = false;
    auto text = format_head(answer, served.keep_alive, served.request_id, host);
    bool with_body = answer.body && served.head.method != "HEAD";
    served.status = answer.status;
    if (with_body) served.bytes_out = answer.body->size();
    // A small body goes out with the head; a large one piece by piece, so that a slow client has
    // its time for each piece rather than for the whole.
    std::string_view rest = with_body ? std::string_view(*answer.body) : std::string_view();
    auto first = rest.substr(0, kRelayBytes);
    text += first;
    rest.remove_prefix(first.size());
    error_code error;
    for (std::string_view piece = text; !error && !piece.empty();) {
        channel_.client_watch.within(limits_.stall_timeout);
        co_await asio::async_write(channel_.client, asio::buffer(piece), into(error));
        piece = rest.substr(0, kRelayBytes);
        rest.remove_prefix(piece.size());
    }
    channel_.client_watch.off();
    if (error) client_gone_ = true;
}

// Says goodbye in TLS, then waits for the client to have read it all: closing on unread bytes
// would reset the connection, and take the answer with it.
asio::awaitable<void> Session::finish() {
    error_code error;
    channel_.client_watch.within(kGoodbyeTimeout);
    co_await channel_.client.async_shutdown(into(error));
    if (!channel_.client_watch.expired()) co_await linger();
}

asio::awaitable<void> Session::linger() {
    auto& tcp = channel_.client.next_layer();
    error_code error;
    tcp.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    channel_.client_watch.within(kGoodbyeTimeout);
    std::array<char, 4096> memory;
    for (std::size_t seen = 0; !error && seen < kLingerBytesMax;)
        seen += co_await tcp.async_read_some(asio::buffer(memory), into(error));
    channel_.client_watch.off();
}

void Session::write_access_log(const Served& served, SteadyClock::time_point began) const {
    auto took = std::chrono::duration_cast<std::chrono::microseconds>(SteadyClock::now() - began);
    // The path without its query: queries may hold what must not be in a log.
    log::info("request", {{"method", served.head.method},
                          {"path", served.path.substr(0, kLoggedPathBytesMax)},
                          {"status", served.status},
                          {"duration_ms", static_cast<double>(took.count()) / 1000.0},
                          {"bytes_in", served.bytes_in},
                          {"bytes_out", served.bytes_out},
                          {"client", client_address_},
                          {"request_id", served.request_id}});
}

}  // namespace mw::proxy
