#include "features/second_factors/second_factor_api.hpp"

#include <algorithm>

#include "features/audit/audit_store.hpp"
#include "features/passwords/own_password.hpp"
#include "features/users/may_change.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/totp.hpp"

namespace mw::second_factors {
namespace {

constexpr std::string_view kIssuer = "Millwright";

// Only a browser's own session: a token does not make its holder the person.
result<Id> person(const api::Call& call) {
    if (call.caller.kind == api::Caller::Kind::session && call.caller.user_id)
        return *call.caller.user_id;
    return fail(Errc::forbidden, "Sign in to change how you sign in.");
}

class SecondFactorApi {
  public:
    SecondFactorApi(pg::Pool& pool, const crypto::Sealer& sealer, BlockingPool& blocking)
        : factors_(pool, sealer), own_(pool, blocking) {}

    api::Reply state(api::Call& call) {
        MW_CO_TRY(auto user_id, person(call));
        MW_CO_TRY(auto connection, co_await factors_.pool().acquire());
        MW_CO_TRY(auto factor, co_await find_second_factor(*connection, user_id));
        bool enabled = factor && factor->confirmed_at;
        co_return http::Response::private_json(
            200, boost::json::object{
                     {"enabled", enabled},
                     {"recovery_codes_left", enabled ? factor->recovery_codes_left : 0}});
    }

    api::Reply begin(api::Call& call) {
        MW_CO_TRY(auto user_id, person(call));
        MW_CO_TRY(auto body, call.body());
        std::string password;
        JsonReader in(body);
        in.required("password", password, {1, crypto::kPasswordBytesMax});
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(co_await own_.check(user_id, Secret(std::move(password)), "password"));
        MW_CO_TRY(auto secret, co_await factors_.begin(user_id));
        co_return http::Response::private_json(
            200, boost::json::object{{"secret", crypto::base32(secret.reveal())},
                                     {"uri", crypto::totp_uri(secret, kIssuer, call.caller.name)}});
    }

    api::Reply confirm(api::Call& call) {
        MW_CO_TRY(auto user_id, person(call));
        MW_CO_TRY(auto body, call.body());
        std::string code;
        JsonReader in(body);
        in.required("code", code, {1, 64});
        MW_CO_CHECK(in.finish());
        MW_CO_TRY(auto codes, co_await factors_.confirm(user_id, code));
        MW_CO_CHECK(co_await record(call.caller, "user.second_factor_added", user_id));
        boost::json::array shown(codes.begin(), codes.end());
        co_return http::Response::private_json(
            200, boost::json::object{{"recovery_codes", std::move(shown)}});
    }

    api::Reply remove(api::Call& call) {
        MW_CO_TRY(auto user_id, person(call));
        MW_CO_TRY(auto body, call.body());
        std::string password, code;
        JsonReader in(body);
        in.required("password", password, {1, crypto::kPasswordBytesMax});
        in.required("code", code, {1, 64});
        MW_CO_CHECK(in.finish());
        MW_CO_CHECK(co_await own_.check(user_id, Secret(std::move(password)), "password"));
        MW_CO_TRY(auto verdict, co_await factors_.check(user_id, code));
        if (verdict == Verdict::not_needed) co_return api::not_found();
        if (verdict != Verdict::right) co_return fail_field("code", "is not right");
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await delete_second_factor(tx, user_id));
            co_return co_await audit::record(tx, call.caller,
                                             {"user.second_factor_removed", "user", user_id});
        };
        MW_CO_CHECK(co_await pg::with_tx(factors_.pool(), work));
        co_return http::Response::private_json(200, boost::json::object{{"enabled", false}});
    }

    // Of somebody who has lost theirs.
    api::Reply take_away(api::Call& call) {
        MW_CO_TRY(auto user_id, call.id("user_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await users::check_may_let_in(tx, call.caller, user_id));
            MW_CO_TRY(bool there, co_await delete_second_factor(tx, user_id));
            if (!there) co_return api::not_found();
            co_return co_await audit::record(tx, call.caller,
                                             {"user.second_factor_removed", "user", user_id});
        };
        MW_CO_CHECK(co_await pg::with_tx(factors_.pool(), work));
        co_return api::success(boost::json::object{{"user_id", user_id}, {"enabled", false}});
    }

  private:
    Awaitable<> record(const api::Caller& caller, std::string event, Id user_id) {
        MW_CO_TRY(auto connection, co_await factors_.pool().acquire());
        co_return co_await audit::record(*connection, caller, {std::move(event), "user", user_id});
    }

    SecondFactors factors_;
    passwords::OwnPassword own_;
};

}  // namespace

void add_second_factor_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                                 BlockingPool& blocking) {
    auto factors = std::make_shared<SecondFactorApi>(pool, sealer, blocking);
    const std::string own = "/api/ui/second-factor/";
    api.get(own, api::signed_in(), [factors](api::Call& call) { return factors->state(call); });
    api.post(own, api::signed_in(), [factors](api::Call& call) { return factors->begin(call); });
    api.post(own + "confirm/", api::signed_in(),
             [factors](api::Call& call) { return factors->confirm(call); });
    api.post(own + "remove/", api::signed_in(),
             [factors](api::Call& call) { return factors->remove(call); });
    api.del("/api/v3/accounts/{account_id}/users/{user_id}/second-factor/",
            api::writes(api::Area::members),
            [factors](api::Call& call) { return factors->take_away(call); })
        .says("Take away a member's second factor, which they have lost")
        .gives(api::Route::Answer::one, {{"type", "object"}});
}

}  // namespace mw::second_factors
