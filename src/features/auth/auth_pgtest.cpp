#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "features/auth/auth_store.hpp"
#include "features/auth/session.hpp"
#include "features/auth/session_api.hpp"
#include "features/auth/token_authenticator.hpp"
#include "features/passwords/pgtest_password.hpp"
#include "features/runs/pgtest_api.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/crypto/totp.hpp"

namespace mw::auth {
namespace {

using test::kPassword;
using test::password_hash;
using testing::HasSubstr;

class AuthTest : public testing::Test {
  protected:
    AuthTest() { sessions_.add_endpoints(api_); }

    Id user(std::string email = "ann@example.com") {
        return world_.value<Id>(
            "INSERT INTO users (email, first_name, password_hash) VALUES ($1, 'Ann', $2) "
            "RETURNING id AS v",
            email, password_hash());
    }
    void join(Id account, Id user) {
        world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)", account,
                   user);
    }
    Id token(Id account, std::optional<Id> user, std::string text) {
        NewToken token{account, user, "a token", crypto::hash_token(text)};
        return world_.get([&] {
            return pg::with_tx(world_.pool(),
                               [&](pg::Connection& tx) { return insert_token(tx, token); });
        });
    }
    void session(Id account, Id user, std::string text) {
        world_.get([&] {
            return pg::with_tx(world_.pool(), [&](pg::Connection& tx) {
                return insert_session(tx, crypto::hash_token(text), user, account,
                                      now() + kSessionLife);
            });
        });
    }

    result<api::Caller> authenticate(http::Headers headers) {
        http::Request request;
        request.headers = std::move(headers);
        return world_.run([&] { return authenticator_.authenticate(request); });
    }
    result<api::Caller> by_token(std::string text) {
        return authenticate({{"authorization", "Token " + text}});
    }
    result<api::Caller> by_cookie(std::string text) {
        return authenticate({{"cookie", "other=1; millwright_session=" + text}});
    }
    // Who is refused, gets 401.
    static bool refused(const result<api::Caller>& caller) {
        return !caller && caller.error().code == Errc::unauthenticated;
    }

    test::Answer sign_in(std::string email, std::string password) {
        return world_.call(router_, "POST", "/api/ui/session/",
                           fmt::format(R"({{"email":"{}","password":"{}"}})", email, password), {});
    }
    test::Answer with_cookie(std::string method, std::string cookie) {
        return world_.call(router_, method, "/api/ui/session/", {},
                           {{"cookie", "millwright_session=" + cookie}});
    }
    static std::string cookie_of(const test::Answer& answer) {
        auto header = answer.headers.at("set-cookie");
        auto begin = header.find('=') + 1;
        return header.substr(begin, header.find(';') - begin);
    }

    test::ApiWorld world_;
    Id account_ = world_.account();
    Id user_ = user();
    TokenAuthenticator authenticator_{world_.pool()};
    BlockingPool blocking_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    SessionApi sessions_{world_.pool(), sealer_, blocking_};
    http::Router router_;
    api::Api api_{router_, authenticator_};
};

TEST_F(AuthTest, TokensTellWhoCalls) {
    join(account_, user_);
    auto id = token(account_, user_, "mwu_hers");
    for (std::string scheme : {"Token ", "Bearer ", "token ", "BEARER  "}) {
        auto caller = authenticate({{"authorization", scheme + "mwu_hers"}});
        ASSERT_TRUE(caller) << scheme << caller.error().message;
        EXPECT_EQ(caller->kind, api::Caller::Kind::user_token);
        EXPECT_EQ(caller->account_id, account_);
        EXPECT_EQ(caller->user_id, user_);
        EXPECT_EQ(caller->token_id, id);
        EXPECT_EQ(caller->name, "ann@example.com");
    }
    token(account_, std::nullopt, "mws_service");
    auto service = by_token("mws_service");
    ASSERT_TRUE(service);
    EXPECT_EQ(service->kind, api::Caller::Kind::service_token);
    EXPECT_FALSE(service->user_id);
    EXPECT_EQ(service->name, "a token");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM api_tokens "
                                "WHERE token_hash LIKE '%hers%' OR token_hash LIKE '%service%'"),
              0);
}

TEST_F(AuthTest, OtherCredentialsAreRefused) {
    join(account_, user_);
    token(account_, user_, "mwu_hers");
    session(account_, user_, "mwb_hers");
    for (http::Headers headers : std::vector<http::Headers>{
             {},
             {{"authorization", "mwu_hers"}},
             {{"authorization", "Token "}},
             {{"authorization", "Basic mwu_hers"}},
             {{"authorization", "Token mwu_hers2"}},
             {{"authorization", "Token " + std::string(10'000, 'x')}},
             // A cookie is no token, a token no cookie, and a bad token isn't made up for by one.
             {{"authorization", "Token mwb_hers"}},
             {{"cookie", "millwright_session=mwu_hers"}},
             {{"cookie", "millwright_session="}},
             {{"authorization", "Token wrong"}, {"cookie", "millwright_session=mwb_hers"}}})
        EXPECT_TRUE(refused(authenticate(headers)));
}

// Each way in which a token stops being good, and back.
TEST_F(AuthTest, ATokenIsGoodOnlyWhileAllItNeedsIsActive) {
    join(account_, user_);
    auto hers = token(account_, user_, "mwu_hers");
    auto service = token(account_, std::nullopt, "mws_service");
    struct Change {
        std::string off;
        std::string on;
        Id id;
        bool ends_hers;
        bool ends_service;
    };
    const std::vector<Change> changes{
        {"UPDATE users SET is_active = false WHERE id = $1",
         "UPDATE users SET is_active = true WHERE id = $1", user_, true, false},
        {"UPDATE account_members SET state = 2 WHERE user_id = $1",
         "UPDATE account_members SET state = 1 WHERE user_id = $1", user_, true, false},
        {"UPDATE accounts SET state = 2 WHERE id = $1",
         "UPDATE accounts SET state = 1 WHERE id = $1", account_, true, true},
        {"UPDATE api_tokens SET state = 2 WHERE id = $1",
         "UPDATE api_tokens SET state = 1 WHERE id = $1", hers, true, false},
        {"UPDATE api_tokens SET expires_at = now() WHERE id = $1",
         "UPDATE api_tokens SET expires_at = now() + interval '1 hour' WHERE id = $1", service,
         false, true}};
    for (const auto& change : changes) {
        world_.sql(change.off, change.id);
        EXPECT_EQ(refused(by_token("mwu_hers")), change.ends_hers) << change.off;
        EXPECT_EQ(refused(by_token("mws_service")), change.ends_service) << change.off;
        world_.sql(change.on, change.id);
        EXPECT_TRUE(by_token("mwu_hers")) << change.on;
        EXPECT_TRUE(by_token("mws_service")) << change.on;
    }
}

TEST_F(AuthTest, TheUseOfATokenIsNotedOnceAMinute) {
    auto id = token(account_, std::nullopt, "mws_service");
    auto seconds_since = [&] {
        return world_.value<int>(
            "SELECT coalesce(extract(epoch FROM now() - last_used_at)::int, -1) AS v "
            "FROM api_tokens WHERE id = $1",
            id);
    };
    auto set_used = [&](std::string ago) {
        world_.sql("UPDATE api_tokens SET last_used_at = now() - $2::interval WHERE id = $1", id,
                   ago);
    };
    EXPECT_EQ(seconds_since(), -1);
    ASSERT_TRUE(by_token("mws_service"));
    EXPECT_NE(seconds_since(), -1);
    set_used("2 hours");
    ASSERT_TRUE(by_token("mws_service"));
    EXPECT_LT(seconds_since(), 3600);
    // Still within the minute: it stays.
    world_.sql("UPDATE api_tokens SET last_used_at = now() + interval '1 hour' WHERE id = $1", id);
    ASSERT_TRUE(by_token("mws_service"));
    EXPECT_LT(seconds_since(), -1000);
    // Who is refused has not used it.
    set_used("2 hours");
    world_.sql("UPDATE api_tokens SET state = 2 WHERE id = $1", id);
    EXPECT_TRUE(refused(by_token("mws_service")));
    EXPECT_GE(seconds_since(), 7200);
}

TEST_F(AuthTest, ASessionIsGoodOnlyWhileAllItNeedsIsActive) {
    join(account_, user_);
    session(account_, user_, "mwb_hers");
    auto caller = by_cookie("mwb_hers");
    ASSERT_TRUE(caller) << caller.error().message;
    EXPECT_EQ(caller->kind, api::Caller::Kind::session);
    EXPECT_EQ(caller->account_id, account_);
    EXPECT_EQ(caller->user_id, user_);
    EXPECT_EQ(caller->name, "ann@example.com");
    for (std::string table : {"users SET is_active = {} WHERE id = $1",
                              "account_members SET state = {} WHERE user_id = $1",
                              "accounts SET state = {} WHERE id = $1"}) {
        bool of_user = table.starts_with("users");
        auto id = table.starts_with("accounts") ? account_ : user_;
        world_.sql("UPDATE " + fmt::format(fmt::runtime(table), of_user ? "false" : "2"), id);
        EXPECT_TRUE(refused(by_cookie("mwb_hers"))) << table;
        world_.sql("UPDATE " + fmt::format(fmt::runtime(table), of_user ? "true" : "1"), id);
        EXPECT_TRUE(by_cookie("mwb_hers")) << table;
    }
}

TEST_F(AuthTest, ASessionEndsUnlessItIsUsedAndAfterAWeekInAnyCase) {
    join(account_, user_);
    session(account_, user_, "mwb_hers");
    auto hours_left = [&] {
        return world_.value<int>(
            "SELECT (extract(epoch FROM expires_at - now()) / 3600)::int AS v FROM sessions");
    };
    world_.sql("UPDATE sessions SET expires_at = now() + interval '1 minute'");
    ASSERT_TRUE(by_cookie("mwb_hers"));
    EXPECT_EQ(hours_left(), 12);
    world_.sql("UPDATE sessions SET created_at = now() - interval '6 days 20 hours'");
    ASSERT_TRUE(by_cookie("mwb_hers"));
    EXPECT_EQ(hours_left(), 4);
    world_.sql("UPDATE sessions SET expires_at = now()");
    EXPECT_TRUE(refused(by_cookie("mwb_hers")));
    EXPECT_EQ(world_.get([&] { return delete_expired_sessions(world_.pool(), now()); }), 1);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM sessions"), 0);
}

TEST_F(AuthTest, SigningInMakesASessionAndSigningOutEndsIt) {
    join(account_, user_);
    auto answer = sign_in("Ann@Example.com", kPassword);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("user").at("id"), user_);
    EXPECT_EQ(answer.json().at("account").at("id"), account_);
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("password")));
    for (auto attribute : {"HttpOnly", "Secure", "SameSite=Lax"})
        EXPECT_THAT(answer.headers.at("set-cookie"), HasSubstr(attribute));
    auto cookie = cookie_of(answer);
    EXPECT_EQ(with_cookie("GET", cookie).json().at("user").at("email"), "ann@example.com");
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM audit_log "
                                "WHERE event = 'session.started' AND actor_id = $1",
                                user_),
              1);
    EXPECT_TRUE(
        world_.value<bool>("SELECT last_login IS NOT NULL AS v FROM users WHERE id = $1", user_));

    auto out = with_cookie("DELETE", cookie);
    EXPECT_EQ(out.status, 204);
    EXPECT_EQ(cookie_of(out), "");
    EXPECT_EQ(with_cookie("GET", cookie).status, 401);
}

TEST_F(AuthTest, ASecondFactorIsAskedForAfterThePassword) {
    join(account_, user_);
    second_factors::SecondFactors factors(world_.pool(), sealer_);
    auto secret = world_.get([&] { return factors.begin(user_); });
    auto code = [&](int ahead) {
        return crypto::totp_code(secret, crypto::totp_step(now()) + ahead);
    };
    world_.get([&] { return factors.confirm(user_, code(0)); });
    auto sign_in_with = [&](std::string password, std::string given) {
        return world_.call(
            router_, "POST", "/api/ui/session/",
            fmt::format(R"({{"email":"ann@example.com","password":"{}","code":"{}"}})", password,
                        given),
            {});
    };
    auto asked = sign_in("ann@example.com", kPassword);
    EXPECT_EQ(asked.status, 401);
    EXPECT_TRUE(asked.json().at("status").at("fields").as_object().contains("code"));
    EXPECT_FALSE(asked.headers.contains("set-cookie"));
    auto wrong = sign_in_with(kPassword, "000000x");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_TRUE(wrong.json().at("status").at("fields").as_object().contains("code"));
    auto guessed = sign_in_with("wrong", code(1));
    EXPECT_EQ(guessed.status, 401);
    EXPECT_FALSE(guessed.json().at("status").as_object().contains("fields"))
        << "who has a second factor is told to nobody without the password";
    EXPECT_EQ(sign_in_with(kPassword, code(1)).status, 200);
}

TEST_F(AuthTest, WhoMayNotSignInHearsNothingElse) {
    auto stranger = user("bob@example.com");  // in no account
    join(account_, user_);
    auto left = user("eve@example.com");
    join(account_, left);
    auto inactive = user("joe@example.com");
    join(account_, inactive);
    auto without = user("kim@example.com");
    join(account_, without);
    world_.sql("UPDATE account_members SET state = 2 WHERE user_id = $1", left);
    world_.sql("UPDATE users SET is_active = false WHERE id = $1", inactive);
    world_.sql("UPDATE users SET password_hash = NULL WHERE id = $1", without);
    auto wrong = sign_in("ann@example.com", "guess");
    EXPECT_EQ(wrong.status, 401);
    for (std::string email :
         {"bob@example.com", "eve@example.com", "joe@example.com", "kim@example.com"})
        // As many failures from one address as are free.
        EXPECT_EQ(sign_in(email, kPassword).body, wrong.body) << email;
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM sessions"), 0);
    EXPECT_GT(stranger, 0);
}

TEST_F(AuthTest, GuessingAPasswordIsSlowedDown) {
    join(account_, user_);
    // However slow this machine is: the waits grow.
    int free_tries = 0;
    while (free_tries < 15 && sign_in("ann@example.com", "guess").status == 401)
        ++free_tries;
    EXPECT_GE(free_tries, 6);
    EXPECT_LT(free_tries, 15);
    // Not even with the right one, nor in other letters.
    auto answer = sign_in("ANN@example.com", kPassword);
    EXPECT_EQ(answer.status, 429);
    EXPECT_THAT(answer.message(), HasSubstr("Too many failed tries"));
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM sessions"), 0);
}

TEST_F(AuthTest, BadSignInsNameTheField) {
    for (const auto& [body, field] : std::vector<std::pair<std::string, std::string>>{
             {"{", "JSON"},
             {R"({"password":"x"})", "email"},
             {R"({"email":"ann@example.com"})", "password"},
             {R"({"email":7,"password":"x"})", "email"}}) {
        auto answer = world_.call(router_, "POST", "/api/ui/session/", body, {});
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_THAT(answer.message(), HasSubstr(field));
    }
}

TEST_F(AuthTest, AServiceTokenIsNobody) {
    token(account_, std::nullopt, "mws_service");
    auto answer = world_.call(router_, "GET", "/api/ui/session/", {},
                              {{"authorization", "Token mws_service"}});
    EXPECT_EQ(answer.status, 403);
}

// An authenticator that hears of changes, as the app's does.
class KnownTokenTest : public AuthTest {
  protected:
    KnownTokenTest() {
        boost::asio::co_spawn(
            world_.ioc(), [this] { return authenticator_.run(); },
            boost::asio::bind_cancellation_slot(stop_.slot(), boost::asio::detached));
        join(account_, user_);
        token(account_, user_, "mwu_known");
        // It keeps nothing before it hears.
        while (!is_known())
            EXPECT_TRUE(by_token("mwu_known"));
    }
    ~KnownTokenTest() override {
        stop_.emit(boost::asio::cancellation_type::all);
        world_.ioc().restart();
        world_.ioc().run();
    }
    // Nobody is told of this change: whoever is still let in was not looked up.
    bool is_known() {
        world_.sql(
            "SET session_replication_role = replica; "
            "UPDATE api_tokens SET state = 2; SET session_replication_role = origin");
        bool known = by_token("mwu_known").has_value();
        world_.sql(
            "SET session_replication_role = replica; "
            "UPDATE api_tokens SET state = 1; SET session_replication_role = origin");
        return known;
    }

    boost::asio::cancellation_signal stop_;
};

TEST_F(KnownTokenTest, IsForgottenAtOnceWhenTheAppItselfChangesSomething) {
    authenticator_.rights_changed();
    EXPECT_FALSE(is_known());
}

TEST_F(KnownTokenTest, IsForgottenWhenTheDatabaseTellsOfAChange) {
    for (const auto* change :
         {"UPDATE account_members SET state = 2", "UPDATE users SET is_active = false",
          "UPDATE accounts SET state = 2", "UPDATE api_tokens SET state = 2",
          "UPDATE api_tokens SET expires_at = now() - interval '1 s'"}) {
        world_.sql(change);
        // The word takes a moment.
        while (by_token("mwu_known")) {
        }
        world_.sql("UPDATE account_members SET state = 1");
        world_.sql("UPDATE users SET is_active = true");
        world_.sql("UPDATE accounts SET state = 1");
        world_.sql("UPDATE api_tokens SET state = 1, expires_at = NULL");
        while (!is_known()) {
            EXPECT_TRUE(by_token("mwu_known")) << change;
        }
    }
}

TEST_F(KnownTokenTest, ItsRightsAreTheNewOnesAfterTheyChanged) {
    EXPECT_FALSE(by_token("mwu_known")->grants.may(api::reads(api::Area::runs)));
    world_.sql("UPDATE account_members SET is_owner = true");
    while (!by_token("mwu_known")->grants.may(api::reads(api::Area::runs))) {
    }
}

}  // namespace
}  // namespace mw::auth
