#include "roles/supervisor/listen_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::supervisor {
namespace {

using testing::HasSubstr;

Settings local_settings() {
    auto settings = Settings::load();
    if (!settings) throw std::runtime_error(settings.error().message);
    settings->set("BIND", "127.0.0.1");
    return *settings;
}

TEST(ListenPort, TakesAnyFreePortForZero) {
    auto listen = listen_on("127.0.0.1", 0);
    ASSERT_TRUE(listen) << listen.error().message;
    EXPECT_GT(listen->port, 0);
}

TEST(ListenPort, ATakenPortIsNamed) {
    auto holder = listen_on("127.0.0.1", 0);
    ASSERT_TRUE(holder);
    auto settings = local_settings();
    settings.set("PORT", std::to_string(holder->port));
    auto taken = listen_https(settings);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, Errc::conflict);
    EXPECT_THAT(taken.error().message,
                HasSubstr("port " + std::to_string(holder->port) + " is already in use"));
}

TEST(ListenPort, UnsetPortFallsBackAndSaysSo) {
    auto holder = listen_on("127.0.0.1", 0);
    auto free_one = listen_on("127.0.0.1", 0);
    ASSERT_TRUE(holder && free_one);
    int other = free_one->port;
    free_one->socket.reset();
    auto listen = listen_https(local_settings(), holder->port, other);
    ASSERT_TRUE(listen) << listen.error().message;
    EXPECT_EQ(listen->port, other);
    EXPECT_THAT(listen->note, HasSubstr(std::to_string(holder->port)));
}

TEST(ListenPort, BothTakenIsAnErrorThatNamesTheSecond) {
    auto one = listen_on("127.0.0.1", 0);
    auto two = listen_on("127.0.0.1", 0);
    ASSERT_TRUE(one && two);
    auto none = listen_https(local_settings(), one->port, two->port);
    ASSERT_FALSE(none);
    EXPECT_THAT(none.error().message, HasSubstr(std::to_string(two->port)));
}

TEST(ListenPort, OddSettingsAreNamed) {
    auto settings = local_settings();
    settings.set("PORT", "https");
    auto port = listen_https(settings);
    ASSERT_FALSE(port);
    EXPECT_THAT(port.error().message, HasSubstr("MILLWRIGHT_PORT"));
    for (const char* address : {"localhost", "256.1.1.1", "203.0.113.9"}) {
        auto listen = listen_on(address, 0);
        ASSERT_FALSE(listen) << address;
        EXPECT_THAT(listen.error().message, HasSubstr("MILLWRIGHT_BIND"));
    }
}

TEST(ListenPort, UrlLeavesTheStandardPortOut) {
    EXPECT_EQ(https_url("dbt.example", 443), "https://dbt.example");
    EXPECT_EQ(https_url("localhost", 8443), "https://localhost:8443");
    EXPECT_EQ(https_url("::1", 8443), "https://[::1]:8443");
}

}  // namespace
}  // namespace mw::supervisor
