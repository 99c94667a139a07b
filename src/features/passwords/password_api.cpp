#include "features/passwords/password_api.hpp"

#include <fmt/format.h>

#include "features/audit/audit_store.hpp"
#include "features/mail/letter.hpp"
#include "features/users/may_change.hpp"
#include "features/users/user_store.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::passwords {
namespace {

constexpr std::size_t kBodyBytesMax = 16UL * 1024;

std::unexpected<Error> not_good() {
    return fail(Errc::not_found, "This link is not, or no longer, good. Ask for another one.");
}

class PasswordApi {
  public:
    PasswordApi(pg::Pool& pool, BlockingPool& blocking, std::string public_url,
                std::optional<mail::Outbox> outbox)
        : pool_(pool),
          blocking_(blocking),
          own_(pool, blocking),
          public_url_(std::move(public_url)),
          outbox_(std::move(outbox)) {}

    // Only a browser's own session: a token does not make its holder the person.
    api::Reply change(api::Call& call) {
        if (call.caller.kind != api::Caller::Kind::session || !call.caller.user_id)
            co_return fail(Errc::forbidden, "Sign in to change your password.");
        MW_CO_TRY(auto body, call.body());
        std::string old_password, new_password;
        JsonReader in(body);
        in.required("old_password", old_password, {1, crypto::kPasswordBytesMax});
        in.required("new_password", new_password,
                    {crypto::kPasswordLeast, crypto::kPasswordBytesMax});
        MW_CO_CHECK(in.finish());
        auto user_id = *call.caller.user_id;
        MW_CO_CHECK(co_await own_.check(user_id, Secret(std::move(old_password)), "old_password"));
        MW_CO_TRY(auto hash, co_await hashed(Secret(std::move(new_password))));
        auto session = crypto::hash_token(http::cookie_value(call.request, api::kSessionCookie));
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await users::set_password(tx, user_id, hash, session));
            co_return co_await audit::record(tx, call.caller,
                                             {"user.password_changed", "user", user_id});
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return http::Response::private_json(200, boost::json::object{{"changed", true}});
    }

    api::Reply make_link(api::Call& call) {
        MW_CO_TRY(auto user_id, call.id("user_id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<ResetLink> {
            MW_CO_CHECK(co_await users::check_may_let_in(tx, call.caller, user_id));
            MW_CO_CHECK(co_await audit::record(tx, call.caller,
                                               {"user.password_reset_made", "user", user_id}));
            co_return co_await make_reset_link(tx, user_id, public_url_);
        };
        MW_CO_TRY(auto made, co_await pg::with_tx(pool_, work));
        auto response = api::success(
            boost::json::object{{"link", made.link}, {"expires_at", format_iso(made.expires_at)}});
        response.headers["cache-control"] = "no-store";
        co_return response;
    }

    // Whoever it is that asks: nobody learns who has an account here.
    api::Reply send_link(http::Request& request) {
        if (!outbox_)
            co_return fail(Errc::conflict,
                           "This installation sends no e-mail. Ask an administrator for a link.");
        MW_CO_TRY(auto value, parse_json(request.body));
        JsonReader in(value);
        std::string email;
        in.required("email", email, {1, 320});
        MW_CO_CHECK(in.finish());
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_TRY(auto person, co_await find_person_to_send(tx, email));
            if (!person) co_return result<>{};
            MW_CO_TRY(auto made, co_await make_reset_link(tx, person->user_id, public_url_));
            co_return co_await outbox_->write(tx, person->account_id, mail::kPasswordReset,
                                              person->email,
                                              mail::password_reset_letter(made.link));
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return http::Response::private_json(200, boost::json::object{});
    }

    // With the token of a link; the second factor is still asked for at the next sign-in.
    api::Reply accept(http::Request& request) {
        MW_CO_TRY(auto value, parse_json(request.body));
        JsonReader in(value);
        std::string token, password;
        in.required("token", token, {1, 512});
        in.required("password", password, {crypto::kPasswordLeast, crypto::kPasswordBytesMax});
        MW_CO_CHECK(in.finish());
        auto token_hash = crypto::hash_token(token);
        // Before a password is hashed, which costs much: nobody is signed in here.
        {
            MW_CO_TRY(auto connection, co_await pool_.acquire());
            MW_CO_TRY(auto owner, co_await lock_reset(*connection, token_hash));
            if (!owner) co_return not_good();
        }
        MW_CO_TRY(auto hash, co_await hashed(Secret(std::move(password))));
        auto work = [&](pg::Connection& tx) -> Awaitable<std::string> {
            MW_CO_TRY(auto owner, co_await lock_reset(tx, token_hash));
            if (!owner) co_return not_good();
            MW_CO_CHECK(co_await users::set_password(tx, owner->user_id, hash));
            api::Caller caller;
            caller.account_id = owner->account_id;
            caller.user_id = owner->user_id;
            caller.name = owner->email;
            caller.address = request.client_address;
            if (owner->account_id != 0)
                MW_CO_CHECK(co_await audit::record(
                    tx, caller, {"user.password_reset", "user", owner->user_id}));
            co_return owner->email;
        };
        MW_CO_TRY(auto email, co_await pg::with_tx(pool_, work));
        co_return http::Response::private_json(200, boost::json::object{{"email_address", email}});
    }

  private:
    Awaitable<std::string> hashed(Secret password) {
        MW_CO_TRY(auto hash,
                  co_await offload(blocking_, [&] { return crypto::hash_password(password); }));
        co_return std::move(hash);
    }

    pg::Pool& pool_;
    BlockingPool& blocking_;
    OwnPassword own_;
    std::string public_url_;
    std::optional<mail::Outbox> outbox_;
};

}  // namespace

Awaitable<ResetLink> make_reset_link(pg::Connection& tx, Id user_id, std::string public_url) {
    auto token = crypto::random_token("mwp_");
    MW_CO_TRY(auto expires_at, co_await insert_reset(tx, user_id, crypto::hash_token(token)));
    // In the fragment, which no server and no log sees.
    co_return ResetLink{fmt::format("{}/reset-password#{}", public_url, token), expires_at};
}

void add_password_endpoints(api::Api& api, pg::Pool& pool, BlockingPool& blocking,
                            std::string public_url, std::optional<mail::Outbox> outbox) {
    auto passwords =
        std::make_shared<PasswordApi>(pool, blocking, std::move(public_url), std::move(outbox));
    api.post("/api/ui/password/", api::signed_in(),
             [passwords](api::Call& call) { return passwords->change(call); });
    api.post("/api/v3/accounts/{account_id}/users/{user_id}/password-reset/",
             api::writes(api::Area::members),
             [passwords](api::Call& call) { return passwords->make_link(call); })
        .says("Make a link by which a member sets a new password; it is in this answer only")
        .gives(api::Route::Answer::one,
               {{"type", "object"},
                {"properties",
                 {{"link", {{"type", "string"}}}, {"expires_at", {{"type", "string"}}}}}});
    api.open().add("POST", "/api/ui/password-resets/",
                   [passwords](http::Request& request) { return passwords->send_link(request); },
                   {.max_bytes = kBodyBytesMax});
    api.open().add("POST", "/api/ui/password-resets/accept/",
                   [passwords](http::Request& request) { return passwords->accept(request); },
                   {.max_bytes = kBodyBytesMax});
}

}  // namespace mw::passwords
