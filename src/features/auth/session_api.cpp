#include "features/auth/session_api.hpp"

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "features/auth/auth_store.hpp"
#include "features/auth/session.hpp"
#include "features/auth/token_authenticator.hpp"
#include "features/users/email.hpp"
#include "infra/crypto/password.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/http/server/cookie.hpp"

namespace mw::auth {
namespace {

boost::json::object session_json(const SignInUser& user) {
    return {{"user",
             {{"id", user.id},
              {"email", user.email},
              {"first_name", user.first_name},
              {"last_name", user.last_name}}},
            {"account", {{"id", user.account_id}, {"name", user.account_name}}}};
}

struct SignInForm {
    std::string email;
    Secret password;
    std::string code;  // of the second factor; empty until it is asked for
};

result<SignInForm> read_form(const std::string& body) {
    MW_TRY(auto json, parse_json(body));
    SignInForm form;
    std::string password;
    JsonReader in(json);
    in.required("email", form.email, {1, 320});
    in.required("password", password, {1, crypto::kPasswordBytesMax});
    in.keep("code", form.code, {0, 64});
    MW_CHECK(in.finish());
    form.email = users::lower_email(std::move(form.email));
    form.password = Secret(std::move(password));
    return form;
}

}  // namespace

void SessionApi::add_endpoints(api::Api& api) {
    api.open().add("POST", "/api/ui/session/",
                   [this](http::Request& request) { return sign_in(request); },
                   {.max_bytes = 16 * 1024});
    api.open().add("DELETE", "/api/ui/session/",
                   [this](http::Request& request) { return sign_out(request); });
    api.get("/api/ui/session/", api::signed_in(),
            [this](api::Call& call) { return who_am_i(call); });
}

api::Reply SessionApi::sign_in(http::Request& request) {
    MW_CO_TRY(auto form, read_form(request.body));
    auto moment = passwords::SignInThrottle::Moment::clock::now();
    auto by_address = "address " + request.client_address;
    auto wait = std::max(throttle_.wait(form.email, moment), throttle_.wait(by_address, moment));
    if (wait.count() > 0)
        co_return fail(Errc::limit_exceeded,
                       fmt::format("Too many failed tries. Try again in {} s.", wait.count()));

    MW_CO_TRY(auto user, co_await find_sign_in_user(pool_, form.email));
    // An unknown e-mail takes as long as a wrong password.
    auto hash = user && user->password_hash ? *user->password_hash : std::string();
    MW_CO_TRY(bool fits, co_await offload(blocking_, [&] {
                  return crypto::verify_password(
                      hash.empty() ? crypto::decoy_password_hash() : hash, form.password);
              }));
    if (!fits || !user) {
        throttle_.failed(form.email, moment);
        throttle_.failed(by_address, moment);
        co_return fail(Errc::unauthenticated, "The e-mail or the password is wrong.");
    }
    throttle_.succeeded(form.email);
    throttle_.succeeded(by_address);
    if (user->password_refused)
        co_return fail(Errc::forbidden,
                       fmt::format("Members of {} sign in by their identity provider, not by "
                                   "password.",
                                   user->account_name));
    MW_CO_CHECK(co_await check_second_factor(user->id, form.code));

    api::Caller caller{api::Caller::Kind::session, user->account_id, user->id, {}, user->email,
                       request.client_address};
    auto begin = [&](pg::Connection& tx) { return begin_session(tx, caller, "password"); };
    MW_CO_TRY(auto cookie, co_await pg::with_tx(pool_, begin));
    auto response = http::Response::private_json(200, session_json(*user));
    response.headers["set-cookie"] = std::move(cookie);
    co_return response;
}

// Not before the password was right: who has a second factor is nobody else's business.
asio::awaitable<result<>> SessionApi::check_second_factor(Id user_id, std::string code) {
    using second_factors::Verdict;
    MW_CO_TRY(auto verdict, co_await second_factors_.check(user_id, std::move(code)));
    if (verdict == Verdict::not_needed || verdict == Verdict::right) co_return result<>{};
    auto text = verdict == Verdict::missing
                    ? "Enter the code that your authenticator app shows, or a recovery code."
                    : "This code is not right, or was used before. Enter the next one.";
    co_return fail(Error{Errc::unauthenticated, text, {}, {{"code", text}}});
}

api::Reply SessionApi::who_am_i(api::Call& call) {
    if (!call.caller.user_id) co_return fail(Errc::forbidden, "A service token has no user.");
    MW_CO_TRY(auto user, co_await find_member(pool_, *call.caller.user_id, call.account_id));
    if (!user) co_return api::not_found();
    co_return http::Response::private_json(200, session_json(*user));
}

api::Reply SessionApi::sign_out(http::Request& request) {
    auto cookie = http::cookie_value(request, api::kSessionCookie);
    if (!cookie.empty()) {
        auto hash = crypto::hash_token(cookie);
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_CHECK(co_await delete_session(*lease, hash));
    }
    http::Response response;
    response.status = 204;
    response.headers["set-cookie"] = session_cookie("", std::chrono::seconds(0));
    co_return response;
}

}  // namespace mw::auth
