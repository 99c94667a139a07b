#include "features/sign_on/provider_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "features/resources/resource_api.hpp"
#include "features/sign_on/identity.hpp"
#include "features/sign_on/oidc.hpp"
#include "features/sign_on/sign_on_store.hpp"
#include "infra/crypto/random.hpp"
#include "infra/crypto/sealed_json.hpp"
#include "infra/crypto/signing_pair.hpp"
#include "infra/saml/certificate.hpp"

namespace mw::sign_on {
namespace {

namespace asio = boost::asio;
using Change = resources::Change<AuthProvider>;
using resources::field;

constexpr std::array<const char*, 2> kSecrets{"client_secret", "admin_refresh_token"};
constexpr std::size_t kSlugBytesMax = 64;

bool is_slug(std::string_view text) {
    return !text.empty() && text.size() <= kSlugBytesMax && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

std::string text_of(const std::optional<std::string>& text) {
    return text.value_or("");
}

result<> check_saml(const AuthProvider& row) {
    if (text_of(row.entity_id).empty()) return fail_field("entity_id", "is required");
    if (text_of(row.sso_url).empty()) return fail_field("sso_url", "is required");
    if (!is_safe_url(*row.sso_url)) return fail_field("sso_url", "must begin with https://");
    if (text_of(row.cert).empty()) return fail_field("cert", "is required");
    if (auto expiry = saml::certificate_expiry(*row.cert); !expiry)
        return fail_field("cert", expiry.error().message);
    return {};
}

result<> check_oidc(const AuthProvider& row) {
    if (text_of(row.client_id).empty()) return fail_field("client_id", "is required");
    if (row.type.starts_with("azure") && text_of(row.tenant_id).empty())
        return fail_field("tenant_id",
                          "is required: any other tenant could claim any e-mail address");
    if (row.type == "gsuite" && text_of(row.domain).empty())
        return fail_field("domain", "is required: else every Google account could sign in");
    if (row.type == "oidc" && !is_safe_url(text_of(row.issuer_url)))
        return fail_field("issuer_url", "must be an address that begins with https://");
    return {};
}

// Nobody is locked out by a provider that has let nobody in yet.
result<> check_passwords(const Change& change) {
    const auto& row = change.row;
    bool forbids =
        !row.allow_password_backdoor && (!change.before || change.before->allow_password_backdoor);
    if (!forbids || row.last_used_at) return {};
    return fail_field("allow_password_backdoor",
                      "may be false once somebody has signed in by this provider: until then, "
                      "nobody could");
}

asio::awaitable<result<>> check(Change& change) {
    auto& row = change.row;
    if (row.slug.empty()) row.slug = "sso-" + crypto::random_hex(6);
    if (!is_slug(row.slug))
        co_return fail_field("slug", "may have letters, digits, - and _, at most 64");
    if (auto map = check_attribute_map(row.attribute_map); !map)
        co_return fail_field("attribute_map", map.error().message);
    MW_CO_CHECK(protocol_of(row.type) == Protocol::saml ? check_saml(row) : check_oidc(row));
    MW_CO_CHECK(check_passwords(change));
    MW_CO_TRY(bool taken, co_await is_slug_taken(change.tx, row.slug, row.id));
    if (!taken) co_return result<>{};
    std::string text = "is another provider's of this installation";
    co_return fail(Error{Errc::conflict, "slug: " + text, {}, {{"slug", text}}});
}

class ProviderResource {
  public:
    ProviderResource(const crypto::Sealer& sealer, BlockingPool& blocking, std::string public_url)
        : sealer_(sealer), blocking_(blocking), public_url_(std::move(public_url)) {}

    // What it is sealed with is the row's id, so after the row is there.
    asio::awaitable<result<>> write_secrets(Change& change) const {
        if (change.is_removal()) co_return result<>{};
        auto& row = change.row;
        MW_CO_TRY(auto given, read_secrets(change.body));
        // A key of ours, for requests that are signed and assertions that are encrypted; the
        // provider is told of it by our metadata.
        if (protocol_of(row.type) == Protocol::saml && !row.sp_certificate) {
            MW_CO_TRY(auto made, co_await offload(blocking_, [] {
                          return crypto::make_signing_pair("Millwright");
                      }));
            given["sp_key"] = made.key_pem.reveal();
            row.sp_certificate = made.certificate_pem;
        }
        if (given.empty()) co_return result<>{};
        auto sealed = row.sealed_secrets ? std::optional<std::string_view>(row.sealed_secrets->data)
                                         : std::nullopt;
        MW_CO_TRY(auto resealed,
                  crypto::reseal_json(sealer_, sealed, given, sealing_context(row.id)));
        row.sealed_secrets = pg::Bytes{std::move(resealed)};
        co_return co_await set_secrets(change.tx, row.id, *row.sealed_secrets, row.sp_certificate);
    }

    boost::json::object json(const AuthProvider& row) const {
        auto json = described_to_json(row);
        json.erase("sealed_secrets");
        json["login_url"] = login_url(public_url_, row);
        json["callback_url"] = callback_url(public_url_, row);
        json["has_client_secret"] =
            protocol_of(row.type) == Protocol::oidc && row.sealed_secrets.has_value();
        json["cert_expiry_date"] = nullptr;
        if (protocol_of(row.type) != Protocol::saml) return json;
        json["audience"] = audience(public_url_);
        json["metadata_url"] = login_url(public_url_, row) + "/metadata";
        if (auto expiry = saml::certificate_expiry(text_of(row.cert)))
            json["cert_expiry_date"] = format_iso(*expiry);
        return json;
    }

  private:
    static result<boost::json::object> read_secrets(const RequestBody& body) {
        boost::json::object given;
        JsonReader in(body);
        for (const auto* name : kSecrets) {
            std::string secret;
            in.keep(name, secret, {0, 8192});
            // A client that was not shown it sends it back empty.
            if (!secret.empty()) given[name] = secret;
        }
        MW_CHECK(in.finish());
        return given;
    }

    const crypto::Sealer& sealer_;
    BlockingPool& blocking_;
    std::string public_url_;
};

std::vector<resources::Field<AuthProvider>> fields() {
    using Row = AuthProvider;
    return {field(&Row::type, {.required = true,
                               .one_of = {"saml", "okta", "oidc", "gsuite", "azure_single_tenant",
                                          "azure_multi_tenant", "azure_active_directory"}}),
            field(&Row::slug, {.most = kSlugBytesMax}),
            field(&Row::name, {.most = 100}),
            field(&Row::allow_password_backdoor),
            field(&Row::entity_id),
            field(&Row::sso_url, {.most = 2048}),
            field(&Row::cert, {.most = 32UL * 1024}),
            field(&Row::sign_request),
            field(&Row::attribute_map, {.most = 8192}),
            field(&Row::issuer_url, {.most = 2048}),
            field(&Row::client_id),
            field(&Row::tenant_id),
            field(&Row::domain, {.most = 255}),
            field(&Row::include_indirect_groups),
            field(&Row::max_groups_to_retrieve, {.numbers = {0, 100'000}}),
            field(&Row::gsuite_admin_id),
            field(&Row::authorization_url, {.most = 2048})};
}

}  // namespace

void add_provider_endpoints(api::Api& api, pg::Pool& pool, const crypto::Sealer& sealer,
                            BlockingPool& blocking, std::string public_url) {
    auto self = std::make_shared<ProviderResource>(sealer, blocking, std::move(public_url));
    resources::add_resource(
        api, pool,
        resources::Resource<AuthProvider>{
            .noun = "auth provider",
            .table = "auth_providers",
            .area = api::Area::auth_provider,
            .fields = fields(),
            .json = [self](const AuthProvider& row) { return self->json(row); },
            .check = check,
            .written = [self](Change& change) { return self->write_secrets(change); }},
        "/api/v3/accounts/{account_id}/auth-provider/", resources::kAll);
}

}  // namespace mw::sign_on
