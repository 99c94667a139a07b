#include "features/sign_on/sign_on_api.hpp"

#include <fmt/format.h>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "api/form.hpp"
#include "base/described_json.hpp"
#include "base/log.hpp"
#include "features/audit/audit_store.hpp"
#include "features/auth/session.hpp"
#include "features/sign_on/admission.hpp"
#include "features/sign_on/oidc.hpp"
#include "features/sign_on/saml_sign_on.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/crypto/token_hash.hpp"

namespace mw::sign_on {
namespace {

using namespace std::chrono_literals;

// A response is at most 256 KiB of XML, in base64, and that percent-encoded.
constexpr std::uint64_t kFormBytesMax = 1024UL * 1024;
constexpr std::size_t kResponseBytesMax = 400UL * 1024;
// Longer than any assertion is good that was made for a request of ours.
constexpr auto kAssertionLife = 24h;

http::Response redirect(std::string to) {
    http::Response response;
    response.status = 303;
    response.headers["location"] = std::move(to);
    response.headers["cache-control"] = "no-store";
    response.headers["referrer-policy"] = "no-referrer";
    return response;
}

// What the sign-in page is told; it has a sentence for each.
std::string word_for(const Error& error) {
    switch (error.code) {
        case Errc::forbidden:
            return "refused";
        case Errc::unauthenticated:
            return "answer";
        case Errc::invalid_argument:
            return "settings";
        case Errc::not_found:
            return "unknown";
        case Errc::conflict:
            return "expired";
        default:
            return "unreachable";
    }
}

class SignOnApi {
  public:
    SignOnApi(const boost::asio::any_io_executor& executor, SignOnParts parts)
        : parts_(std::move(parts)),
          oidc_(executor, parts_.networks),
          saml_(parts_.blocking, parts_.public_url) {}

    api::Reply choices(http::Request&) {
        MW_CO_TRY(auto choices, co_await list_choices(parts_.pool));
        boost::json::array json;
        for (const auto& choice : choices)
            json.push_back(described_to_json(choice));
        co_return http::Response::private_json(200, json);
    }

    api::Reply begin(http::Request& request) {
        MW_CO_TRY(auto provider,
                  co_await find_provider(parts_.pool, request.path_params.at("slug")));
        if (!provider) co_return redirect("/sign-in?sign_on=unknown");
        auto attempt = begin_attempt(provider->id, request.query_value("next").value_or(""));
        auto url = co_await authorize_url(*provider, attempt);
        if (!url) co_return co_await refuse(request, *provider, "", url.error());
        auto response = redirect(std::move(*url));
        response.headers["set-cookie"] = attempt_cookie(attempt, parts_.sealer, now());
        co_return response;
    }

    api::Reply metadata(http::Request& request) {
        MW_CO_TRY(auto provider,
                  co_await find_provider(parts_.pool, request.path_params.at("slug")));
        if (!provider || protocol_of(provider->type) != Protocol::saml) co_return api::not_found();
        MW_CO_TRY(auto text, co_await saml_.metadata(*provider));
        http::Response response;
        response.headers["content-type"] = "application/samlmetadata+xml";
        response.body = std::move(text);
        co_return response;
    }

    api::Reply complete_oidc(http::Request& request) {
        MW_CO_TRY(auto found, co_await attempt_for(request, request.query_value("state")));
        if (!found) co_return redirect("/sign-in?sign_on=expired");
        auto& [attempt, provider] = *found;
        if (protocol_of(provider.type) != Protocol::oidc)
            co_return redirect("/sign-in?sign_on=expired");
        if (auto error = request.query_value("error")) {
            auto words = request.query_value("error_description").value_or("");
            co_return co_await refuse(
                request, provider, "",
                {Errc::unauthenticated, fmt::format("The identity provider says: {} {}",
                                                    error->substr(0, 100), words.substr(0, 300))});
        }
        auto code = request.query_value("code").value_or("");
        auto identity = co_await identity_by_code(provider, attempt, std::move(code));
        if (!identity) co_return co_await refuse(request, provider, "", identity.error());
        co_return co_await let_in(request, provider, attempt, std::move(*identity), {});
    }

    api::Reply complete_saml(http::Request& request) {
        MW_CO_TRY(auto form, api::parse_form(request.body));
        std::string response, relay_state;
        JsonReader in(form);
        in.required("SAMLResponse", response, {1, kResponseBytesMax});
        in.keep("RelayState", relay_state, {0, 2048});
        MW_CO_CHECK(in.finish());
        // Begun by the provider (a tile of its portal): begun anew from here, so that only a
        // browser that asked gets a session.
        MW_CO_TRY(bool unasked, co_await saml_.is_unsolicited(response));
        if (unasked) co_return co_await begin_here(relay_state);
        MW_CO_TRY(auto found, co_await attempt_for(request, relay_state));
        if (!found) co_return redirect("/sign-in?sign_on=expired");
        auto& [attempt, provider] = *found;
        if (protocol_of(provider.type) != Protocol::saml || attempt.request_id.empty())
            co_return redirect("/sign-in?sign_on=expired");
        auto secrets = secrets_of(provider);
        if (!secrets) co_return co_await refuse(request, provider, "", secrets.error());
        auto subject = co_await saml_.read(provider, secret(*secrets, "sp_key"), attempt, response);
        if (!subject) co_return co_await refuse(request, provider, "", subject.error());
        auto identity = identity_of(provider, subject->attributes, subject->name_id);
        if (!identity)
            co_return co_await refuse(request, provider, subject->name_id, identity.error());
        co_return co_await let_in(request, provider, attempt, std::move(*identity),
                                  subject->assertion_id);
    }

  private:
    struct Found {
        Attempt attempt;
        AuthProvider provider;
    };

    Awaitable<std::string> authorize_url(AuthProvider provider, Attempt& attempt) {
        if (protocol_of(provider.type) == Protocol::oidc)
            co_return co_await oidc_.authorize_url(provider, attempt,
                                                   callback_url(parts_.public_url, provider));
        MW_CO_TRY(auto secrets, secrets_of(provider));
        co_return co_await saml_.authorize_url(provider, secret(secrets, "sp_key"), attempt);
    }

    // The one that this browser began and that this answer is for.
    Awaitable<std::optional<Found>> attempt_for(const http::Request& request,
                                                std::optional<std::string> state) {
        auto attempt = attempt_of(request, parts_.sealer, now());
        if (!attempt || !state || !crypto::constant_time_equal(attempt->state, *state))
            co_return std::nullopt;
        MW_CO_TRY(auto provider, co_await find_provider(parts_.pool, attempt->provider_id));
        if (!provider) co_return std::nullopt;
        co_return Found{std::move(*attempt), std::move(*provider)};
    }

    // RelayState is the slug, as dbt Cloud has it set up; else the only SAML provider there is.
    api::Reply begin_here(std::string relay_state) {
        MW_CO_TRY(auto provider, co_await find_provider(parts_.pool, relay_state));
        if (!provider) {
            MW_CO_TRY(auto choices, co_await list_choices(parts_.pool));
            std::erase_if(choices, [](const auto& choice) {
                return protocol_of(choice.type) != Protocol::saml;
            });
            if (choices.size() == 1) {
                MW_CO_TRY(provider, co_await find_provider(parts_.pool, choices.front().slug));
            }
        }
        if (!provider) co_return redirect("/sign-in");
        co_return redirect(login_url("", *provider));
    }

    Awaitable<Identity> identity_by_code(AuthProvider provider, Attempt attempt, std::string code) {
        MW_CO_TRY(auto secrets, secrets_of(provider));
        MW_CO_TRY(auto attributes, co_await oidc_.redeem(
                                       provider, secret(secrets, "client_secret"), attempt,
                                       std::move(code), callback_url(parts_.public_url, provider)));
        co_return identity_of(provider, attributes, "");
    }

    api::Reply let_in(const http::Request& request, const AuthProvider& provider,
                      const Attempt& attempt, Identity identity, std::string assertion_id) {
        api::Caller caller;
        caller.account_id = provider.account_id;
        caller.name = identity.email;
        caller.address = request.client_address;
        auto work = [&](pg::Connection& tx) -> Awaitable<std::string> {
            if (!assertion_id.empty()) {
                MW_CO_TRY(bool fresh, co_await use_assertion(tx, crypto::sha256_hex(assertion_id),
                                                             now() + kAssertionLife));
                if (!fresh)
                    co_return fail(Errc::unauthenticated, "This assertion was used before.");
            }
            MW_CO_TRY(auto user_id, co_await admit(tx, provider, identity));
            caller.user_id = user_id;
            MW_CO_CHECK(co_await note_use(tx, provider.id));
            co_return co_await auth::begin_session(tx, caller, provider.type);
        };
        auto cookie = co_await pg::with_tx(parts_.pool, work);
        if (!cookie) co_return co_await refuse(request, provider, identity.email, cookie.error());
        auto response = redirect(attempt.next.empty() ? "/" : attempt.next);
        response.headers["set-cookie"] = std::move(*cookie);
        co_return response;
    }

    // Whoever is sent away learns little; whoever reads the audit log learns why.
    api::Reply refuse(const http::Request& request, const AuthProvider& provider, std::string who,
                      Error error) {
        log::warn(
            "sign-on refused",
            {{"provider", provider.slug}, {"reason", error.message}, {"detail", error.detail}});
        auto work = [&](pg::Connection& tx) -> Awaitable<> {
            co_return co_await audit::record_system(
                tx, provider.account_id, "identity provider",
                {"sign_on.refused",
                 "auth_provider",
                 provider.id,
                 {{"reason", error.message}, {"email", who}, {"address", request.client_address}}});
        };
        MW_CO_CHECK(co_await pg::with_tx(parts_.pool, work));
        co_return redirect(
            fmt::format("/sign-in?sign_on={}&provider={}", word_for(error), provider.slug));
    }

    result<boost::json::object> secrets_of(const AuthProvider& provider) const {
        if (!provider.sealed_secrets) return boost::json::object{};
        return crypto::open_json(parts_.sealer, provider.sealed_secrets->data,
                                 sealing_context(provider.id));
    }

    static Secret secret(const boost::json::object& secrets, std::string_view name) {
        const auto* value = secrets.if_contains(name);
        return value && value->is_string() ? Secret(std::string(value->get_string())) : Secret();
    }

    SignOnParts parts_;
    OidcProviders oidc_;
    SamlProviders saml_;
};

}  // namespace

void add_sign_on_endpoints(api::Api& api, const boost::asio::any_io_executor& executor,
                           SignOnParts parts) {
    auto self = std::make_shared<SignOnApi>(executor, std::move(parts));
    auto& open = api.open();
    open.add("GET", "/api/ui/sign-on/",
             [self](http::Request& request) { return self->choices(request); });
    open.add("GET", "/enterprise-login/{slug}",
             [self](http::Request& request) { return self->begin(request); });
    open.add("GET", "/enterprise-login/{slug}/metadata",
             [self](http::Request& request) { return self->metadata(request); });
    open.add("GET", "/complete/{type}",
             [self](http::Request& request) { return self->complete_oidc(request); });
    open.add("POST", "/complete/{type}",
             [self](http::Request& request) { return self->complete_saml(request); },
             {.max_bytes = kFormBytesMax});
}

}  // namespace mw::sign_on
