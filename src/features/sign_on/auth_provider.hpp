// An identity provider by which members of an account sign in, as stored.
#pragma once

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "infra/pg/value.hpp"

namespace mw::sign_on {

struct AuthProvider {
    Id id = 0;
    Id account_id = 0;
    std::string type;
    std::string slug;  // one of its own in the whole installation
    std::string name;  // on the button; empty: by its type
    bool allow_password_backdoor = true;
    std::optional<std::string> entity_id;
    std::optional<std::string> sso_url;
    std::optional<std::string> cert;
    bool sign_request = false;
    std::string attribute_map = "{}";
    std::optional<std::string> issuer_url;
    std::optional<std::string> client_id;
    std::optional<std::string> tenant_id;
    std::optional<std::string> domain;
    bool include_indirect_groups = true;
    int max_groups_to_retrieve = 250;
    std::optional<std::string> gsuite_admin_id;
    std::optional<std::string> authorization_url;
    std::optional<std::string> sp_certificate;
    std::optional<pg::Bytes> sealed_secrets;
    std::optional<Timestamp> last_used_at;
    int state = 1;
    Timestamp created_at;
    Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(AuthProvider, (),
                      (id, account_id, type, slug, name, allow_password_backdoor, entity_id,
                       sso_url, cert, sign_request, attribute_map, issuer_url, client_id, tenant_id,
                       domain, include_indirect_groups, max_groups_to_retrieve, gsuite_admin_id,
                       authorization_url, sp_certificate, sealed_secrets, last_used_at, state,
                       created_at, updated_at))

enum class Protocol { saml, oidc };

// By its type, one of those that `provider_types` lists.
Protocol protocol_of(std::string_view type);

// Where a browser begins: /enterprise-login/{slug}.
std::string login_url(std::string_view public_url, const AuthProvider& provider);
// Where the provider sends it back to: /complete/{type}.
std::string callback_url(std::string_view public_url, const AuthProvider& provider);
// By which name we are known to a SAML provider.
std::string audience(std::string_view public_url);

// Under what name its secrets are sealed.
std::string sealing_context(Id id);

}  // namespace mw::sign_on
