#include "roles/runner/network/relay.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "test_support/run_on.hpp"
#include "test_support/temp_dir.hpp"

namespace mw::runner {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;

class RelayTest : public testing::Test {
  protected:
    std::uint16_t port() const { return relay_->port(); }

    asio::io_context ioc_;
    test::TempDir folder_;
    std::string socket_ = (folder_.path() / "s").string();
    stream_protocol::acceptor server_{ioc_, stream_protocol::endpoint(socket_)};
    std::optional<Relay> relay_ = std::move(*Relay::open(ioc_.get_executor(), socket_));
};

TEST_F(RelayTest, WhatIsSentComesOutAtTheSocketAndBack) {
    test::run_on(ioc_, [&]() -> asio::awaitable<void> {
        tcp::socket client(ioc_);
        co_await client.async_connect({asio::ip::address_v4::loopback(), port()},
                                      asio::use_awaitable);
        auto peer = co_await server_.async_accept(asio::use_awaitable);
        std::string heard(4, '\0');
        co_await asio::async_write(client, asio::buffer("ping", 4), asio::use_awaitable);
        co_await asio::async_read(peer, asio::buffer(heard), asio::use_awaitable);
        EXPECT_EQ(heard, "ping");
        co_await asio::async_write(peer, asio::buffer("pong", 4), asio::use_awaitable);
        co_await asio::async_read(client, asio::buffer(heard), asio::use_awaitable);
        EXPECT_EQ(heard, "pong");
    });
}

TEST_F(RelayTest, WhenItGoesItsConnectionsAndItsPortGo) {
    test::run_on(ioc_, [&]() -> asio::awaitable<void> {
        auto place = tcp::endpoint(asio::ip::address_v4::loopback(), port());
        tcp::socket client(ioc_);
        co_await client.async_connect(place, asio::use_awaitable);
        auto peer = co_await server_.async_accept(asio::use_awaitable);
        relay_.reset();
        boost::system::error_code error;
        char byte = 0;
        co_await client.async_read_some(asio::buffer(&byte, 1),
                                        asio::redirect_error(asio::use_awaitable, error));
        EXPECT_TRUE(error);
        tcp::socket late(ioc_);
        co_await late.async_connect(place, asio::redirect_error(asio::use_awaitable, error));
        EXPECT_EQ(error, asio::error::connection_refused);
    });
}

TEST_F(RelayTest, HasThePortThatItIsToHaveIfThatIsFree) {
    auto taken = port();
    auto second = Relay::open(ioc_.get_executor(), socket_, taken);
    ASSERT_TRUE(second);
    EXPECT_NE(second->port(), taken);
    relay_.reset();
    auto third = Relay::open(ioc_.get_executor(), socket_, taken);
    ASSERT_TRUE(third);
    EXPECT_EQ(third->port(), taken);
}

TEST_F(RelayTest, AClientIsCutOffWhenNobodyServes) {
    server_.close();
    test::run_on(ioc_, [&]() -> asio::awaitable<void> {
        tcp::socket client(ioc_);
        co_await client.async_connect({asio::ip::address_v4::loopback(), port()},
                                      asio::use_awaitable);
        boost::system::error_code error;
        char byte = 0;
        co_await client.async_read_some(asio::buffer(&byte, 1),
                                        asio::redirect_error(asio::use_awaitable, error));
        EXPECT_TRUE(error);
    });
}

}  // namespace
}  // namespace mw::runner
