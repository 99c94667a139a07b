#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/auth/auth_store.hpp"
#include "features/auth/token_authenticator.hpp"
#include "features/ip_restrictions/ip_restriction_api.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::ip_restrictions {
namespace {

using testing::HasSubstr;

class IpRestrictionsTest : public testing::Test {
  protected:
    IpRestrictionsTest() {
        add_ip_restriction_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        world_.authenticator().caller.address = "10.1.2.3";
        base_ = fmt::format("/api/v3/accounts/{}/", account_);
        auth::NewToken token{account_, std::nullopt, "t", crypto::hash_token("mws_t")};
        world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return auth::insert_token(tx, token); });
        });
    }
    test::Answer rule(int type, std::string_view cidr) {
        return world_.post(
            base_ + "ip-restrictions/",
            fmt::format(R"({{"name": "r", "type": {}, "cidrs": [{{"cidr": "{}"}}]}})", type, cidr));
    }
    test::Answer enable(bool enabled) {
        return world_.post(base_ + "ip-restrictions-set/",
                           fmt::format(R"({{"enabled": {}}})", enabled));
    }
    // Whether a request from there gets in.
    bool admitted(std::string address) {
        http::Request request;
        request.headers["authorization"] = "Token mws_t";
        request.client_address = std::move(address);
        return world_.run([&] { return authenticator_.authenticate(request); }).has_value();
    }

    test::ApiWorld world_;
    auth::TokenAuthenticator authenticator_{world_.pool()};
    Id account_ = 0;
    std::string base_;
};

TEST_F(IpRestrictionsTest, RulesCountOnceTheyAreEnabled) {
    EXPECT_EQ(rule(1, "10.0.0.0/8").status, 200);
    EXPECT_TRUE(admitted("192.168.0.1"));
    EXPECT_EQ(enable(true).status, 200);
    EXPECT_TRUE(admitted("10.9.9.9"));
    EXPECT_FALSE(admitted("192.168.0.1"));
    EXPECT_EQ(rule(2, "10.9.0.0/16").status, 200);
    EXPECT_FALSE(admitted("10.9.9.9"));
    EXPECT_TRUE(admitted("10.1.2.3"));
    EXPECT_EQ(enable(false).status, 200);
    EXPECT_TRUE(admitted("192.168.0.1"));
}

TEST_F(IpRestrictionsTest, NobodyLocksThemselvesOut) {
    rule(1, "192.168.0.0/16");
    auto refused = enable(true);
    EXPECT_EQ(refused.status, 409);
    EXPECT_THAT(refused.message(), HasSubstr("the address from which you call"));
    EXPECT_TRUE(admitted("172.16.0.1"));
    auto valid = base_ + fmt::format("ip-restrictions-set/{}/validate/", account_);
    EXPECT_FALSE(world_.get(valid).data().at("is_valid_for_admin").as_bool());
    rule(1, "10.1.2.3");
    EXPECT_TRUE(world_.get(valid).data().at("is_valid_for_admin").as_bool());
    EXPECT_EQ(enable(true).status, 200);
    auto own = world_.get(base_ + "ip-restrictions/?order_by=-id").data().at(0).at("id");
    auto one = fmt::format("{}ip-restrictions/{}", base_, own.to_number<Id>());
    EXPECT_EQ(world_.call("DELETE", one).status, 409);
    EXPECT_FALSE(world_.get(fmt::format("{}{}/", valid, own.to_number<Id>()))
                     .data()
                     .at("is_valid_for_admin")
                     .as_bool());
}

TEST_F(IpRestrictionsTest, WhatIsNoNetworkIsRefused) {
    for (auto cidr : {"10.0.0.0/33", "somewhere", "", "10.0.0"})
        EXPECT_THAT(rule(1, cidr).message(), HasSubstr("cidrs[0].cidr")) << cidr;
    for (auto cidr : {"10.0.0.1", "fd00::/8", "::1"})
        EXPECT_EQ(rule(1, cidr).status, 200) << cidr;
    EXPECT_THAT(world_.post(base_ + "ip-restrictions/", R"({"name": "r", "type": 1})").message(),
                HasSubstr("cidrs"));
}

TEST_F(IpRestrictionsTest, ARuleIsReplacedByPut) {
    auto id = rule(1, "10.0.0.0/8").data().at("id").to_number<Id>();
    auto changed = world_.call("PUT", fmt::format("{}ip-restrictions/{}", base_, id),
                               R"({"name": "s", "type": 2, "cidrs": [
                                   {"cidr": "10.0.0.0/8", "state": 2},
                                   {"cidr": "192.168.0.0/16"}]})");
    EXPECT_EQ(changed.data().at("name").as_string(), "s");
    ASSERT_EQ(changed.data().at("cidrs").as_array().size(), 1U);
    EXPECT_EQ(changed.data().at("cidrs").at(0).at("cidr").as_string(), "192.168.0.0/16");
}

}  // namespace
}  // namespace mw::ip_restrictions
