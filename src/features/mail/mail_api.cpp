#include "features/mail/mail_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "api/example_schema.hpp"
#include "api/form.hpp"
#include "base/described_json.hpp"
#include "features/audit/audit_store.hpp"
#include "features/mail/letter.hpp"
#include "features/mail/run_letter_store.hpp"

namespace mw::mail {
namespace {

using api::Area;

class MailApi {
  public:
    MailApi(pg::Pool& pool, Mailer& mailer, std::string public_url)
        : pool_(pool), mailer_(mailer), public_url_(std::move(public_url)) {}

    api::Reply get(api::Call& call) {
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto enabled, co_await is_enabled(*lease, call.account_id));
        co_return api::success(state_json(enabled));
    }

    api::Reply set(api::Call& call) {
        MW_CO_TRY(auto body, call.body());
        JsonReader in(body);
        std::optional<bool> given;
        in.optional("enabled", given);
        if (!given) in.error("enabled", "is required");
        MW_CO_CHECK(in.finish());
        bool enabled = *given;
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            MW_CO_CHECK(co_await set_enabled(tx, call.account_id, enabled));
            co_return co_await audit::record(
                tx, call.caller,
                {enabled ? "mail.enabled" : "mail.disabled", "account", call.account_id});
        };
        MW_CO_CHECK(co_await pg::with_tx(pool_, work));
        co_return api::success(state_json(enabled));
    }

    // To whoever asks, and to nobody else.
    api::Reply test(api::Call& call) {
        if (!call.caller.user_id)
            co_return fail(Errc::forbidden, "Sign in: a test goes to the person who asks for it.");
        MW_CO_CHECK(co_await mailer_.send_now(call.caller.name, test_letter(public_url_)));
        co_return api::success(boost::json::object{{"recipient", call.caller.name}});
    }

    api::Reply list(api::Call& call) {
        auto status = call.request.query_value("status").value_or("");
        if (status != "" && status != "pending" && status != "sent" && status != "failed")
            co_return fail_field("status", "must be pending, sent or failed");
        MW_CO_TRY(auto lease, co_await pool_.acquire());
        MW_CO_TRY(auto letters, co_await list_letters(*lease, call.account_id, status));
        boost::json::array json;
        for (const auto& letter : letters)
            json.push_back(described_to_json(letter));
        co_return api::success(std::move(json));
    }

    api::Reply again(api::Call& call) {
        MW_CO_TRY(auto id, call.id("id"));
        auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<Letter>> {
            co_return co_await try_again(tx, call.account_id, id);
        };
        MW_CO_TRY(auto letter, co_await pg::with_tx(pool_, work));
        if (!letter)
            co_return fail(Errc::not_found, "There is no letter of this account that failed.");
        co_return api::success(described_to_json(*letter));
    }

    // Nobody is signed in: the key in the link is who they are.
    api::Reply stop(http::Request& request) {
        MW_CO_TRY(auto value, parse_json(request.body));
        JsonReader in(value);
        std::string token;
        in.required("token", token, {1, 64});
        MW_CO_CHECK(in.finish());
        co_return co_await end_notification(std::move(token));
    }

    // By a mail program's own button (RFC 8058): it posts one fixed field, and nothing else does.
    api::Reply stop_by_one_click(http::Request& request) {
        MW_CO_TRY(auto form, api::parse_form(request.body));
        std::string wish;
        JsonReader in(form);
        in.required("List-Unsubscribe", wish);
        if (wish != "One-Click") in.error("List-Unsubscribe", "must be One-Click");
        MW_CO_CHECK(in.finish());
        co_return co_await end_notification(request.path_params.at("key"));
    }

    // A person who follows the address is asked first.
    api::Reply show_page(http::Request& request) {
        const auto& key = request.path_params.at("key");
        bool plain =
            std::ranges::all_of(key, [](unsigned char c) { return c == '-' || std::isalnum(c); });
        if (!plain) co_return api::not_found();
        http::Response response;
        response.status = 303;
        response.headers["location"] = "/unsubscribe#" + key;
        response.headers["cache-control"] = "no-store";
        co_return response;
    }

  private:
    api::Reply end_notification(std::string token) {
        auto work = [&](pg::Connection& tx) -> Awaitable<std::optional<std::string>> {
            co_return co_await unsubscribe(tx, token);
        };
        MW_CO_TRY(auto address, co_await pg::with_tx(pool_, work));
        if (!address)
            co_return fail(Errc::not_found,
                           "This link is not, or no longer, good: nothing is sent by it.");
        co_return http::Response::private_json(200, boost::json::object{{"recipient", *address}});
    }

    boost::json::object state_json(bool enabled) const {
        const auto& settings = mailer_.settings();
        boost::json::object json{{"configured", settings.has_value()},
                                 {"enabled", enabled},
                                 {"from", nullptr},
                                 {"server", nullptr}};
        if (settings) {
            json["from"] = settings->from_address;
            json["server"] = settings->server_words();
        }
        return json;
    }

    pg::Pool& pool_;
    Mailer& mailer_;
    std::string public_url_;
};

}  // namespace

void add_mail_endpoints(api::Api& api, pg::Pool& pool, Mailer& mailer, std::string public_url) {
    using How = api::Route::Answer;
    auto mail = std::make_shared<MailApi>(pool, mailer, std::move(public_url));
    const std::string path = "/api/ui/accounts/{account_id}/mail/";
    boost::json::object yes_or_no{{"type", "boolean"}};
    boost::json::object state{{"type", "object"},
                              {"properties", {{"configured", yes_or_no}, {"enabled", yes_or_no}}}};
    auto letter = api::schema_like(described_to_json(Letter{}));
    api.get(path, api::reads(Area::notifications),
            [mail](api::Call& call) { return mail->get(call); })
        .says("Tell whether e-mail is sent, and by which server")
        .gives(How::one, state);
    api.post(path, api::writes(Area::notifications),
             [mail](api::Call& call) { return mail->set(call); })
        .says("Turn the account's e-mail on or off")
        .takes({{"type", "object"},
                {"required", {"enabled"}},
                {"properties", {{"enabled", yes_or_no}}}})
        .gives(How::one, state);
    api.post(path + "test/", api::writes(Area::notifications),
             [mail](api::Call& call) { return mail->test(call); })
        .says("Send a test to whoever asks, at once")
        .gives(How::one, {{"type", "object"}});
    api.get(path + "letters/", api::reads(Area::notifications),
            [mail](api::Call& call) { return mail->list(call); })
        .says("List the newest letters, with what became of them")
        .asks({"status"})
        .gives(How::one, {{"type", "array"}, {"items", letter}});
    api.post(path + "letters/{id}/again/", api::writes(Area::notifications),
             [mail](api::Call& call) { return mail->again(call); })
        .says("Send a letter that failed again")
        .gives(How::one, letter);
    api.open().add("POST", "/api/ui/unsubscribe/",
                   [mail](http::Request& request) { return mail->stop(request); },
                   {.max_bytes = 4096});
    api.open().add("POST", "/api/ui/unsubscribe/{key}/",
                   [mail](http::Request& request) { return mail->stop_by_one_click(request); },
                   {.max_bytes = 4096});
    api.open().add("GET", "/api/ui/unsubscribe/{key}/",
                   [mail](http::Request& request) { return mail->show_page(request); });
}

}  // namespace mw::mail
