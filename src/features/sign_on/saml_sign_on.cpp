#include "features/sign_on/saml_sign_on.hpp"

#include "infra/saml/request.hpp"
#include "infra/saml/response.hpp"

namespace mw::sign_on {
namespace {

saml::IdentityProvider theirs(const AuthProvider& provider) {
    return {.entity_id = provider.entity_id.value_or(""),
            .sso_url = provider.sso_url.value_or(""),
            .certificate_pem = provider.cert.value_or(""),
            .sign_requests = provider.sign_request};
}

}  // namespace

saml::ServiceProvider SamlProviders::ours(const AuthProvider& provider, Secret key) const {
    return {.entity_id = audience(public_url_),
            .acs_url = callback_url(public_url_, provider),
            .key_pem = std::move(key),
            .certificate_pem = provider.sp_certificate.value_or("")};
}

Awaitable<std::string> SamlProviders::authorize_url(AuthProvider provider, Secret key,
                                                    Attempt& attempt) {
    auto made = co_await offload(blocking_, [&] {
        return saml::make_request(ours(provider, std::move(key)), theirs(provider), attempt.state);
    });
    if (!made) co_return fail(made.error());
    attempt.request_id = made->id;
    co_return made->url;
}

Awaitable<bool> SamlProviders::is_unsolicited(std::string response) {
    co_return co_await offload(blocking_,
                               [&]() -> result<bool> { return saml::is_unsolicited(response); });
}

Awaitable<SamlSubject> SamlProviders::read(AuthProvider provider, Secret key, Attempt attempt,
                                           std::string response) {
    auto subject = co_await offload(blocking_, [&] {
        return saml::read_response(ours(provider, std::move(key)), theirs(provider), response,
                                   attempt.request_id, now());
    });
    if (!subject) co_return fail(subject.error());
    co_return SamlSubject{subject->name_id, subject->attributes, subject->assertion_id};
}

Awaitable<std::string> SamlProviders::metadata(AuthProvider provider) {
    auto text = co_await offload(blocking_, [&] { return saml::metadata(ours(provider, {})); });
    co_return text;
}

}  // namespace mw::sign_on
