#include "features/sign_on/oidc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url.hpp>

#include "base/json_reader.hpp"
#include "infra/crypto/base64.hpp"
#include "infra/crypto/token_hash.hpp"
#include "infra/jwt/verify.hpp"

namespace mw::sign_on {
namespace {

using namespace std::chrono_literals;
namespace urls = boost::urls;

constexpr auto kMetadataLife = 1h;
constexpr std::size_t kAnswerBytesMax = 1024UL * 1024;
constexpr std::size_t kKnownMax = 1000;

std::string_view without_slash(std::string_view url) {
    return url.ends_with('/') ? url.substr(0, url.size() - 1) : url;
}

std::string encoded(std::string_view text) {
    return urls::encode(text, urls::unreserved_chars);
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields)
        form += fmt::format("{}{}={}", form.empty() ? "" : "&", name, encoded(value));
    return form;
}

// What it must hold of the claims that this kind of provider makes.
result<> check_tenant(const AuthProvider& provider, const boost::json::object& claims) {
    if (provider.type == "gsuite" && provider.domain && !provider.domain->empty()) {
        const auto* hosted = claims.if_contains("hd");
        if (!hosted || !hosted->is_string() || hosted->get_string() != *provider.domain)
            return fail(Errc::forbidden,
                        fmt::format("This is no Google account of {}.", *provider.domain));
    }
    const auto* verified = claims.if_contains("email_verified");
    bool unverified = verified && ((verified->is_bool() && !verified->get_bool()) ||
                                   (verified->is_string() && verified->get_string() == "false"));
    if (unverified)
        return fail(Errc::forbidden, "The identity provider has not verified this e-mail address.");
    return {};
}

std::string text_at(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool takes_secret_in_body_only(const boost::json::object& document) {
    const auto* methods = document.if_contains("token_endpoint_auth_methods_supported");
    if (!methods || !methods->is_array()) return false;
    const auto& list = methods->get_array();
    auto has = [&](std::string_view name) {
        return std::ranges::any_of(
            list, [&](const auto& each) { return each.is_string() && each.get_string() == name; });
    };
    return has("client_secret_post") && !has("client_secret_basic");
}

// RFC 6749, 5.2: `error` is from a fixed set, its description is the provider's own words.
std::string refusal_in(const http::ClientResponse& response) {
    auto value = parse_json(response.body);
    if (!value || !value->is_object()) return fmt::format("HTTP {}", response.status);
    auto error = text_at(value->get_object(), "error");
    auto words = text_at(value->get_object(), "error_description").substr(0, 300);
    return fmt::format("HTTP {} {} {}", response.status, error, words);
}

}  // namespace

std::string issuer_of(const AuthProvider& provider) {
    if (provider.type == "gsuite") return "https://accounts.google.com";
    if (provider.type.starts_with("azure"))
        return provider.tenant_id.value_or("").empty()
                   ? std::string()
                   : fmt::format("https://login.microsoftonline.com/{}/v2.0",
                                 encoded(*provider.tenant_id));
    return provider.issuer_url.value_or("");
}

bool is_safe_url(std::string_view text) {
    auto url = urls::parse_uri(text);
    if (!url || url->host().empty() || url->has_userinfo()) return false;
    if (url->scheme_id() == urls::scheme::https) return true;
    auto host = url->host();
    return url->scheme_id() == urls::scheme::http &&
           (host == "localhost" || host == "127.0.0.1" || host == "[::1]");
}

OidcProviders::OidcProviders(const boost::asio::any_io_executor& executor,
                             http::AddressRules networks)
    : client_(executor), networks_(std::move(networks)) {
}

Awaitable<std::string> OidcProviders::authorize_url(AuthProvider provider, Attempt attempt,
                                                    std::string callback) {
    MW_CO_TRY(auto metadata, co_await metadata_of(provider));
    urls::url url(metadata.authorization_endpoint);
    auto params = url.params();
    params.set("response_type", "code");
    params.set("scope", "openid email profile");
    params.set("client_id", provider.client_id.value_or(""));
    params.set("redirect_uri", callback);
    params.set("state", attempt.state);
    params.set("nonce", attempt.nonce);
    params.set("code_challenge", crypto::base64url_encode(crypto::sha256(attempt.code_verifier)));
    params.set("code_challenge_method", "S256");
    if (provider.type == "gsuite" && provider.domain) params.set("hd", *provider.domain);
    co_return std::string(url.buffer());
}

Awaitable<Attributes> OidcProviders::redeem(AuthProvider provider, Secret client_secret,
                                            Attempt attempt, std::string code,
                                            std::string callback) {
    MW_CO_TRY(auto metadata, co_await metadata_of(provider));
    MW_CO_TRY(auto tokens,
              co_await exchange(provider, metadata, client_secret, attempt, code, callback));
    MW_CO_TRY(auto keys, co_await keys_for(metadata.jwks_uri, tokens.id_token));
    MW_CO_TRY(auto claims, jwt::verify(tokens.id_token, keys,
                                       {.issuer = metadata.issuer,
                                        .audience = provider.client_id.value_or(""),
                                        .now = now(),
                                        .nonce = attempt.nonce}));
    if (!claims.contains("email") || !claims.contains("groups")) {
        MW_CO_TRY(auto more, co_await userinfo(metadata, std::move(tokens.access_token)));
        // OpenID Connect Core 5.3.2: another subject's answer must not be used.
        if (text_at(more, "sub") == text_at(claims, "sub"))
            for (auto& [name, value] : more)
                if (!claims.contains(name)) claims[name] = std::move(value);
    }
    MW_CO_CHECK(check_tenant(provider, claims));
    co_return attributes_of(claims);
}

Awaitable<OidcProviders::Metadata> OidcProviders::metadata_of(const AuthProvider& provider) {
    auto issuer = issuer_of(provider);
    if (issuer.empty() || provider.client_id.value_or("").empty())
        co_return fail(Errc::invalid_argument,
                       "The provider lacks its issuer (for Microsoft Entra ID, the tenant id) or "
                       "the client id.");
    if (auto known = metadata_.find(issuer);
        known != metadata_.end() && now() - known->second.read_at < kMetadataLife)
        co_return known->second;
    http::ClientRequest request;
    request.url = fmt::format("{}/.well-known/openid-configuration", without_slash(issuer));
    MW_CO_TRY(auto value, co_await fetch(std::move(request), "its description"));
    if (!value.is_object())
        co_return fail(Errc::upstream_failed, "The issuer's description is no JSON object.");
    const auto& document = value.get_object();
    Metadata metadata{.issuer = text_at(document, "issuer"),
                      .authorization_endpoint = text_at(document, "authorization_endpoint"),
                      .token_endpoint = text_at(document, "token_endpoint"),
                      .userinfo_endpoint = text_at(document, "userinfo_endpoint"),
                      .jwks_uri = text_at(document, "jwks_uri"),
                      .secret_in_body = takes_secret_in_body_only(document),
                      .read_at = now()};
    if (without_slash(metadata.issuer) != without_slash(issuer))
        co_return fail(Errc::upstream_failed, fmt::format("The provider calls itself {}, not {}.",
                                                          metadata.issuer.substr(0, 200), issuer));
    for (const auto* url :
         {&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri})
        if (!is_safe_url(*url))
            co_return fail(Errc::upstream_failed,
                           "The issuer's description lacks an address, or names one that is not "
                           "https.");
    if (!is_safe_url(metadata.userinfo_endpoint)) metadata.userinfo_endpoint.clear();
    if (metadata_.size() >= kKnownMax) metadata_.clear();
    metadata_[issuer] = metadata;
    co_return metadata;
}

Awaitable<jwt::KeySet> OidcProviders::keys_for(const std::string& jwks_uri,
                                               const std::string& token) {
    auto known = keys_.find(jwks_uri);
    if (known != keys_.end() && !known->second.lacks_key_of(token)) co_return known->second;
    http::ClientRequest request;
    request.url = jwks_uri;
    MW_CO_TRY(auto value, co_await fetch(std::move(request), "its keys"));
    MW_CO_TRY(auto set, jwt::KeySet::parse(boost::json::serialize(value)));
    if (keys_.size() >= kKnownMax) keys_.clear();
    keys_.insert_or_assign(jwks_uri, set);
    co_return set;
}

Awaitable<OidcProviders::Tokens> OidcProviders::exchange(
    const AuthProvider& provider, const Metadata& metadata, const Secret& client_secret,
    const Attempt& attempt, const std::string& code, const std::string& callback) {
    const auto& client_id = *provider.client_id;
    std::vector<std::pair<std::string_view, std::string>> fields{
        {"grant_type", "authorization_code"},
        {"code", code},
        {"redirect_uri", callback},
        {"code_verifier", attempt.code_verifier}};
    http::ClientRequest request;
    request.method = "POST";
    request.url = metadata.token_endpoint;
    request.headers = {{"content-type", "application/x-www-form-urlencoded"}};
    if (metadata.secret_in_body || client_secret.empty()) {
        fields.emplace_back("client_id", client_id);
        if (!client_secret.empty()) fields.emplace_back("client_secret", client_secret.reveal());
    } else {
        // RFC 6749, 2.3.1: each is form-encoded before it becomes half of the pair.
        auto pair = fmt::format("{}:{}", encoded(client_id), encoded(client_secret.reveal()));
        request.headers.emplace_back("authorization", "Basic " + crypto::base64_encode(pair));
    }
    request.body = form_of(fields);
    MW_CO_TRY(auto value, co_await fetch(std::move(request), "a token"));
    if (!value.is_object())
        co_return fail(Errc::upstream_failed, "The provider's token is no JSON object.");
    Tokens tokens{text_at(value.get_object(), "id_token"),
                  Secret(text_at(value.get_object(), "access_token"))};
    if (tokens.id_token.empty())
        co_return fail(Errc::upstream_failed, "The provider gave no ID token.");
    co_return tokens;
}

Awaitable<boost::json::object> OidcProviders::userinfo(const Metadata& metadata,
                                                       Secret access_token) {
    if (metadata.userinfo_endpoint.empty() || access_token.empty()) co_return boost::json::object{};
    http::ClientRequest request;
    request.url = metadata.userinfo_endpoint;
    request.bearer_token = std::move(access_token);
    auto value = co_await fetch(std::move(request), "more of who signs in");
    if (!value || !value->is_object()) co_return boost::json::object{};
    co_return std::move(value->get_object());
}

Awaitable<boost::json::value> OidcProviders::fetch(http::ClientRequest request, std::string what) {
    if (!is_safe_url(request.url))
        co_return fail(Errc::invalid_argument,
                       "The issuer's address must begin with https:// and name a host.");
    request.admits = [this](const auto& address) { return networks_.admits(address); };
    request.headers.emplace_back("accept", "application/json");
    request.total_timeout = 15s;
    request.response_bytes_max = kAnswerBytesMax;
    auto response = co_await client_.send(std::move(request));
    if (!response && response.error().code == Errc::forbidden)
        co_return fail(Errc::unavailable,
                       "The identity provider is in no network where one may be: the operator's "
                       "setting MILLWRIGHT_SIGN_ON_NETWORKS lists them.");
    if (!response) co_return fail(response.error());
    if (!response->ok())
        co_return fail(Errc::upstream_failed,
                       fmt::format("The identity provider was asked for {} and answered {}", what,
                                   refusal_in(*response)));
    auto value = parse_json(response->body);
    if (!value)
        co_return fail(
            Errc::upstream_failed,
            fmt::format("The identity provider was asked for {}: {}", what, value.error().message));
    co_return std::move(*value);
}

}  // namespace mw::sign_on
