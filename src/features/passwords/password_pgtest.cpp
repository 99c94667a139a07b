#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/passwords/password_api.hpp"
#include "features/passwords/pgtest_password.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::passwords {
namespace {

using test::kPassword;
using test::password_hash;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kOther = "staple of another kind";

class PasswordTest : public testing::Test {
  protected:
    PasswordTest() {
        add_password_endpoints(world_.api(), world_.pool(), world_.blocking(), "https://mill");
        world_.act_as(account_, api::Caller::Kind::session);
        user_ = person("ann@example.com");
        world_.authenticator().caller.user_id = user_;
    }
    Id person(std::string email) {
        auto id = world_.value<Id>(
            "INSERT INTO users (email, password_hash) VALUES ($1, $2) RETURNING id AS v", email,
            password_hash());
        world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account_,
                   id);
        return id;
    }
    void session(std::string text, Id user) {
        world_.sql(
            "INSERT INTO sessions (token_hash, user_id, account_id, expires_at) "
            "VALUES ($1, $2, $3, now() + interval '1 hour')",
            crypto::hash_token(text), user, account_);
    }
    int sessions(Id user) {
        return world_.value<int>("SELECT count(*)::int AS v FROM sessions WHERE user_id = $1",
                                 user);
    }
    bool has_password(Id user, std::string password) {
        auto hash =
            world_.value<std::string>("SELECT password_hash AS v FROM users WHERE id = $1", user);
        return crypto::verify_password(hash, Secret(std::move(password)));
    }
    test::Answer change(std::string from, std::string to) {
        return world_.call("POST", "/api/ui/password/",
                           boost::json::serialize(
                               boost::json::object{{"old_password", from}, {"new_password", to}}),
                           {{"cookie", "millwright_session=this one"}});
    }
    test::Answer link_for(Id user) {
        return world_.post(
            fmt::format("/api/v3/accounts/{}/users/{}/password-reset/", account_, user));
    }
    static std::string token_of(const test::Answer& answer) {
        std::string link(answer.data().at("link").as_string());
        return link.substr(link.find('#') + 1);
    }
    test::Answer accept(std::string token, std::string password) {
        return world_.post(
            "/api/ui/password-resets/accept/",
            boost::json::serialize(boost::json::object{{"token", token}, {"password", password}}));
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id user_ = 0;
};

TEST_F(PasswordTest, ANewOneEndsAllSessionsButThis) {
    session("this one", user_);
    session("on the train", user_);
    EXPECT_THAT(change("wrong", kOther).message(), HasSubstr("old_password"));
    EXPECT_THAT(change(kPassword, "short").message(), HasSubstr("new_password"));
    EXPECT_EQ(sessions(user_), 2);
    EXPECT_EQ(change(kPassword, kOther).status, 200);
    EXPECT_TRUE(has_password(user_, kOther));
    EXPECT_EQ(sessions(user_), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM sessions WHERE token_hash = $1",
                                crypto::hash_token("this one")),
              1);
}

TEST_F(PasswordTest, ATokenMayNotChangeIt) {
    world_.act_as(account_, api::Caller::Kind::user_token);
    world_.authenticator().caller.user_id = user_;
    EXPECT_EQ(change(kPassword, kOther).status, 403);
    EXPECT_TRUE(has_password(user_, kPassword));
}

TEST_F(PasswordTest, GuessingTheOldOneHasToWait) {
    test::Answer last;
    for (int i = 0; i < 20 && last.status != 429; ++i)
        last = change("wrong", kOther);
    EXPECT_EQ(last.status, 429);
    EXPECT_EQ(change(kPassword, kOther).status, 429);
}

TEST_F(PasswordTest, ALinkSetsANewOneOnce) {
    auto other = person("bob@example.com");
    session("an old one", other);
    auto made = link_for(other);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_THAT(std::string(made.data().at("link").as_string()),
                StartsWith("https://mill/reset-password#mwp_"));
    EXPECT_EQ(made.headers.at("cache-control"), "no-store");
    auto token = token_of(made);
    EXPECT_EQ(accept(token, "short").status, 400);
    auto done = accept(token, kOther);
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.json().at("email_address"), "bob@example.com");
    EXPECT_TRUE(has_password(other, kOther));
    EXPECT_EQ(sessions(other), 0);
    EXPECT_EQ(accept(token, kPassword).status, 404);
    EXPECT_EQ(accept("mwp_of nobody", kPassword).status, 404);
}

TEST_F(PasswordTest, ALinkIsNotGoodForEver) {
    auto other = person("bob@example.com");
    auto first = token_of(link_for(other));
    auto second = token_of(link_for(other));
    EXPECT_EQ(accept(first, kOther).status, 404) << "a newer one took its place";
    world_.sql("UPDATE password_resets SET expires_at = now()");
    EXPECT_EQ(accept(second, kOther).status, 404);
    auto third = token_of(link_for(other));
    world_.sql("UPDATE users SET is_active = false WHERE id = $1", other);
    EXPECT_EQ(accept(third, kOther).status, 404);
    EXPECT_TRUE(has_password(other, kPassword));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM password_resets WHERE "
                                "token_hash LIKE '%mwp%'"),
              0);
}

TEST_F(PasswordTest, NobodyLetsInWhoMayDoMore) {
    auto owner = person("owner@example.com");
    world_.sql("UPDATE account_members SET is_owner = true WHERE user_id = $1", owner);
    auto elsewhere = person("both@example.com");
    world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)",
               world_.account(), elsewhere);
    EXPECT_EQ(link_for(elsewhere).status, 403);
    EXPECT_EQ(link_for(owner).status, 200) << "an owner";
    api::Grant grant{
        .set = api::find_permission_set("admin"), .project_id = {}, .writable_categories = {}};
    ASSERT_TRUE(grant.set);
    world_.authenticator().caller.grants = api::Grants({grant}, api::License::developer);
    EXPECT_NE(link_for(owner).status, 200);
    EXPECT_EQ(link_for(987654).status, 404);
}

}  // namespace
}  // namespace mw::passwords
