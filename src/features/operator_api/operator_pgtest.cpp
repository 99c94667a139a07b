#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/operator_api/operator_api.hpp"
#include "features/runs/pgtest_api.hpp"

namespace mw::operator_api {
namespace {

using testing::HasSubstr;

class OperatorApiTest : public testing::Test {
  protected:
    OperatorApiTest() {
        add_operator_endpoints(router_, {.pool = world_.pool(),
                                         .sealer = sealer_,
                                         .layout = layout_,
                                         .blocking = world_.blocking(),
                                         .public_url = "https://mill"});
    }
    test::Answer call(std::string method, std::string path, std::string body = {}) {
        return world_.call(router_, std::move(method), "/operator/v1/" + path, std::move(body), {});
    }
    std::string limits_of(Id account) { return fmt::format("accounts/{}/run-limits", account); }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    Layout layout_;
    http::Router router_;
};

TEST_F(OperatorApiTest, AnAccountsLimitsAreSetOneByOne) {
    auto account = world_.account();
    EXPECT_EQ(call("GET", limits_of(account)).json().at("memory_mb"), 0);
    call("POST", limits_of(account), R"({"memory_mb": 2048})");
    auto set = call("POST", limits_of(account), R"({"cpus": 1.5})");
    ASSERT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(set.json().at("memory_mb"), 2048);
    EXPECT_EQ(set.json().at("cpus"), 1.5);
    EXPECT_EQ(call("GET", limits_of(account)).body, set.body);
    EXPECT_EQ(
        world_.value<int>("SELECT count(*)::integer AS v FROM audit_log WHERE account_id = $1 "
                          "AND event = 'account.run_limits_set' AND actor_type = 'system'",
                          account),
        2);
}

TEST_F(OperatorApiTest, LetsInWhoHasLostTheirPassword) {
    auto account = world_.account();
    auto user = world_.value<Id>(
        "INSERT INTO users (email) VALUES ('ann@example.com') "
        "RETURNING id AS v");
    world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account, user);
    world_.sql("INSERT INTO second_factors (user_id, sealed_secret) VALUES ($1, '')", user);
    auto factors = [&] {
        return world_.value<int>("SELECT count(*)::integer AS v FROM second_factors");
    };
    auto made = call("POST", "password-resets", R"({"email": "Ann@example.com"})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_THAT(std::string(made.json().at("link").as_string()),
                testing::StartsWith("https://mill/reset-password#mwp_"));
    EXPECT_EQ(factors(), 1);
    call("POST", "password-resets",
         R"({"email": "ann@example.com", "remove_second_factor": true})");
    EXPECT_EQ(factors(), 0);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::integer AS v FROM audit_log WHERE account_id = "
                                "$1 AND event = 'user.password_reset_made'",
                                account),
              2);
    EXPECT_EQ(call("POST", "password-resets", R"({"email": "bob@example.com"})").status, 404);
    world_.sql(
        "INSERT INTO auth_providers (account_id, type, slug, allow_password_backdoor) "
        "VALUES ($1, 'saml', 'acme', false)",
        account);
    call("POST", "password-resets", R"({"email": "ann@example.com", "allow_passwords": true})");
    EXPECT_TRUE(world_.value<bool>("SELECT allow_password_backdoor AS v FROM auth_providers"));
    EXPECT_EQ(call("POST", "password-resets", "{}").status, 400);
}

TEST_F(OperatorApiTest, WhatIsWrongIsNamedAndNothingIsSet) {
    auto account = world_.account();
    for (auto [body, field] : {std::pair(R"({"memory_mb": 1})", "memory_mb"),
                               {R"({"memory_mb": 4096, "cpus": -1})", "cpus"},
                               {R"({"processes": "many"})", "processes"}}) {
        auto refused = call("POST", limits_of(account), body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.message(), HasSubstr(field)) << body;
    }
    EXPECT_EQ(call("GET", limits_of(account)).json().at("memory_mb"), 0);
    EXPECT_EQ(call("GET", limits_of(987654)).status, 404);
    EXPECT_EQ(call("POST", limits_of(987654), "{}").status, 404);
    EXPECT_EQ(call("GET", "accounts/x/run-limits").status, 400);
}

TEST_F(OperatorApiTest, WhoUsesWhichEngineIsListedOverAllAccounts) {
    world_.job(world_.account());
    world_.job(world_.account());
    auto uses = call("GET", "engine-uses").json().as_array();
    ASSERT_EQ(uses.size(), 2U);
    EXPECT_EQ(uses[0].at("kind").as_string(), "environment");
    EXPECT_FALSE(uses[0].at("dbt_version").as_string().empty());
}

}  // namespace
}  // namespace mw::operator_api
