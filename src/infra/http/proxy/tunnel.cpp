#include "infra/http/proxy/tunnel.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <vector>

namespace mw::proxy {
namespace {

constexpr std::size_t kTunnelBytes = 16UL * 1024;

// What was read ahead goes first.
template <class From, class To>
asio::awaitable<void> pass_on(From& from, To& to, beast::flat_buffer& ahead, std::uint64_t& bytes,
                              Watch& watch, std::chrono::milliseconds timeout) {
    error_code error;
    if (ahead.size() > 0) {
        bytes += ahead.size();
        co_await asio::async_write(to, ahead.data(), into(error));
        ahead.consume(ahead.size());
    }
    std::vector<char> memory(kTunnelBytes);
    while (!error) {
        auto got = co_await from.async_read_some(asio::buffer(memory), into(error));
        if (error) break;
        watch.within(timeout);
        bytes += got;
        co_await asio::async_write(to, asio::buffer(memory.data(), got), into(error));
    }
}

}  // namespace

asio::awaitable<TunnelBytes> tunnel(Channel& channel, std::chrono::milliseconds timeout) {
    using namespace asio::experimental::awaitable_operators;
    TunnelBytes bytes;
    auto& watch = channel.client_watch;
    watch.within(timeout);
    co_await (
        pass_on(channel.client, *channel.app, channel.client_buffer, bytes.from_client, watch,
                timeout) ||
        pass_on(*channel.app, channel.client, channel.app_buffer, bytes.from_app, watch, timeout));
    watch.off();
    co_return bytes;
}

}  // namespace mw::proxy
