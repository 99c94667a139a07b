#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "features/passwords/pgtest_password.hpp"
#include "features/runs/pgtest_api.hpp"
#include "features/second_factors/second_factor_api.hpp"
#include "infra/crypto/totp.hpp"

namespace mw::second_factors {
namespace {

using test::kPassword;
using test::password_hash;
using testing::HasSubstr;

std::string from_base32(std::string_view text) {
    std::string bytes;
    std::uint32_t held = 0;
    int bits = 0;
    for (char c : text) {
        held = held << 5U | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((bits += 5) < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xFFU);
    }
    return bytes;
}

class SecondFactorTest : public testing::Test {
  protected:
    SecondFactorTest() {
        add_second_factor_endpoints(world_.api(), world_.pool(), sealer_, world_.blocking());
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
    test::Answer post(std::string path, boost::json::object body) {
        return world_.post("/api/ui/second-factor/" + path, boost::json::serialize(body));
    }
    boost::json::value state() { return world_.call("GET", "/api/ui/second-factor/").json(); }
    Secret begun() {
        auto answer = post("", {{"password", kPassword}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return Secret(from_base32(answer.json().at("secret").as_string()));
    }
    // Codes of the present and, as steps go on, of the next.
    static std::string code(const Secret& secret, int ahead = 0) {
        return crypto::totp_code(secret, crypto::totp_step(now()) + ahead);
    }
    std::vector<std::string> confirmed(const Secret& secret) {
        auto answer = post("confirm/", {{"code", code(secret)}});
        EXPECT_EQ(answer.status, 200) << answer.body;
        std::vector<std::string> codes;
        for (const auto& each : answer.json().at("recovery_codes").as_array())
            codes.emplace_back(each.as_string());
        return codes;
    }
    result<Verdict> check(std::string given) {
        return world_.run([&] { return factors_.check(user_, given); });
    }

    test::ApiWorld world_;
    crypto::Sealer sealer_{crypto::DataKey::generate()};
    SecondFactors factors_{world_.pool(), sealer_};
    Id account_ = world_.account();
    Id user_ = 0;
};

TEST_F(SecondFactorTest, CountsOnceTheAppHasShownACode) {
    EXPECT_EQ(check("").value(), Verdict::not_needed);
    auto secret = begun();
    EXPECT_EQ(check("").value(), Verdict::not_needed) << "not before a first code";
    EXPECT_EQ(post("confirm/", {{"code", "000000x"}}).status, 400);
    EXPECT_EQ(confirmed(secret).size(), 10U);
    EXPECT_EQ(check("").value(), Verdict::missing);
    EXPECT_EQ(check("12345").value(), Verdict::wrong);
    EXPECT_EQ(check(code(secret)).value(), Verdict::wrong) << "it confirmed with that one";
    EXPECT_EQ(check(code(secret, 1)).value(), Verdict::right);
    EXPECT_EQ(check(code(secret, 1)).value(), Verdict::wrong) << "a code is good once";
    EXPECT_TRUE(state().at("enabled").as_bool());
    EXPECT_EQ(state().at("recovery_codes_left").as_int64(), 10);
    EXPECT_EQ(post("", {{"password", kPassword}}).status, 409);
}

TEST_F(SecondFactorTest, RecoveryCodesAreGoodOnceEachHoweverTheyAreTyped) {
    auto codes = confirmed(begun());
    auto typed = codes[3];
    std::ranges::transform(typed, typed.begin(), [](unsigned char c) { return std::tolower(c); });
    typed[5] = ' ';
    EXPECT_EQ(check(typed).value(), Verdict::right);
    EXPECT_EQ(check(codes[3]).value(), Verdict::wrong);
    EXPECT_EQ(check(codes[4]).value(), Verdict::right);
    EXPECT_EQ(state().at("recovery_codes_left").as_int64(), 8);
}

TEST_F(SecondFactorTest, GuessingHasToWait) {
    auto secret = begun();
    confirmed(secret);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(check("000000x").value(), Verdict::wrong);
    auto refused = check(code(secret, 1));
    ASSERT_FALSE(refused) << "not even a right one";
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
    EXPECT_THAT(refused.error().message, HasSubstr("Try again in"));
    world_.sql("UPDATE second_factors SET blocked_until = now()");
    EXPECT_EQ(check(code(secret, 1)).value(), Verdict::right);
}

TEST_F(SecondFactorTest, IsChangedByWhoKnowsThePasswordAlone) {
    EXPECT_EQ(post("", {{"password", "wrong"}}).status, 400);
    EXPECT_EQ(post("", {}).status, 400);
    auto secret = begun();
    confirmed(secret);
    EXPECT_THAT(post("remove/", {{"password", "wrong"}, {"code", code(secret, 1)}}).message(),
                HasSubstr("password"));
    EXPECT_THAT(post("remove/", {{"password", kPassword}, {"code", "000000x"}}).message(),
                HasSubstr("code"));
    EXPECT_EQ(post("remove/", {{"password", kPassword}, {"code", code(secret, 1)}}).status, 200);
    EXPECT_EQ(check("").value(), Verdict::not_needed);
    world_.act_as(account_, api::Caller::Kind::user_token);
    world_.authenticator().caller.user_id = user_;
    EXPECT_EQ(post("", {{"password", kPassword}}).status, 403) << "a token is not the person";
}

TEST_F(SecondFactorTest, NothingOfItIsStoredInTheClear) {
    auto answer = post("", {{"password", kPassword}});
    auto text = std::string(answer.json().at("secret").as_string());
    auto codes = confirmed(Secret(from_base32(text)));
    auto row = world_.value<std::string>(
        "SELECT f::text || (SELECT string_agg(c::text, '') FROM recovery_codes c) AS v "
        "FROM second_factors f");
    EXPECT_THAT(row, testing::Not(HasSubstr(text)));
    for (const auto& each : codes)
        EXPECT_THAT(row, testing::Not(HasSubstr(each.substr(0, 5))));
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
}

TEST_F(SecondFactorTest, AnAdministratorTakesAwayWhatWasLost) {
    confirmed(begun());
    auto path = fmt::format("/api/v3/accounts/{}/users/{}/second-factor/", account_, user_);
    world_.sql("INSERT INTO account_members (account_id, user_id) VALUES ($1, $2)",
               world_.account(), user_);
    EXPECT_EQ(world_.call("DELETE", path).status, 403) << "they are in another account, too";
    world_.sql("DELETE FROM account_members WHERE account_id <> $1", account_);
    EXPECT_EQ(world_.call("DELETE", path).status, 200);
    EXPECT_EQ(check("").value(), Verdict::not_needed);
    EXPECT_EQ(world_.call("DELETE", path).status, 404);
    EXPECT_EQ(world_.value<int>("SELECT count(*)::int AS v FROM audit_log "
                                "WHERE event = 'user.second_factor_removed'"),
              1);
}

}  // namespace
}  // namespace mw::second_factors
