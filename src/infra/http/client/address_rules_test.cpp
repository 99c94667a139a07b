#include "infra/http/client/address_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mw::http {
namespace {

boost::asio::ip::address at(const char* text) {
    return boost::asio::ip::make_address(text);
}

TEST(PublicAddresses, AreThoseOfTheInternet) {
    for (auto text : {"1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255",
                      "100.128.0.1", "192.167.1.1", "223.255.255.254", "2606:4700::1111",
                      "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"})
        EXPECT_TRUE(is_public(at(text))) << text;
}

TEST(PublicAddresses, AreNoneThatLeadInside) {
    for (auto text : {"0.0.0.0",
                      "10.1.2.3",
                      "100.64.0.1",
                      "127.0.0.1",
                      "127.255.1.1",
                      "169.254.169.254",
                      "172.16.0.1",
                      "172.31.255.255",
                      "192.0.0.192",
                      "192.168.0.1",
                      "198.18.0.1",
                      "224.0.0.1",
                      "255.255.255.255",
                      "::",
                      "::1",
                      "fe80::1",
                      "fc00::1",
                      "fd12::1",
                      "ff02::1",
                      "2001:db8::1",
                      "2001::1",
                      "::ffff:127.0.0.1",
                      "::ffff:10.0.0.1",
                      "::127.0.0.1",
                      "64:ff9b::7f00:1",
                      "64:ff9b::a9fe:a9fe",
                      "2002:7f00:1::",
                      "2002:a00:1::1"})
        EXPECT_FALSE(is_public(at(text))) << text;
}

TEST(AddressRules, AllowNetworksBesides) {
    auto rules = *AddressRules::parse(" 10.0.0.0/8,192.168.1.7 , fd00::/8,");
    EXPECT_TRUE(rules.admits(at("10.200.0.1")));
    EXPECT_TRUE(rules.admits(at("::ffff:10.200.0.1")));
    EXPECT_TRUE(rules.admits(at("192.168.1.7")));
    EXPECT_TRUE(rules.admits(at("fd12::1")));
    EXPECT_TRUE(rules.admits(at("8.8.8.8")));
    for (auto text : {"192.168.1.8", "127.0.0.1", "fe80::1", "169.254.169.254"})
        EXPECT_FALSE(rules.admits(at(text))) << text;
    EXPECT_FALSE(AddressRules::parse("")->admits(at("10.0.0.1")));
}

TEST(AddressRules, WhatIsNoNetworkIsNamed) {
    for (auto text : {"intranet", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/8;127.0.0.1"}) {
        auto parsed = AddressRules::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error().message, testing::HasSubstr(text));
    }
}

}  // namespace
}  // namespace mw::http
