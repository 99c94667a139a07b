#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/auth/token_authenticator.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/service_tokens/token_api.hpp"

namespace mw::service_tokens {
namespace {

using api::Area;
using testing::HasSubstr;
using testing::StartsWith;

class TokensTest : public testing::Test {
  protected:
    TokensTest() {
        add_service_token_endpoints(world_.api(), world_.pool());
        add_personal_token_endpoints(world_.api(), world_.pool());
        account_ = world_.account();
        world_.act_as(account_);
        path_ = fmt::format("/api/v3/accounts/{}/service-tokens/", account_);
        own_ = fmt::format("/api/v3/accounts/{}/users/{}/account-apikeys/", account_,
                           *world_.caller().user_id);
        world_.sql("INSERT INTO users (id, email) VALUES ($1, 'ann@example.com')",
                   *world_.caller().user_id);
        world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account_,
                   *world_.caller().user_id);
    }
    // Who the token lets in, as a real request would find out.
    result<api::Caller> caller(std::string_view token) {
        http::Request request;
        request.headers["authorization"] = fmt::format("Token {}", token);
        return world_.run([&] { return authenticator_.authenticate(request); });
    }

    test::ApiWorld world_;
    auth::TokenAuthenticator authenticator_{world_.pool()};
    Id account_ = 0;
    std::string path_;
    std::string own_;
};

std::string text_of(const test::Answer& answer) {
    return std::string(answer.data().at("token_string").as_string());
}

TEST_F(TokensTest, AServiceTokenMayDoWhatItWasGivenAndItsTextIsShownOnce) {
    auto made = world_.post(
        path_, R"({"name": "ci", "permission_grants": [{"permission_set": "job_admin"}]})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto text = text_of(made);
    EXPECT_THAT(text, StartsWith("mws_"));
    auto who = caller(text);
    ASSERT_TRUE(who);
    EXPECT_TRUE(who->grants.may(api::writes(Area::jobs)));
    EXPECT_FALSE(who->grants.may(api::reads(Area::service_tokens)));
    auto one = fmt::format("{}{}/", path_, made.data().at("id").to_number<Id>());
    auto shown = world_.get(one);
    EXPECT_TRUE(shown.data().at("token_string").is_null());
    EXPECT_EQ(shown.data().at("permission_grants").at(0).at("permission_set").as_string(),
              "job_admin");
    EXPECT_EQ(shown.body.find(text), std::string::npos);
    EXPECT_EQ(shown.body.find("token_hash"), std::string::npos);

    world_.call("DELETE", one);
    EXPECT_FALSE(caller(text));
}

TEST_F(TokensTest, ATokenWithoutGrantsMayDoNothingUntilItIsGivenSome) {
    auto made = world_.post(path_, R"({"name": "bare"})");
    EXPECT_FALSE(caller(text_of(made))->grants.may(api::reads(Area::jobs)));
    auto permissions =
        fmt::format("{}{}/permissions/", path_, made.data().at("id").to_number<Id>());
    EXPECT_EQ(world_.post(permissions, R"([{"permission_set": "job_viewer"}])").status, 200);
    EXPECT_TRUE(caller(text_of(made))->grants.may(api::reads(Area::jobs)));
    EXPECT_EQ(world_.get(permissions).data().as_array().size(), 1U);
    EXPECT_EQ(world_.get(path_ + "987654321/permissions/").status, 404);
}

TEST_F(TokensTest, ABadGrantMakesNoToken) {
    auto refused =
        world_.post(path_, R"({"name": "x", "permission_grants": [{"permission_set": "king"}]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr("permission_grants[0].permission_set"));
    EXPECT_EQ(world_.get(path_).data().as_array().size(), 0U);
}

TEST_F(TokensTest, WhatIsGivenIsKeptWhenOnlyTheNameChanges) {
    auto made = world_.post(
        path_, R"({"name": "ci", "permission_grants": [{"permission_set": "job_admin"}]})");
    auto one = fmt::format("{}{}/", path_, made.data().at("id").to_number<Id>());
    auto renamed = world_.call("PUT", one, R"({"name": "cd"})");
    EXPECT_EQ(renamed.data().at("name").as_string(), "cd");
    EXPECT_EQ(renamed.data().at("permission_grants").as_array().size(), 1U);
    EXPECT_TRUE(caller(text_of(made)));
}

TEST_F(TokensTest, APersonalTokenIsItsPersonsAlone) {
    auto made = world_.post(own_, R"({"name": "laptop"})");
    ASSERT_EQ(made.status, 200) << made.body;
    auto text = text_of(made);
    EXPECT_THAT(text, StartsWith("mwu_"));
    EXPECT_EQ(caller(text)->user_id, world_.caller().user_id);
    auto one = fmt::format("{}{}/", own_, made.data().at("id").to_number<Id>());
    EXPECT_TRUE(world_.get(one).data().at("token_string").is_null());
    // A service token is no personal one, and the other way round.
    EXPECT_EQ(world_.get(path_).data().as_array().size(), 0U);

    auto renewed = text_of(world_.post(one, "{}"));
    EXPECT_FALSE(caller(text));
    EXPECT_TRUE(caller(renewed));
    EXPECT_EQ(world_.call("DELETE", one).status, 200);
    EXPECT_FALSE(caller(renewed));
    EXPECT_EQ(world_.get(one).status, 404);

    auto others = fmt::format("/api/v3/accounts/{}/users/987654/account-apikeys/", account_);
    EXPECT_EQ(world_.get(others).status, 404);
    EXPECT_EQ(world_.post(others, R"({"name": "mine"})").status, 404);
}

}  // namespace
}  // namespace mw::service_tokens
